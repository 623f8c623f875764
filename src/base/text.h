#pragma once
// Small text helpers that several files need. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace unstick {

/// `bytes` made safe to print on a terminal and to put into JSON: valid UTF-8 stays, control characters
/// (escape sequences, newlines, also C1 and bidirectional overrides) and invalid bytes become \xNN or \u{N}.
std::string printable(std::string_view bytes);

/// ASCII lower case; other characters are kept.
constexpr char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// ASCII lower case; other bytes are kept.
std::string lower(std::string_view text);

/// Decimal digits only, at least one: how browsers number their own things. What is not so in a profile must not get
/// into a path.
constexpr bool is_number(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Without blanks, tabs and line ends around it.
std::string_view trimmed(std::string_view text);

/// "1 item", "12 items".
std::string count_of(std::uint64_t n, std::string_view singular, std::string_view plural);

/// "512 bytes", "3.4 KB", "12.0 MB" (powers of 1024).
std::string size_of(std::uint64_t bytes);

/// "2026-11-24T03:00:05Z"; empty for times before 1970 and after 9999.
std::string utc_of(std::int64_t unix_seconds);

/// The same at a place whose clock is ahead of UTC by so many seconds: "2026-11-24 04:00:05 +01:00".
std::string local_of(std::int64_t unix_seconds, std::int64_t offset_s);

/// Words put into lines of at most `width` columns, each indented by `indent` spaces. No newline at the end.
std::string wrapped(std::string_view text, int width, int indent);

/// Lower-case hexadecimal of the bytes.
std::string hex(std::string_view bytes);

/// A word as shells take it: in double quotes where those of Unix, cmd and PowerShell read them alike, otherwise as
/// those of Unix read it.
std::string shell_word(const std::string& word);

}  // namespace unstick
