#pragma once
// The beginnings from which others count time, as seconds of Unix time.

#include <cmath>
#include <cstdint>
#include <optional>

namespace unstick {

/// Windows and Chromium count from 1601-01-01 UTC, Chromium in microseconds.
inline constexpr std::int64_t unix_time_of_1601 = -11644473600;

/// Apple's systems count from 2001-01-01 UTC, in seconds.
inline constexpr std::int64_t unix_time_of_2001 = 978307200;

constexpr std::int64_t from_microseconds_since_1601(std::uint64_t microseconds)
{
    return static_cast<std::int64_t>(microseconds / 1000000) + unix_time_of_1601;
}

/// std::nullopt for what is no time: not a number, infinite, or so far away that "never" is meant.
inline std::optional<std::int64_t> from_seconds_since_2001(double seconds)
{
    constexpr double farthest = 1e12;
    if (!(std::abs(seconds) < farthest)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(std::floor(seconds)) + unix_time_of_2001;
}

}  // namespace unstick
