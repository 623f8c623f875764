#pragma once
// What tidying up has to know of the runs that are kept, without opening each: `<state>/runs/index`. It is never the
// truth, the journals are: what it does not know just so is read from them, and before a run is erased so is that one.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "journal/journal.h"

namespace unstick {

/// Complete runs, each as it was when its folder changed last: every change of a journal changes its folder, too.
class RunIndex {
public:
    /// An empty one if the text is not whole, or of another form.
    static RunIndex from(std::string_view text);
    std::string text() const;

    std::optional<RunSummary> find(const std::string& id, std::int64_t changed_ns) const;
    void put(const RunSummary& run, std::int64_t changed_ns);
    std::size_t size() const { return runs_.size(); }

private:
    struct Known {
        RunSummary run;
        std::int64_t changed_ns = 0;
    };
    std::map<std::string, Known, std::less<>> runs_;
};

/// May the index be brought up to date?
enum class KeepIndex { no, yes };

/// As list_runs, with what the index knows. `now`: a run that changed a moment ago is not put into it, as its next
/// change might not be told from the last one.
Result<std::vector<RunSummary>> list_runs_by_index(const std::filesystem::path& state_folder, const Media& media,
                                                   std::int64_t now, KeepIndex keep);

}  // namespace unstick
