#include "columns.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "utf8.h"

namespace unstick {

namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

/// From Unicode's EastAsianWidth.txt (W and F); neighbours are joined across code points that are not assigned.
constexpr std::array wide{
    Range{0x1100, 0x115f},   Range{0x231a, 0x231b},   Range{0x2329, 0x232a},   Range{0x23e9, 0x23ec},
    Range{0x2614, 0x2615},   Range{0x2648, 0x2653},   Range{0x26bd, 0x26be},   Range{0x2705, 0x2705},
    Range{0x2728, 0x2728},   Range{0x274c, 0x274c},   Range{0x2753, 0x2757},   Range{0x2b50, 0x2b50},
    Range{0x2e80, 0x303e},   Range{0x3041, 0x3247},   Range{0x3250, 0x4dbf},   Range{0x4e00, 0xa4cf},
    Range{0xa960, 0xa97c},   Range{0xac00, 0xd7a3},   Range{0xf900, 0xfaff},   Range{0xfe10, 0xfe19},
    Range{0xfe30, 0xfe6f},   Range{0xff01, 0xff60},   Range{0xffe0, 0xffe6},   Range{0x16fe0, 0x1b2fb},
    Range{0x1f18e, 0x1f18e}, Range{0x1f191, 0x1f19a}, Range{0x1f200, 0x1f320}, Range{0x1f32d, 0x1f335},
    Range{0x1f337, 0x1f37c}, Range{0x1f37e, 0x1f393}, Range{0x1f3a0, 0x1f3ca}, Range{0x1f3cf, 0x1f3d3},
    Range{0x1f3e0, 0x1f3f0}, Range{0x1f3f8, 0x1f43e}, Range{0x1f440, 0x1f440}, Range{0x1f442, 0x1f4fc},
    Range{0x1f4ff, 0x1f53d}, Range{0x1f54b, 0x1f567}, Range{0x1f5fb, 0x1f64f}, Range{0x1f680, 0x1f6c5},
    Range{0x1f6cc, 0x1f6df}, Range{0x1f6eb, 0x1f6ef}, Range{0x1f6f4, 0x1f6ff}, Range{0x1f90c, 0x1f9ff},
    Range{0x1fa70, 0x1faff}, Range{0x20000, 0x3fffd},
};

/// Marks of general category Mn and Me in the scripts that are met most, joiners and variation selectors.
constexpr std::array combining{
    Range{0x0300, 0x036f}, Range{0x0483, 0x0489}, Range{0x0591, 0x05bd}, Range{0x0610, 0x061a},   Range{0x064b, 0x065f},
    Range{0x0670, 0x0670}, Range{0x06d6, 0x06dc}, Range{0x06df, 0x06e4}, Range{0x0900, 0x0902},   Range{0x093c, 0x093c},
    Range{0x0941, 0x0948}, Range{0x094d, 0x094d}, Range{0x0e31, 0x0e31}, Range{0x0e34, 0x0e3a},   Range{0x0e47, 0x0e4e},
    Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff}, Range{0x200b, 0x200d}, Range{0x2060, 0x2060},   Range{0x20d0, 0x20f0},
    Range{0x3099, 0x309a}, Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}, Range{0xe0100, 0xe01ef},
};

std::size_t columns_of(std::uint32_t point)
{
    const auto is_in = [&](const Range& range) { return point >= range.first && point <= range.last; };
    if (std::any_of(combining.begin(), combining.end(), is_in)) {
        return 0;
    }
    return std::any_of(wide.begin(), wide.end(), is_in) ? 2 : 1;
}

/// How much of `text` fits into `columns`: bytes, and the columns that they take.
struct Fit {
    std::size_t bytes = 0;
    std::size_t columns = 0;
};

Fit fit(std::string_view text, std::size_t columns)
{
    Fit fits;
    while (fits.bytes < text.size()) {
        const Decoded next = decode(text.substr(fits.bytes));
        const std::size_t takes = next.length == 0 ? 1 : columns_of(next.point);
        if (fits.columns + takes > columns) {
            break;
        }
        fits.columns += takes;
        fits.bytes += std::max<std::size_t>(next.length, 1);
    }
    return fits;
}

}  // namespace

std::size_t columns_of(std::string_view text)
{
    return fit(text, std::string_view::npos).columns;
}

std::string padded(std::string_view text, std::size_t columns)
{
    return std::string(text) + std::string(columns - std::min(columns, columns_of(text)), ' ');
}

std::string cut(std::string_view text, std::size_t columns)
{
    constexpr std::string_view dots = "...";
    if (fit(text, columns).bytes == text.size()) {
        return std::string(text);
    }
    const std::string_view rest = dots.substr(0, columns);
    return std::string(text.substr(0, fit(text, columns - rest.size()).bytes)) + std::string(rest);
}

}  // namespace unstick
