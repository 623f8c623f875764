#pragma once
// Host names and their addresses. Implemented in posix_names.cpp and windows_names.cpp.

#include <string>
#include <vector>

#include "../src/result.h"

namespace unstick {

/// As Host::resolve.
Result<std::vector<std::string>> resolve(const std::string& host);

}  // namespace unstick
