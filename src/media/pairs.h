#pragma once
// Medium::pair: keys of LevelDB databases. The only files that include LevelDB are pairs.cpp and its Env.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../files.h"
#include "../result.h"

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

    /// Errors: not_found, corrupt.
    Result<std::string> get(std::string_view key) const;

private:
    struct Impl;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Rewrites a database without `drop` and with `add`, so that no byte of what was dropped is left in its
/// folder: all live pairs are copied into a fresh database that replaces it (replace_folder.h).
/// Both key lists are sorted. Modes: files 0600, folder as before.
/// The new LOCK file is locked before it gets its name; that lock is returned, to be held while working.
/// Errors: as Reader::open; io (disk full), and the database is as it was. Only if the old folder cannot be removed,
/// the new one is in place all the same; `tidy_replaced` removes the rest later.
Result<files::Lock> rewrite(const fs::path& folder, const std::vector<std::string>& drop, const std::vector<Pair>& add);

}  // namespace unstick::pairs
