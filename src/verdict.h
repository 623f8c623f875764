#pragma once
// What a run proves, in one sentence, and its exit code. Pure.

#include <optional>

#include "report.h"

namespace unstick {

/// What a `fix` has seen and done.
struct Outcome {
    std::optional<Probe> before;  ///< none: --retest none
    std::optional<Probe> after;
    std::optional<int> expect_status;
    std::uint64_t found = 0;
    std::uint64_t removed = 0;
    bool dry_run = false;
    bool stale = false;         ///< only what findings name was looked for
    std::uint64_t spared = 0;   ///< --escalate: items that were not to be removed any more
    bool browser_runs = false;  ///< it was started again
    bool all_the_same = false;  ///< it is not this browser, but what findings name was to be removed all the same
};

/// Sets verdict, next steps and exit code of a report whose problems are complete.
///
/// Precedence of exit codes: a fault of unstick (1) and refused input (2) are set elsewhere and stay. Then, if nothing
/// was removed, a profile in use (7) and a denied permission (8) come before everything else: the work could not be
/// done. Any other problem is 3. Without problems the site's answer decides: 0, 4, 5, 6, or 9 if there was nothing.
void conclude_fix(Report& report, const Outcome& outcome);

/// `why`: 10 if findings name items; else 5 or 6 as the site answered; else as problems say, or 0. Findings that
/// nothing can be removed for change no exit code. `items`: how many were looked at.
void conclude_why(Report& report, const std::optional<int>& expect_status, std::uint64_t items);

/// `test`: 0 the site answers, 4 it refuses, 6 it cannot be reached.
void conclude_test(Report& report, const Probe& probe, const std::optional<int>& expect_status);

/// Is there no point in removing anything: a client that has nothing stored is refused too, or gets no answer?
bool is_not_this_browser(const Probe& before, const std::optional<int>& expect_status);

/// The code for problems alone: 0 if there are none.
Exit exit_of_problems(const std::vector<Error>& problems, bool anything_done);

}  // namespace unstick
