#pragma once
// WebKit's network cache, `WebKitCache` or `NetworkCache`, of Safari and WebKitGTK:
//
//     Version N/salt                                          other names depend on it: never touched
//     Version N/Records/<partition hash>/<type>/<key hash>         one record
//     Version N/Records/<partition hash>/<type>/<key hash>-blob    its body, if it is large: a hard link to
//     Version N/Blobs/<body hash>                                  shared by records with the same body
//
// Types are `Resource` (a response) and `SubResources` (what a page loaded last time). A record's partition is the
// registrable domain of the top-level page on macOS, empty on Linux. WebKit deletes blobs that no record links to any
// more when it starts. Checked against WebKitGTK 2.50 (version 17; its Cache Storage writes version 16); version 18 is
// laid out the same as far as is known.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "model/item.h"
#include "web/site.h"

namespace unstick {

namespace webkit {

inline constexpr std::uint32_t oldest_cache = 16;
inline constexpr std::uint32_t newest_cache = 18;

/// What a record says at its beginning. Texts are UTF-8.
struct CacheRecord {
    std::uint32_t version = 0;
    std::string partition;
    std::string type;
    std::string identifier;            ///< URL without fragment
    std::optional<std::string> range;  ///< of a partial response
    std::string key_hash;              ///< 40 upper-case hex digits: the file's name
    std::string partition_hash;        ///< as much: the name of the folder above the type's
    std::int64_t written = 0;          ///< Unix seconds
    std::uint64_t header_size = 0;
    std::string body_hash;  ///< as much: the name of a large body in `Blobs`
    std::uint64_t body_size = 0;
    bool body_in_blob = false;  ///< the body is in `<key hash>-blob`
};

/// Reads a record (webkit_record.cpp) from its first bytes. std::nullopt if they are too few, no record, or of an
/// unknown version.
std::optional<CacheRecord> parse_cache_record(std::string_view start);

}  // namespace webkit

/// Records of the site's URLs in any partition, and of all URLs in the site's own partition, with their bodies, but
/// for bodies that a record that stays has too.
/// Records that are not understood are left, and reported in one line; so is a newer version than is known. Empty ones
/// hold nothing, and an older version than is known is read by no browser of today: that is a note.
Found find_webkit_cache(const std::filesystem::path& folder, const Site& site);

}  // namespace unstick
