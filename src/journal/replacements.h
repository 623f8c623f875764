#pragma once
// How far the replacements of a run's folders have come, where they take more than one step
// (containers/replace_folder.h): a small file of the run, one line a step, each synced before the next step is taken.
// What a kill left in a profile is settled by these lines, and not by what lies there.
//
//     <run>/replacements     CONTAINER STEP NUMBER DIGEST KEPT
//
// It is there while something may be left to do.

#include <cstdint>
#include <map>
#include <optional>

#include "containers/replace_folder.h"
#include "journal/journal.h"

namespace unstick {

class Replacements {
public:
    explicit Replacements(const fs::path& run) : file_(run / file_name) {}
    static constexpr const char* file_name = "replacements";

    /// What was noted last of a container. Errors: denied, io.
    Result<std::optional<Replacement>> known(std::int64_t container);
    /// What was set aside before stays noted. Errors: denied, io: it is not noted.
    Result<void> note(std::int64_t container, Replacement replacement);
    /// Removes the notes if everything is finished.
    void end();

private:
    Result<void> load();
    Result<void> append(const std::string& line);

    fs::path file_;
    bool is_loaded_ = false;
    std::map<std::int64_t, Replacement> known_;
    std::uint64_t size_ = 0;  ///< of the lines that are whole
    std::optional<files::Output> output_;
};

namespace replacements {

/// For the media: replaces a container with its steps noted in the journal.
Replacing noted(Journal& journal, const Container& container, HeldLocks& locks);

/// As settle_replaced, by the journal.
Result<void> settle(Journal& journal, const Container& container, Hold hold);

/// An old version that could not be removed yet, and holds what was to go.
std::optional<Error> left(Journal& journal, const Container& container);

/// What a browser had made in the place of a folder and was set aside, if it is still there.
std::optional<fs::path> set_aside(Journal& journal, const Container& container);

}  // namespace replacements

}  // namespace unstick
