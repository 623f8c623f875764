#pragma once
// Reading and writing UTF-8. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace unstick {

/// Length and code point of the UTF-8 sequence at the start of `bytes`; length 0 if it is not valid.
struct Decoded {
    std::size_t length = 0;
    char32_t point = 0;
};

/// `bytes` is not empty.
Decoded decode(std::string_view bytes);

/// Adds a code point, of at most 0x10ffff, to a text. It may be half of a surrogate pair.
void append_utf8(std::string& text, char32_t point);

/// Latin-1 as UTF-8.
std::string from_latin1(std::string_view bytes);

/// UTF-16LE as UTF-8; halves of pairs become U+FFFD.
std::string from_utf16(std::string_view bytes);

/// A text in the form in which equal characters are equal bytes (Unicode's NFC). What is not valid UTF-8 stays as it
/// is.
std::string composed(const std::string& text);

}  // namespace unstick
