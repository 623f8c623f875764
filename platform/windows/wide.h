#pragma once
// Text as this program has it (UTF-8) and as Windows has it (UTF-16); paths; what Windows says of an error, and of a
// file that somebody has open.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace unstick::windows {

std::wstring wide(std::string_view text);
/// What is no valid UTF-16 (names may hold anything) becomes U+FFFD.
std::string narrow(std::wstring_view text);

/// The whole path in the form that has no limit of 260 characters: `\\?\C:\...`.
std::wstring long_form(const std::filesystem::path& path);

/// The system's words for an error of GetLastError, without the full stop.
std::string words_of(unsigned long error);

/// The id of the first process that the Restart Manager names for a file; 0 if it knows none.
std::int64_t holder_of(const std::filesystem::path& file);

}  // namespace unstick::windows
