#pragma once
// Hashes and base64 as browsers use them in names. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace unstick {

std::string md5(std::string_view bytes);     ///< 16 bytes
std::string sha256(std::string_view bytes);  ///< 32 bytes

/// With padding, in one line.
std::string base64(std::string_view bytes);

/// std::nullopt if it is not base64 with padding in one line.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace unstick
