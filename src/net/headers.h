#pragma once
// Headers of an answer or a request, in the order in which they were sent.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unstick {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What the headers of this name say, each; `name` in lower case.
std::vector<std::string> header_values(const Headers& headers, std::string_view name);

/// What the first of them says; empty if there is none.
std::string header_value(const Headers& headers, std::string_view name);

}  // namespace unstick
