#include "network_key.h"

#include <nlohmann/json.hpp>

#include "byte_reader.h"
#include "digests.h"

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
    return network_key.size() > longest_key
               ? std::string()
               : top_level_site_in(nlohmann::ordered_json::parse(network_key, nullptr, false));
}

}  // namespace unstick
