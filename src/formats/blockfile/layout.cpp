#include "layout.h"

#include <fmt/format.h>

namespace unstick::blockfile_cache {

std::uint32_t hash_of(std::string_view data)
{
    const auto pair = [&](std::size_t offset) -> std::uint32_t { return number_at<std::uint16_t>(data, offset); };
    // A last byte counts as signed: so it is in the caches of all machines.
    const auto last = [&](std::size_t offset) {
        return static_cast<std::uint32_t>(number_at<std::int8_t>(data, offset));
    };
    if (data.empty()) {
        return 0;
    }
    auto hash = static_cast<std::uint32_t>(data.size());
    for (; data.size() >= 4; data.remove_prefix(4)) {
        hash += pair(0);
        hash = (hash << 16U) ^ (pair(2) << 11U) ^ hash;
        hash += hash >> 11U;
    }
    switch (data.size()) {
        case 3:
            hash += pair(0);
            hash ^= hash << 16U;
            hash ^= last(2) << 18U;
            hash += hash >> 11U;
            break;
        case 2:
            hash += pair(0);
            hash ^= hash << 11U;
            hash += hash >> 17U;
            break;
        case 1:
            hash += last(0);
            hash ^= hash << 10U;
            hash += hash >> 1U;
            break;
        default:
            break;
    }
    hash ^= hash << 3U;
    hash += hash >> 5U;
    hash ^= hash << 4U;
    hash += hash >> 17U;
    hash ^= hash << 25U;
    hash += hash >> 6U;
    return hash;
}

std::string external_name(Address address)
{
    return fmt::format("f_{:06x}", address.external_number());
}

}  // namespace unstick::blockfile_cache
