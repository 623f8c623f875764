#pragma once
// What a binary property list becomes in memory, found out before libplist reads it: an object can be named many times,
// and each time it is made anew, so a few hundred bytes can stand for more objects than any memory holds.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unstick {

struct PropertyListLimits {
    std::size_t depth = 64;            ///< arrays and dictionaries within each other
    std::uint64_t bytes = 40U << 20U;  ///< of all objects in memory, by an estimate that is rather too high
};

/// Is the list within the limits, and are all places that it names inside of it? Says nothing on the rest of its form.
bool is_within(std::string_view binary_list, const PropertyListLimits& limits);

}  // namespace unstick
