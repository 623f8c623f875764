#pragma once
// Medium::pair: keys of LevelDB databases.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "containers/leveldb/key_ranges.h"
#include "containers/replace_folder.h"
#include "platform/files.h"

namespace unstick::pairs {

namespace fs = std::filesystem;
using Pair = std::pair<std::string, std::string>;  ///< key, value

/// A LevelDB opened for reading that leaves no trace: everything LevelDB would write stays in memory.
/// Only databases with the bytewise comparator.
class Reader {
public:
    /// Errors: not_found if the folder is no LevelDB, denied, corrupt, unsupported (other comparator), io.
    static Result<Reader> open(const fs::path& folder);
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    /// Every live pair whose key starts with `prefix`, in key order. The views live for the call only.
    /// Errors: corrupt if a table or log is damaged (what came before was delivered).
    Result<void> each(std::string_view prefix,
                      const std::function<void(std::string_view key, std::string_view value)>& visit) const;

    /// As each, but `visit` says from where to go on: from the next key, or from the first one that is not less than
    /// what it returns. Whole ranges of keys are passed over without being read.
    using Next = std::optional<std::string>;
    Result<void> each_from(std::string_view prefix,
                           const std::function<Next(std::string_view key, std::string_view value)>& visit) const;

    /// Every live pair in some ranges, in key order. Errors: as each.
    Result<void> each_in(const std::vector<KeyRange>& ranges,
                         const std::function<void(std::string_view key, std::string_view value)>& visit) const;

    /// As each_from, of all keys that lie in the files of the database, in whatever version: live, overwritten or
    /// removed. A key may come several times; they are in order in each file only, and some may come that `visit`
    /// passed over.
    Result<void> each_version_from(std::string_view prefix,
                                   const std::function<Next(std::string_view key)>& visit) const;

    /// Errors: not_found, corrupt.
    Result<std::string> get(std::string_view key) const;

private:
    struct Impl;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Rewrites a database without `drop` and with `add`, so that no byte of what was dropped is left in its
/// folder, nor of anything else that is not live: all live pairs are copied into a fresh database that replaces it
/// (replace_folder.h).
/// Both key lists are sorted. Modes: files 0600, folder as before.
/// The new LOCK file is locked before it gets its name; that lock is returned, to be held while working.
/// Errors: as Reader::open; as replace_folder.
Result<files::Lock> rewrite(const fs::path& folder, const std::vector<std::string>& drop, const std::vector<Pair>& add,
                            const Replacing& replacing = {});

/// As rewrite, but it costs no more than the files do in which a version of those keys lies: these are written anew,
/// the other tables are shared with the old folder. No byte is left of `drop`, nor of keys in `former` that are not
/// live; what was overwritten or removed of other keys may be. A database of which not all is as LevelDB writes it is
/// rewritten as a whole.
Result<files::Lock> change(const fs::path& folder, const std::vector<std::string>& drop, const std::vector<Pair>& add,
                           const std::vector<KeyRange>& former, const Replacing& replacing = {});

}  // namespace unstick::pairs
