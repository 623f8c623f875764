#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "profiles/webkit/network_cache.h"
#include "profiles/webkit/string_coder.h"

namespace unstick::webkit {

namespace {

constexpr std::size_t hash_size = 20;

std::string read_hash(ByteReader& reader)
{
    std::string digits = hex(reader.bytes(hash_size));
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    return digits;
}

}  // namespace

std::optional<CacheRecord> parse_cache_record(std::string_view start)
{
    constexpr double latest = 1e12;
    ByteReader reader(start);
    CacheRecord record;
    record.version = reader.little<std::uint32_t>();
    if (record.version < oldest_cache || record.version > newest_cache) {
        return std::nullopt;
    }
    record.partition = read_string(reader).value_or("");
    record.type = read_string(reader).value_or("");
    record.identifier = read_string(reader).value_or("");
    record.range = read_string(reader);
    record.key_hash = read_hash(reader);
    record.partition_hash = read_hash(reader);
    const auto written = reader.little<double>();
    reader.bytes(hash_size);
    record.header_size = reader.little<std::uint64_t>();
    record.body_hash = read_hash(reader);
    record.body_size = reader.little<std::uint64_t>();
    record.body_in_blob = reader.little<std::uint8_t>() == 0;
    record.written = std::abs(written) < latest ? static_cast<std::int64_t>(written) : 0;
    return reader.ok() ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace unstick::webkit
