#pragma once
// The values of options -> a Request.

#include <optional>
#include <string>

#include "option_values.h"

namespace unstick {

/// Fills in all that options say. `site` is the argument SITE or URL; none for commands without one.
/// Error: usage, with the option and what it has to be.
Result<void> read_request(const Values& values, const std::optional<std::string>& site, Request& request);

}  // namespace unstick
