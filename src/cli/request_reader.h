#pragma once
// The values of options -> a Request.

#include <string>
#include <vector>

#include "cli/option_values.h"

namespace unstick {

/// Fills in all that options say. `sites` are the arguments SITE or URL; none for commands without one. Those
/// after the first go into Request::more_sites.
/// Error: usage, with the option and what it has to be.
Result<void> read_request(const Values& values, const std::vector<std::string>& sites, Request& request);

}  // namespace unstick
