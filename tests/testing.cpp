#include "testing.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <leveldb/db.h>
#include <leveldb/iterator.h>

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
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
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
        struct stat st {};
        lstat(entry.path().c_str(), &st);
        const bool file = S_ISREG(st.st_mode);
        lines.push_back(fmt::format("{} {:o} {} {}.{:09} {}\n", fs::relative(entry.path(), folder).string(), st.st_mode,
                                    file ? st.st_size : 0, st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
                                    file ? std::hash<std::string>{}(get(entry.path())) : 0));
    }
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const auto& line : lines) {
        all += line;
    }
    return all;
}

}  // namespace unstick::testing
