#pragma once
// What earlier runs left.

#include "app/context.h"

namespace unstick {

/// What was found among the runs, and done with them.
struct Tidied {
    std::vector<RunSummary> expired;  ///< were erased
    std::vector<Error> problems;
    std::vector<std::string> next;  ///< what the user can do about those that are kept
};

/// Runs that were cut off before anything changed, and complete runs whose time is over, go; in a dry run nothing goes.
/// Runs that were cut off while profiles changed stay however old they are, and are named: undoing them puts everything
/// back. So do those whose age is in doubt.
Tidied tidy_runs(const Context& context);

}  // namespace unstick
