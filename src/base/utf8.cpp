#include "base/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/byte_reader.h"

namespace unstick {

namespace {

constexpr unsigned first_not_ascii = 0x80;

/// How much of the text, from its beginning, is ASCII. Eight bytes at a time: megabytes of stored values go through it.
std::size_t ascii_in(std::string_view text)
{
    constexpr std::uint64_t highest_bits = 0x8080808080808080;
    std::size_t size = 0;
    for (std::uint64_t eight = 0; text.size() - size >= sizeof(eight); size += sizeof(eight)) {
        std::memcpy(&eight, text.data() + size, sizeof(eight));
        if ((eight & highest_bits) != 0) {
            break;
        }
    }
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < first_not_ascii; };
    return static_cast<std::size_t>(std::find_if_not(text.begin() + size, text.end(), is_ascii) - text.begin());
}

}  // namespace

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
    const std::size_t ascii = ascii_in(bytes);
    std::string text(bytes.substr(0, ascii));
    bytes.remove_prefix(ascii);
    text.resize(ascii + 2 * bytes.size());
    std::size_t size = ascii;
    for (const char c : bytes) {  // the same steps for every byte: which are ASCII cannot be foretold
        const auto byte = static_cast<unsigned char>(c);
        const bool takes_two = byte >= first_not_ascii;
        text[size] = static_cast<char>(takes_two ? 0xc0U | byte >> 6U : byte);
        text[size + 1] = static_cast<char>(0x80U | (byte & 0x3fU));
        size += takes_two ? 2 : 1;
    }
    text.resize(size);
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
