// Runs a fuzz target once over every file of a folder: keeps what fuzzing has found found, without libFuzzer. All
// targets are in this one program, each by a name of its own.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

using Target = int(const std::uint8_t*, std::size_t);

#define TARGET(name) extern "C" Target fuzz_##name;
#include "fuzz_targets.inc"
#undef TARGET

namespace {

#define TARGET(name) {#name, fuzz_##name},
const std::map<std::string, Target*> targets{
#include "fuzz_targets.inc"
};
#undef TARGET

}  // namespace

int main(int argc, char** argv)
{
    namespace fs = std::filesystem;
    const auto target = targets.find(argc == 3 ? argv[1] : "");
    const fs::path folder = argc == 3 ? argv[2] : "";
    if (target == targets.end() || !fs::is_directory(folder)) {
        std::fprintf(stderr, "usage: %s TARGET FOLDER\n", argv[0]);
        return 2;
    }
    std::vector<fs::path> files(fs::directory_iterator(folder), {});
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        std::printf("%s\n", file.filename().c_str());
        std::fflush(stdout);  // the last name is that of the input that ends the program
        std::ifstream stream(file, std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(stream), {}};
        (void)target->second(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
    }
    return files.empty() ? 1 : 0;  // a corpus that is not there proves nothing
}
