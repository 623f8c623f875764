#pragma once
// Chromium's names for storage owners. Source: docs/formats-chromium.md, "How a site is named".

#include <optional>
#include <string>
#include <string_view>

#include "web/site.h"

namespace unstick {

/// A StorageKey as serialised by Chromium: `<origin>/`, `<origin>/^0<top-level site>`, `<origin>/^31`,
/// `<origin>/^1<u64>^2<u64>` (nonce), `^4..^5..^6..` (opaque top level).
struct StorageKey {
    std::string origin;          ///< "https://app.example.com:8443", no trailing slash
    std::string top_level_site;  ///< "https://example.com"; empty if first-party, nonce or opaque
    bool opaque = false;         ///< has a nonce or an opaque top level: nobody but its owner can name it
};

/// std::nullopt if it is not a storage key. Accepts a plain origin without trailing slash too (Local Storage).
std::optional<StorageKey> parse_storage_key(std::string_view text);

/// The origin or the top-level site is the site's.
bool owns_storage_key(const Site& site, std::string_view text);

}  // namespace unstick
