#pragma once
// Times in the family's SQLite databases: microseconds since 1601-01-01 UTC.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/epoch.h"

namespace unstick::chromium {

/// A piece of SQL as a template's argument.
template <std::size_t N>
struct SqlText {
    char text[N]{};

    constexpr SqlText(const char (&literal)[N]) { std::copy_n(literal, N, text); }
    constexpr std::string_view view() const { return {text, N - 1}; }
};

inline constexpr std::string_view to_unix_time = " / 1000000 - 11644473600";
static_assert(unix_time_of_1601 == -11644473600, "as in to_unix_time");

template <SqlText time>
struct UnixTime {
    static constexpr auto text = [] {
        constexpr std::string_view name = time.view();
        std::array<char, name.size() + to_unix_time.size()> all{};
        std::copy(to_unix_time.begin(), to_unix_time.end(), std::copy(name.begin(), name.end(), all.begin()));
        return all;
    }();
};

/// A time (a column, or an SQL expression) as seconds of Unix time, in SQL.
template <SqlText time>
inline constexpr std::string_view unix_time{UnixTime<time>::text.data(), UnixTime<time>::text.size()};

}  // namespace unstick::chromium
