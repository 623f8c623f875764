#pragma once
// Chromium's Simple cache backend on disk (version 5 entries). Source: docs/formats-chromium.md, "Simple cache".

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/item.h"
#include "platform/files.h"

namespace unstick::simple_cache {

/// The hosts in a key of the HTTP cache: `1/0/_dk_s_<top site> <frame site> <URL>`, older `0/<URL>`, `<URL>`.
struct HttpKey {
    std::string_view top_site;  ///< empty if the key is not partitioned
    std::string_view frame_site;
    std::string_view url;
};
/// Never fails: what is not understood is all URL.
HttpKey parse_http_key(std::string_view key);

/// Sixteen lower-case hex digits: the file name stem of a key (first 8 bytes of SHA-1, little-endian).
std::string stem_of_key(std::string_view key);

/// The key of an entry from its file's first bytes, if that is an entry: not proved by the file's name.
struct LikelyKey {
    std::string_view key;
    bool is_doubtful = false;  ///< it may begin 4 bytes earlier, as older browsers built for 32 bits wrote it
};
/// As key_of_entry.
std::optional<LikelyKey> likely_key(std::string_view start, std::size_t* needed);

/// Key of an entry file from its first bytes. `stem` is the one that the key must have; empty: any, as of removed
/// entries. std::nullopt if magic, version, length or stem are not those of an entry.
/// `start` must hold 24 bytes and as much of the key as there is; if it is too short, `*needed` says how many bytes
/// have to be read, else it is 0.
std::optional<std::string_view> key_of_entry(std::string_view start, std::string_view stem, std::size_t* needed);

/// What is looked for in a cache folder.
struct Query {
    std::function<bool(std::string_view key)> wanted;  ///< called by several threads at once, must not throw
    std::uint64_t largest_record = 0;  ///< of wanted entries stream 0 is read, too, up to this; 0: it is not
    std::size_t most = std::numeric_limits<std::size_t>::max();  ///< so many entries are looked at, not more
};

/// One entry: all its files.
struct Entry {
    std::string key;
    std::vector<std::string> files;  ///< names in the cache folder: <stem>_0, _1, _s; or one todelete_*
    std::uint64_t bytes = 0;
    Result<std::string> record;  ///< stream 0, if it was asked for: what the cache's user keeps about the entry
};

/// Reads the key of every entry in a cache folder, many at once, and returns the wanted ones. That an entry is the one
/// its file's name says is proved for those.
/// Entry files that are not understood are left alone and reported in `problems`, one line in all.
/// Errors: as Folder::open.
Result<std::vector<Entry>> find_entries(const files::fs::path& folder, const Query& query,
                                        std::vector<Error>& problems);

}  // namespace unstick::simple_cache
