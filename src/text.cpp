#include "text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "columns.h"
#include "utf8.h"

namespace unstick {

namespace {

/// Characters that move the cursor, start a new line, or change the order in which others are shown.
bool is_hidden(std::uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x200e || point == 0x200f || point == 0x061c ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

}  // namespace

std::string printable(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const Decoded next = decode(bytes);
        if (next.length == 0) {
            text += fmt::format("\\x{:02X}", static_cast<unsigned char>(bytes.front()));
            bytes.remove_prefix(1);
            continue;
        }
        if (is_hidden(next.point)) {
            text += next.point < 0x80 ? fmt::format("\\x{:02X}", next.point) : fmt::format("\\u{{{:X}}}", next.point);
        } else {
            text += bytes.substr(0, next.length);
        }
        bytes.remove_prefix(next.length);
    }
    return text;
}

std::string lower(std::string_view text)
{
    std::string result(text);
    for (char& c : result) {
        c = to_lower(c);
    }
    return result;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

void append_utf8(std::string& text, std::uint32_t point)
{
    const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    const auto add_rest = [&](unsigned shift) { add(0x80U | (point >> shift & 0x3fU)); };
    if (point < 0x80) {
        add(point);
    } else if (point < 0x800) {
        add(0xc0U | point >> 6U);
        add_rest(0);
    } else if (point < 0x10000) {
        add(0xe0U | point >> 12U);
        add_rest(6);
        add_rest(0);
    } else {
        add(0xf0U | point >> 18U);
        add_rest(12);
        add_rest(6);
        add_rest(0);
    }
}

std::string count_of(std::uint64_t n, std::string_view singular, std::string_view plural)
{
    return fmt::format("{} {}", n, n == 1 ? singular : plural);
}

std::string size_of(std::uint64_t bytes)
{
    if (bytes < 1024) {
        return count_of(bytes, "byte", "bytes");
    }
    constexpr std::array<const char*, 4> units{"KB", "MB", "GB", "TB"};
    double size = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (size >= 1024 && unit + 1 < units.size()) {
        size /= 1024;
        ++unit;
    }
    return fmt::format("{:.1f} {}", size, units[unit]);
}

std::string wrapped(std::string_view text, int width, int indent)
{
    const std::string margin(static_cast<std::size_t>(indent), ' ');
    std::string lines = margin;
    std::size_t column = margin.size();
    bool first = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        const std::size_t columns = columns_of(word);
        if (!first && column + 1 + columns > static_cast<std::size_t>(width)) {
            lines += "\n" + margin;
            column = margin.size();
            first = true;
        }
        lines += (first ? "" : " ") + std::string(word);
        column += columns + (first ? 0 : 1);
        first = false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 0xfU];
    }
    return text;
}

std::string utc_of(std::int64_t unix_seconds)
{
    constexpr std::int64_t year_10000 = 253402300800;
    return unix_seconds < 0 || unix_seconds >= year_10000
               ? ""
               : fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(unix_seconds)));
}

}  // namespace unstick
