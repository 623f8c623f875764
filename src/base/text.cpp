#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/display_width.h"
#include "base/utf8.h"

namespace unstick {

namespace {

/// Characters that move the cursor, start a new line, or change the order in which others are shown.
bool is_hidden(char32_t point)
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
            const auto code = static_cast<std::uint32_t>(next.point);
            text += code < 0x80 ? fmt::format("\\x{:02X}", code) : fmt::format("\\u{{{:X}}}", code);
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
    using namespace std::chrono;
    constexpr std::int64_t year_10000 = 253402300800;
    if (unix_seconds < 0 || unix_seconds >= year_10000) {
        return "";
    }
    const sys_seconds moment{seconds(unix_seconds)};
    const year_month_day date(floor<days>(moment));
    const hh_mm_ss time(moment - floor<days>(moment));
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

std::string local_of(std::int64_t unix_seconds, std::int64_t offset_s)
{
    const std::string shifted = unix_seconds > 0 ? utc_of(unix_seconds + offset_s) : std::string();
    if (shifted.empty()) {
        return {};
    }
    const std::int64_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
    return fmt::format("{} {} {}{:02}:{:02}", shifted.substr(0, 10), shifted.substr(11, 8), offset_s < 0 ? '-' : '+',
                       minutes / 60, minutes % 60);
}

std::string shell_word(const std::string& word)
{
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
        return word;
    }
    const bool same_everywhere = word.find_first_of("\"$`!") == std::string::npos &&
                                 word.find("\\\\") == std::string::npos && !word.ends_with('\\');
    if (same_everywhere) {
        return '"' + word + '"';
    }
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

}  // namespace unstick
