#include "containers/blockfile/layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace unstick::blockfile_cache {

namespace {

std::uint32_t mixed(std::uint32_t hash, std::uint32_t four)
{
    hash += four & 0xffffU;
    hash = (hash << 16U) ^ ((four >> 16U << 11U) ^ hash);  // in this order: a step less to wait for
    return hash + (hash >> 11U);
}

/// With what is left of the data.
std::uint32_t finished(std::uint32_t hash, std::string_view data)
{
    const std::size_t fours = data.size() / 4 * 4;
    for (std::size_t at = 0; at < fours; at += 4) {
        hash = mixed(hash, number_at<std::uint32_t>(data, at));
    }
    data.remove_prefix(fours);
    const auto pair = [&] { return std::uint32_t{number_at<std::uint16_t>(data, 0)}; };
    // A last byte counts as signed: so it is in the caches of all machines.
    const auto last = [&](std::size_t offset) {
        return static_cast<std::uint32_t>(number_at<std::int8_t>(data, offset));
    };
    switch (data.size()) {
        case 3:
            hash += pair();
            hash ^= hash << 16U;
            hash ^= last(2) << 18U;
            hash += hash >> 11U;
            break;
        case 2:
            hash += pair();
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

}  // namespace

std::uint32_t hash_of(std::string_view data)
{
    return data.empty() ? 0 : finished(static_cast<std::uint32_t>(data.size()), data);
}

std::pair<std::uint32_t, std::uint32_t> hashes_of(std::string_view first, std::string_view second)
{
    if (first.empty() || second.empty()) {
        return {hash_of(first), hash_of(second)};
    }
    auto hash = static_cast<std::uint32_t>(first.size());
    auto other = static_cast<std::uint32_t>(second.size());
    const std::size_t both = std::min(first.size(), second.size()) / 4 * 4;
    for (std::size_t at = 0; at < both; at += 4) {
        hash = mixed(hash, number_at<std::uint32_t>(first, at));
        other = mixed(other, number_at<std::uint32_t>(second, at));
    }
    return {finished(hash, first.substr(both)), finished(other, second.substr(both))};
}

std::string external_name(Address address)
{
    return fmt::format("f_{:06x}", address.external_number());
}

}  // namespace unstick::blockfile_cache
