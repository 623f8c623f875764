#pragma once
// What several tests need.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "catch.h"

namespace unstick::testing {

namespace fs = std::filesystem;

/// A fresh folder, removed at the end of the test.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    const fs::path& path() const { return path_; }
    fs::path operator/(std::string_view name) const { return path_ / name; }

private:
    fs::path path_;
};

/// Writes a file, making its folders.
void put(const fs::path& file, std::string_view content);
std::string get(const fs::path& file);

/// Pairs of a LevelDB, as LevelDB itself writes and reads them.
using Pairs = std::map<std::string, std::string>;
/// Adds them to a database, made if it is not there. Leaves them in its log; `compact` moves all into a table.
void put_pairs(const fs::path& folder, const Pairs& pairs, bool compact = false);
Pairs get_pairs(const fs::path& folder);

/// The value of UNSTICK_REALDATA; empty, after a warning, if it is not set: then skip.
fs::path real_data();

/// One line for each name below a folder: path, type, mode, size, modification time, checksum of the content.
/// Two equal snapshots: nothing was changed, added or removed.
std::string snapshot(const fs::path& folder);

}  // namespace unstick::testing
