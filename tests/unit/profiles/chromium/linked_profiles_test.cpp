// Profiles that are links to what is somebody else's: as root, who alone can make such.

#include <unistd.h>

#include "platform/trust.h"
#include "profiles/chromium/profiles.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using testing::put;
using testing::TempFolder;

TEST_CASE("a profile that is a link over what is somebody else's is named and not followed")
{
    if (!trust::is_root()) {
        return;  // only root can make what is somebody else's
    }
    const TempFolder folder;
    const fs::path data = folder / "data";
    put(folder / "theirs/profile/Preferences", "{}");
    fs::create_directories(data);
    const bool is_link = GENERATE(false, true);
    fs::create_directory_symlink(folder / (is_link ? "link" : "theirs/profile"), data / "Default");
    if (is_link) {
        fs::create_directory_symlink(folder / "theirs/profile", folder / "link");
        REQUIRE(::lchown((folder / "link").c_str(), 4711, 4711) == 0);
    } else {
        REQUIRE(::chown((folder / "theirs").c_str(), 4711, 4711) == 0);
    }
    const auto profiles = list_by_local_state(data, {}).value();
    REQUIRE(profiles.size() == 1);
    REQUIRE(profiles[0].refused);
    CHECK(profiles[0].refused->code == Code::denied);
    CHECK(profiles[0].refused->what.find("somebody else") != std::string::npos);
}
