#pragma once
// Which program has a file open.

#include <cstdint>
#include <string>

namespace unstick::windows {

/// The id of the first process that the Restart Manager names for a file; 0 if it knows none. `path` is whole, in
/// either form.
std::int64_t holder_of(std::wstring path);

}  // namespace unstick::windows
