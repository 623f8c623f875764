#pragma once
// For fuzz targets whose input is files: a folder in memory, and the form in which an input says what to put into it.

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unstick::fuzz {

namespace fs = std::filesystem;

/// An empty folder, removed at the end of the program.
class Place {
public:
    explicit Place(const char* name)
        : path_((fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) /
                ("unstick-fuzz-" + std::string(name) + "-" + std::to_string(::getpid())))
    {
        fs::create_directories(path_);
    }
    ~Place()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// A file: path, content. If the path ends with '@', a symbolic link of the name without it, to the content.
using NamedFile = std::pair<std::string, std::string_view>;

/// One file after the other: path, 0, size in three bytes (little-endian), content. What is cut off ends where it does.
inline std::vector<NamedFile> read_archive(std::string_view bytes)
{
    std::vector<NamedFile> files;
    while (bytes.find('\0') != bytes.npos) {
        const std::string path(bytes.substr(0, bytes.find('\0')));
        bytes.remove_prefix(path.size() + 1);
        std::size_t size = 0;
        for (unsigned i = 0; i < 3 && i < bytes.size(); ++i) {
            size |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])) << 8U * i;
        }
        bytes.remove_prefix(std::min<std::size_t>(3, bytes.size()));
        files.emplace_back(path, bytes.substr(0, size));
        bytes.remove_prefix(files.back().second.size());
    }
    return files;
}

/// Puts the files below `root`, and never anywhere else: names that lead out of it, or through a link, are left out.
inline void unpack(const std::vector<NamedFile>& files, const fs::path& root)
{
    for (const auto& [name, content] : files) {
        const bool is_link = name.ends_with('@');
        const fs::path path(name.substr(0, name.size() - (is_link ? 1 : 0)));
        std::error_code error;
        fs::path parent = root;
        bool inside = !path.is_absolute();
        for (const fs::path& part : path.parent_path()) {
            parent /= part;
            inside = inside && part != ".." && !fs::is_symlink(fs::symlink_status(parent, error));
        }
        const fs::path full = root / path;
        if (!inside || path.filename() == ".." || fs::is_symlink(fs::symlink_status(full, error))) {
            continue;
        }
        fs::create_directories(parent, error);
        if (is_link) {
            fs::create_symlink(std::string(content), full, error);
        } else if (!fs::is_directory(full, error)) {
            std::ofstream(full, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
        }
    }
}

}  // namespace unstick::fuzz
