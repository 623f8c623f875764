#pragma once
// Host names and their addresses.

#include <string>
#include <vector>

#include "../src/result.h"

namespace unstick {

/// As Host::resolve.
Result<std::vector<std::string>> resolve(const std::string& host);

}  // namespace unstick
