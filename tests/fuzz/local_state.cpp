// `Local State`, in a data folder with two profiles.

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "profiles/chromium/profiles.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

namespace {

/// A data folder for all inputs, removed at the end.
class DataFolder {
public:
    DataFolder() : path_(fs::temp_directory_path() / ("unstick-fuzz-" + std::to_string(::getpid())))
    {
        for (const char* name : {"Default", "Profile 1", "Guest Profile", "System Profile", "Crashpad"}) {
            fs::create_directories(path_ / name);
        }
        std::ofstream(path_ / "Default/Preferences") << "{}";
        std::ofstream(path_ / "System Profile/Preferences") << "{}";
    }
    ~DataFolder()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const DataFolder folder;
    std::ofstream(folder.path() / "Local State", std::ios::binary) << fuzz::text_of(data, size);
    const auto profiles = list_by_local_state(folder.path(), {}).value();
    check(!profiles.empty() && profiles.front().id == "Default",
          "a profile with preferences is always found, Default first");
    for (const Profile& profile : profiles) {
        check(profile.id == "Default" || profile.id == "Profile 1" || profile.id == "Crashpad",
              "only folders that are there are profiles, and not the browser's own two");
        check(profile.path == folder.path() / profile.id, "a profile lies in its data folder");
    }
    return 0;
}
