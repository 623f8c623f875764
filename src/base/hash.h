#pragma once
// Hashes and base64 as browsers use them in names. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace unstick {

std::string md5(std::string_view bytes);     ///< 16 bytes
std::string sha1(std::string_view bytes);    ///< 20 bytes
std::string sha256(std::string_view bytes);  ///< 32 bytes

/// With padding, in one line.
std::string base64(std::string_view bytes);

/// std::nullopt if it is not base64 with padding in one line.
std::optional<std::string> from_base64(std::string_view text);

/// The alphabet for URLs and file names, without padding (RFC 4648 section 5).
std::string base64url(std::string_view bytes);

/// Is it a digit of that alphabet?
bool is_base64url_digit(char c);

/// What digits of that alphabet stand for. A last digit that stands for no whole byte is left out.
/// std::nullopt if there is anything but digits.
std::optional<std::string> from_base64url(std::string_view digits);

}  // namespace unstick
