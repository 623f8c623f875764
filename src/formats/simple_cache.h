#pragma once
// Chromium's Simple cache backend on disk (version 5 entries). Source: docs/formats-chromium.md, "Simple cache".

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../files.h"
#include "../item.h"

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

/// Key of an entry file from its first bytes. `stem` is the one that the key must have; empty: any, as of removed
/// entries. std::nullopt if magic, version, length or stem are not those of an entry.
/// `start` must hold 24 bytes and as much of the key as there is; if it is too short, `*needed` says how many bytes
/// have to be read, else it is 0.
std::optional<std::string_view> key_of_entry(std::string_view start, std::string_view stem, std::size_t* needed);

/// One entry: all its files.
struct Entry {
    std::string key;
    std::vector<std::string> files;  ///< names in the cache folder: <stem>_0, _1, _s; or one todelete_*
    std::uint64_t bytes = 0;
};

/// Reads the key of every entry in a cache folder, on all cores, and returns those for which `wanted`
/// says yes. `wanted` is called from several threads at once and must not throw.
/// Entry files that are not understood are left alone and reported in `problems`, one line in all.
/// Errors: as Folder::open.
Result<std::vector<Entry>> find_entries(const files::fs::path& folder,
                                        const std::function<bool(std::string_view key)>& wanted,
                                        std::vector<Error>& problems);

/// Stream 0 of an entry, what the cache's user keeps about it, from its file `<stem>_0`. Empty if it is not there, is
/// not understood, or is larger than this. Errors: denied, io: it could not be read.
Result<std::string> stream_0(const files::Folder& folder, const std::string& file, std::uint64_t largest);

}  // namespace unstick::simple_cache
