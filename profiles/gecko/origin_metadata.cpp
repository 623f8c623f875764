#include "profiles/gecko/origin_metadata.h"

#include <string>

#include "base/byte_reader.h"

namespace unstick::gecko {

std::optional<OriginMetadata> parse_origin_metadata(std::string_view content)
{
    constexpr std::uint64_t us_per_s = 1'000'000;
    ByteReader reader(content);
    const std::uint64_t high = reader.big32();
    const std::uint64_t used = high << 32U | reader.big32();
    reader.bytes(1);  // kept whatever happens
    reader.big32();   // flags
    reader.big32();   // the day of its last maintenance
    const std::string_view suffix = reader.bytes(reader.big32());
    reader.bytes(reader.big32());  // the group: its site
    const std::string_view whole = reader.bytes(reader.big32());
    if (!reader.ok()) {
        return std::nullopt;
    }
    // The origin has the suffix at its end; older versions wrote it without.
    const bool has_suffix = whole.find('^') != whole.npos;
    const auto origin = parse_origin(has_suffix ? std::string(whole) : std::string(whole) + std::string(suffix));
    if (!origin) {
        return std::nullopt;
    }
    return OriginMetadata{*origin, used > 0 ? std::optional(static_cast<std::int64_t>(used / us_per_s)) : std::nullopt};
}

}  // namespace unstick::gecko
