#include "base/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/byte_reader.h"

namespace unstick {

Decoded decode(std::string_view bytes)
{
    constexpr std::size_t longest = 4;
    utf8proc_int32_t point = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                                         static_cast<utf8proc_ssize_t>(std::min(bytes.size(), longest)), &point);
    return length <= 0 ? Decoded{} : Decoded{static_cast<std::size_t>(length), static_cast<char32_t>(point)};
}

void append_utf8(std::string& text, char32_t point)
{
    constexpr char32_t first_not_ascii = 0x80;
    if (point < first_not_ascii) {  // most of what there is
        text.push_back(static_cast<char>(point));
        return;
    }
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes.data());
    text.append(bytes.begin(), bytes.begin() + length);
}

std::string from_latin1(std::string_view bytes)
{
    const auto is_ascii = [](char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; };
    std::string text;
    text.reserve(bytes.size());
    for (auto at = bytes.begin(); at != bytes.end();) {
        const auto end = std::find_if_not(at, bytes.end(), is_ascii);
        text.append(at, end);
        at = end;
        for (; at != bytes.end() && !is_ascii(*at); ++at) {
            const auto byte = static_cast<unsigned char>(*at);
            text.push_back(static_cast<char>(0xc0U | (byte >> 6U)));
            text.push_back(static_cast<char>(0x80U | (byte & 0x3fU)));
        }
    }
    return text;
}

std::string from_utf16(std::string_view bytes)
{
    constexpr char32_t replacement = 0xfffd;
    const auto is_high = [](char32_t unit) { return unit >= 0xd800 && unit < 0xdc00; };
    const auto is_low = [](char32_t unit) { return unit >= 0xdc00 && unit < 0xe000; };
    std::string text;
    text.reserve(bytes.size() / 2);
    ByteReader reader(bytes);
    while (reader.rest().size() >= sizeof(char16_t)) {
        const char32_t unit = reader.little<char16_t>();
        const char32_t next = reader.rest().empty() ? 0 : ByteReader(reader.rest()).little<char16_t>();
        if (is_high(unit) && is_low(next)) {
            reader.little<char16_t>();
            append_utf8(text, 0x10000 + ((unit - 0xd800) << 10U) + (next - 0xdc00));
        } else {
            append_utf8(text, is_high(unit) || is_low(unit) ? replacement : unit);
        }
    }
    return text;
}

std::string composed(const std::string& text)
{
    utf8proc_uint8_t* result = nullptr;
    const auto size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &result, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (size < 0) {
        return text;
    }
    std::string form(reinterpret_cast<const char*>(result), static_cast<std::size_t>(size));
    std::free(result);
    return form;
}

}  // namespace unstick
