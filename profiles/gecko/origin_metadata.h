#pragma once
// `.metadata-v2` in the folder of an origin: whose it is, and when it was last used. Source: docs/formats-firefox.md,
// "Storage of an origin".

#include <cstdint>
#include <optional>
#include <string_view>

#include "profiles/gecko/origin.h"

namespace unstick::gecko {

struct OriginMetadata {
    Origin origin;
    std::optional<std::int64_t> used;  ///< Unix seconds
};

/// Reads such a file. std::nullopt if it is none.
std::optional<OriginMetadata> parse_origin_metadata(std::string_view content);

}  // namespace unstick::gecko
