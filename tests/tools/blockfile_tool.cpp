// Changes a blockfile cache from the command line, for tests with a real browser:
//   blockfile_tool list FOLDER SUBSTRING            prints how many keys, how many of them hold SUBSTRING
//   blockfile_tool remove FOLDER SUBSTRING
//   blockfile_tool save FOLDER SUBSTRING KEPT       writes the entries and their large files into the folder KEPT
//   blockfile_tool insert FOLDER KEPT

#include <fstream>
#include <iostream>
#include <iterator>

#include "containers/blockfile/cache.h"

using namespace unstick;
namespace fs = std::filesystem;

namespace {

[[noreturn]] void stop(const Error& error)
{
    std::cerr << error.where << ": " << error.what << "; " << error.hint << '\n';
    std::exit(1);
}

template <class T>
T must(Result<T> result)
{
    if (!result) {
        stop(result.error());
    }
    return std::move(*result);
}

std::vector<std::string> keys_with(const fs::path& folder, const std::string& text, std::size_t* all = nullptr)
{
    std::vector<std::string> keys;
    const auto entries = must(blockfile_cache::list(folder));
    for (const auto& entry : entries) {
        if (entry.key.find(text) != std::string::npos) {
            keys.push_back(entry.key);
        }
    }
    if (all != nullptr) {
        *all = entries.size();
    }
    return keys;
}

void save(const fs::path& folder, const std::string& text, const fs::path& kept)
{
    fs::create_directories(kept);
    const auto saved = must(blockfile_cache::save(folder, keys_with(folder, text)));
    std::size_t files = 0;
    for (std::size_t i = 0; i < saved.size(); ++i) {
        std::ofstream(kept / ("entry" + std::to_string(i)), std::ios::binary) << blockfile_cache::pack(saved[i]);
        for (const auto& stream : saved[i].streams) {
            if (!stream.file.empty()) {
                fs::copy_file(folder / stream.file, kept / stream.file);
                ++files;
            }
        }
    }
    std::cout << saved.size() << ' ' << files << '\n';
}

void insert(const fs::path& folder, const fs::path& kept)
{
    std::vector<blockfile_cache::Saved> saved;
    for (const auto& entry : fs::directory_iterator(kept)) {
        if (entry.path().filename().string().starts_with("entry")) {
            std::ifstream stream(entry.path(), std::ios::binary);
            saved.push_back(must(blockfile_cache::unpack(std::string(std::istreambuf_iterator<char>(stream), {}))));
        }
    }
    const auto inserted = must(blockfile_cache::insert(folder, saved, kept));
    std::cout << inserted.count << ' ' << inserted.came_back.size() << '\n';
}

}  // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 3 && words[0] == "list") {
        std::size_t all = 0;
        const auto keys = keys_with(words[1], words[2], &all);
        std::cout << all << ' ' << keys.size() << '\n';
    } else if (words.size() == 3 && words[0] == "remove") {
        std::cout << must(blockfile_cache::remove(words[1], keys_with(words[1], words[2]))) << '\n';
    } else if (words.size() == 4 && words[0] == "save") {
        save(words[1], words[2], words[3]);
    } else if (words.size() == 3 && words[0] == "insert") {
        insert(words[1], words[2]);
    } else {
        std::cerr << "usage: blockfile_tool list|remove FOLDER TEXT | save FOLDER TEXT KEPT | insert FOLDER KEPT\n";
        return 2;
    }
}
