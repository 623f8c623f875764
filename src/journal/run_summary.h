#pragma once
// What there is to say of a run without reading what it holds.

#include <cstdint>
#include <string>

namespace unstick {

struct RunSummary {
    std::string id;
    std::int64_t when = 0;     ///< Unix seconds
    std::int64_t changed = 0;  ///< when its folder changed last, by the file system; 0 if it does not say
    std::string site;
    std::string state;  ///< "preparing", "applying", "done", "undoing", "undone"; "damaged": it cannot be read;
                        ///< "other-version": another version of unstick made it; "not-ours": somebody else
                        ///< made it, or can write to it
    std::uint64_t profiles = 0;
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;  ///< of the run's folder
    bool unsettled = false;   ///< folders that it replaced may have left something beside them
};

}  // namespace unstick
