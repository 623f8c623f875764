#pragma once
// Chromium's name for the partition of its network memory (a NetworkAnonymizationKey) in JSON files and databases.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "web/site.h"

namespace unstick {

/// The top-level site, "https://example.com", in `["<base64>", <is cross-site>, <network partition>]`. The base64 is a
/// record of that text: the size of what follows, its length (32 bits each, little-endian), the text, zeros up to a
/// multiple of 4. Empty if there is no partition, or if it is not such a key. As seen in files of Chromium 156.
std::string top_level_site_in(const nlohmann::ordered_json& network_key);

/// The same of a key as text.
std::string top_level_site_of(std::string_view network_key);

/// The top-level site in the key is the site's.
bool owns_network_key(const Site& site, std::string_view network_key);

}  // namespace unstick
