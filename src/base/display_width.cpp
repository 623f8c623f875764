#include "base/display_width.h"

#include <utf8proc.h>

#include <algorithm>

#include "base/utf8.h"

namespace unstick {

namespace {

/// A byte that belongs to no character is shown as one.
std::size_t columns_of(const Decoded& character)
{
    return character.length == 0
               ? 1
               : static_cast<std::size_t>(utf8proc_charwidth(static_cast<utf8proc_int32_t>(character.point)));
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
        const std::size_t takes = columns_of(next);
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
