#pragma once
// Files of Firefox that are compressed as a whole (`.jsonlz4`, `.baklz4`): the eight bytes "mozLz40" and zero, the size
// of the content in four bytes, the lowest first, and one LZ4 block. Source: docs/formats-firefox.md, "Sessions".

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace unstick::moz_lz4 {

/// The content of such a file. Errors: corrupt if it is none, or its block does not give as many bytes as it says;
/// unsupported if these are more than `largest`.
Result<std::string> unpack(std::string_view file, std::uint64_t largest);

/// A file with this content. Errors: unsupported if it is too large for the format.
Result<std::string> pack(std::string_view content);

}  // namespace unstick::moz_lz4
