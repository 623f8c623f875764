#include "profiles/chromium/network_key.h"

#include <nlohmann/json.hpp>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/limited_json.h"

namespace unstick {

std::string top_level_site_in(const nlohmann::ordered_json& network_key)
{
    if (!network_key.is_array() || network_key.empty() || !network_key.front().is_string()) {
        return {};
    }
    const std::string record = from_base64(network_key.front().get<std::string>()).value_or("");
    ByteReader reader(record);
    const auto size = reader.little<std::uint32_t>();
    if (size != reader.rest().size()) {
        return {};
    }
    const std::string site(reader.bytes(reader.little<std::uint32_t>()));
    return reader.ok() ? site : std::string();
}

std::string top_level_site_of(std::string_view network_key)
{
    constexpr std::size_t longest_key = 4096;
    return network_key.size() > longest_key ? std::string()
                                            : top_level_site_in(json_or_discarded<nlohmann::ordered_json>(network_key));
}

bool owns_network_key(const Site& site, std::string_view network_key)
{
    return site.owns_partition(top_level_site_of(network_key));
}

}  // namespace unstick
