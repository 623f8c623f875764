#pragma once
// Text as this program has it (UTF-8) and as Windows has it (UTF-16), and what Windows says of an error.

#include <string>
#include <string_view>

namespace unstick::windows {

std::wstring wide(std::string_view text);
/// What is no valid UTF-16 (names may hold anything) becomes U+FFFD.
std::string narrow(std::wstring_view text);

/// The system's words for an error of GetLastError, without the full stop.
std::string words_of(unsigned long error);

}  // namespace unstick::windows
