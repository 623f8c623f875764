#include "testing.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <leveldb/db.h>
#include <leveldb/iterator.h>

#include "../src/files.h"

namespace unstick::testing {

namespace {

std::unique_ptr<leveldb::DB> open_pairs(const fs::path& folder, bool create)
{
    fs::create_directories(folder.parent_path());
    leveldb::Options options;
    options.create_if_missing = create;
    leveldb::DB* database = nullptr;
    const leveldb::Status status = leveldb::DB::Open(options, folder.string(), &database);
    if (!status.ok()) {
        throw std::runtime_error("LevelDB: " + status.ToString());
    }
    return std::unique_ptr<leveldb::DB>(database);
}

}  // namespace

TempFolder::TempFolder()
{
    auto folder = files::make_temporary_folder("unstick-test-");
    if (!folder) {
        throw std::runtime_error(folder.error().what);
    }
    path_ = *folder;
}

TempFolder::~TempFolder()
{
    (void)files::remove_tree(path_);
}

void put(const fs::path& file, std::string_view content)
{
    fs::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!stream) {
        throw std::runtime_error("cannot write " + file.string());
    }
}

std::string get(const fs::path& file)
{
    std::ostringstream content;
    content << std::ifstream(file, std::ios::binary).rdbuf();
    return content.str();
}

void put_pairs(const fs::path& folder, const Pairs& pairs, bool compact)
{
    const auto database = open_pairs(folder, true);
    for (const auto& [key, value] : pairs) {
        if (const auto status = database->Put({}, key, value); !status.ok()) {
            throw std::runtime_error("LevelDB: " + status.ToString());
        }
    }
    if (compact) {
        database->CompactRange(nullptr, nullptr);
    }
}

Pairs get_pairs(const fs::path& folder)
{
    const auto database = open_pairs(folder, false);
    const std::unique_ptr<leveldb::Iterator> iterator(database->NewIterator({}));
    Pairs pairs;
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
        pairs.emplace(iterator->key().ToString(), iterator->value().ToString());
    }
    if (!iterator->status().ok()) {
        throw std::runtime_error("LevelDB: " + iterator->status().ToString());
    }
    return pairs;
}

std::string snapshot(const fs::path& folder)
{
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto status = entry.symlink_status();
        const bool file = fs::is_regular_file(status);
        const bool link = fs::is_symlink(status);
        lines.push_back(fmt::format("{} {} {:o} {} {} {}\n", fs::relative(entry.path(), folder).string(),
                                    static_cast<int>(status.type()), static_cast<unsigned>(status.permissions()),
                                    file ? entry.file_size() : 0,
                                    link ? 0 : entry.last_write_time().time_since_epoch().count(),
                                    file   ? std::to_string(std::hash<std::string>{}(get(entry.path())))
                                    : link ? fs::read_symlink(entry.path()).string()
                                           : ""));
    }
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const auto& line : lines) {
        all += line;
    }
    return all;
}

}  // namespace unstick::testing
