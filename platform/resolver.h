#pragma once
// Host names and their addresses.

#include <string>
#include <vector>

#include "base/result.h"

namespace unstick {

/// As Network::resolve.
Result<std::vector<std::string>> resolve(const std::string& host);

/// Has this computer a way to addresses outside of its own network? Asks its own tables; nothing is sent.
bool has_way_out();

}  // namespace unstick
