#pragma once
// What several tests need.

#include <filesystem>
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

/// One line for each name below a folder: path, type, mode, size, modification time, checksum of the content.
/// Two equal snapshots: nothing was changed, added or removed.
std::string snapshot(const fs::path& folder);

}  // namespace unstick::testing
