#pragma once
// Folders in which WebKit keeps the storage of an origin, named by salted hashes. Each has a file `origin`, which says
// whose it is: a top-level origin, and the origin of the page or frame in it.
//
//     general storage (Safari 17, WebKitGTK 6.0)      <root>/<hash of top>/<hash of client>/origin
//     Cache Storage, older                            <root>/<hash of both>/origin
//
// The folder of an origin holds LocalStorage, IndexedDB, FileSystem and more. The file `salt` in a root is what all
// names were made with: never touched. Checked against WebKitGTK 2.50 and a folder that WebKit wrote on macOS.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "model/item.h"
#include "web/site.h"

namespace unstick {

namespace webkit {

/// As WebKit takes an origin apart.
struct Origin {
    std::string scheme;
    std::string host;                   ///< IPv6 in brackets
    std::optional<std::uint16_t> port;  ///< if it is not the scheme's own

    /// "https://example.com:8443".
    std::string text() const;
};

/// Whose data a folder is: of `client`, in pages of `top`. The same for a first party.
struct Owners {
    Origin top;
    Origin client;
};

/// Reads a file `origin`. std::nullopt if it is anything else, or longer.
std::optional<Owners> parse_origin_file(std::string_view content);

}  // namespace webkit

/// General storage: the folders of the site's origins under any other, and of any others under the site's.
/// A folder that does not say whose it is stays, and is reported if there is anything in it.
Found find_webkit_origins(const std::filesystem::path& root, const Site& site);

/// The same for Cache Storage where it has a root of its own (`CacheStorage`: Safari 16, WebKitGTK).
Found find_webkit_cache_storage(const std::filesystem::path& root, const Site& site);

}  // namespace unstick
