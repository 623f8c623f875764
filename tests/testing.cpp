#include "testing.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <vector>

#include <fmt/format.h>

namespace unstick::testing {

TempFolder::TempFolder()
{
    std::string name = (fs::temp_directory_path() / "unstick-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("mkdtemp failed");
    }
    path_ = name;
}

TempFolder::~TempFolder()
{
    std::error_code ignored;
    fs::remove_all(path_, ignored);
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
