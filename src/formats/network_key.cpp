#include "network_key.h"

#include <openssl/evp.h>

#include <nlohmann/json.hpp>

#include "byte_reader.h"

namespace unstick {

namespace {

constexpr std::size_t longest_key = 4096;

/// Empty if it is not base64.
std::string from_base64(const std::string& text)
{
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = text.size() % 4 == 0 ? EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                                            reinterpret_cast<const unsigned char*>(text.data()),
                                                            static_cast<int>(text.size()))
                                          : -1;
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return bytes;
}

}  // namespace

std::string top_level_site_of(std::string_view network_key)
{
    if (network_key.size() > longest_key) {
        return {};
    }
    const auto parsed = nlohmann::json::parse(network_key, nullptr, false);
    if (!parsed.is_array() || parsed.empty() || !parsed[0].is_string()) {
        return {};
    }
    const std::string record = from_base64(parsed[0].get<std::string>());
    ByteReader reader(record);
    reader.little<std::uint32_t>();  // the size of what follows
    const auto length = reader.little<std::uint32_t>();
    return std::string(reader.bytes(length));
}

}  // namespace unstick
