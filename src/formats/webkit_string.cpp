#include "webkit_string.h"

#include <algorithm>

#include "../text.h"

namespace unstick::webkit {

namespace {

constexpr char32_t replacement = 0xfffd;

std::string from_latin1(std::string_view bytes)
{
    // Mostly it is ASCII.
    if (std::none_of(bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; })) {
        return std::string(bytes);
    }
    std::string text;
    text.reserve(bytes.size());
    for (const char c : bytes) {
        append_utf8(text, static_cast<unsigned char>(c));
    }
    return text;
}

std::string from_utf16(std::string_view bytes)
{
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

}  // namespace

std::optional<std::string> read_string(ByteReader& reader)
{
    constexpr std::uint32_t null = 0xffffffff;
    const auto length = reader.little<std::uint32_t>();
    if (!reader.ok() || length == null) {
        return std::nullopt;
    }
    const bool is_8bit = reader.little<std::uint8_t>() != 0;
    const std::string_view bytes = reader.bytes(std::uint64_t{length} * (is_8bit ? 1 : 2));
    if (!reader.ok()) {
        return std::nullopt;
    }
    return is_8bit ? from_latin1(bytes) : from_utf16(bytes);
}

}  // namespace unstick::webkit
