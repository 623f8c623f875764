#pragma once
// Chromium's blockfile cache: what Chrome on Windows keeps its HTTP cache in. Its entries share files, so one is taken
// out by unlinking it from a chain of look-ups and a list in order of use, and by freeing the blocks it stands in.
// Source: docs/formats-chromium.md, "Blockfile cache".
//
// All functions check the whole structure first and fail before they change anything if a part of it is not as it must
// be (corrupt, unsupported): their hint then says how to remove the whole cache. Other errors: not_found, denied, io.

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/files.h"

namespace unstick::blockfile_cache {

/// What is kept under one key: one entry and, of resources fetched in ranges, the entries that hold their pieces.
struct Entry {
    std::string key;
    std::uint64_t bytes = 0;         ///< keys and data
    std::vector<std::string> files;  ///< names of those in the folder that are its alone (`f_00001a`)
};

/// Says which keys are asked for; none given: all. Several threads ask at once.
using Wanted = std::function<bool(std::string_view key)>;

/// All wanted keys of a cache, also those of entries that the browser has evicted (only the key is left) or was about
/// to delete. In no order. Changes nothing.
Result<std::vector<Entry>> list(const files::fs::path& folder, const Wanted& wanted = {});

/// Removes all that `list` shows under these keys; keys that are not there do not matter. Returns how many there were.
/// Works in place and in several steps: give it a copy of the folder. After an error throw the copy away.
Result<std::size_t> remove(const files::fs::path& folder, std::span<const std::string> keys);

/// One entry, apart from its cache.
struct Saved {
    struct Stream {
        std::uint32_t size = 0;
        std::string bytes;  ///< all of it, or empty if it is in `file`
        std::string file;   ///< name in the folder of the cache
    };
    std::string key;
    std::int32_t reuse_count = 0;
    std::int32_t refetch_count = 0;
    std::int32_t state = 0;  ///< 0: normal, 1: evicted
    std::uint32_t flags = 0;
    std::uint64_t created = 0;
    std::uint64_t last_used = 0;
    std::uint64_t last_modified = 0;
    std::uint8_t list = 0;  ///< 0 to 4; 5: none
    std::array<Stream, 4> streams;
};

/// The key that `list` shows it under.
std::string_view owner_of(const Saved& saved);

/// What is longer than this stays in its file and must be kept beside what `save` returns.
inline constexpr std::uint32_t longest_saved_inline = 1U << 20U;

/// Reads all that `list` shows under these keys. Leaves out what the browser itself would throw away when it met it:
/// half-written entries, and such as have lost their files. Changes nothing.
Result<std::vector<Saved>> save(const files::fs::path& folder, std::span<const std::string> keys);

/// A saved entry as bytes of a form of our own, and back. Errors: corrupt.
std::string pack(const Saved& saved);
Result<Saved> unpack(std::string_view bytes);

/// What `insert` did.
struct Inserted {
    std::size_t count = 0;
    std::vector<std::string> came_back;  ///< keys that are in the cache again: these were left as they are
};

/// Puts saved entries into the cache, which may have changed since. `kept` is the folder with the files that they name.
/// Works in place, as `remove`. Errors also: unsupported if the cache has no room for them.
Result<Inserted> insert(const files::fs::path& folder, std::span<const Saved> entries, const files::fs::path& kept);

}  // namespace unstick::blockfile_cache
