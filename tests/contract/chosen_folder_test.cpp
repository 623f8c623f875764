// --user-data-dir names a profile's own folder, as chrome://version shows it: what guards and belongs to the profile,
// but lies beside it, is not passed over.

#include "tests/fixtures/home.h"

using namespace unstick;
using testing::Home;
using testing::put;
using testing::snapshot;

namespace {

Request at(const Home& home, Command command, const fs::path& folder)
{
    Request request = home.request(command);
    request.browsers.clear();
    request.user_data_dir = folder;
    return request;
}

/// A second profile in the same data folder, with nothing in it.
void add_profile(const Home& home)
{
    put(home.profile.parent_path() / "Profile 1/Preferences", "{}");
}

}  // namespace

TEST_CASE("a profile's own folder stands for its data folder: that one profile, and its cache", "[not-windows]")
{
    const auto* const browser = GENERATE("chromium", "vivaldi");
    Home home(browser);
    add_profile(home);
    const auto before = home.seen();
    const std::string name = GENERATE("", "/", "/.", "/../Default", "a link above it");
    CAPTURE(browser, name);
    fs::path folder = home.profile;
    if (name == "a link above it") {
        fs::create_directory_symlink(home.profile.parent_path(), home.folder / "link");
        folder = home.folder / "link/Default";
    } else {
        folder += name;
    }
    const Report listed = home.go(at(home, Command::profiles, folder));
    REQUIRE(listed.profiles.size() == 1);
    CHECK(listed.profiles[0].browser == browser);
    CHECK(listed.profiles[0].profile == "Default");

    Home twin(browser);
    add_profile(twin);
    REQUIRE(twin.go(at(twin, Command::fix, twin.profile.parent_path())).exit_code == Exit::ok);
    REQUIRE(home.go(at(home, Command::fix, folder)).exit_code == Exit::ok);
    CHECK(home.seen().size() == twin.seen().size());  // what lies in the cache beside it is gone, too
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("a lock in the data folder holds for a profile's own folder", "[not-windows]")
{
    Home home("chromium");
    const bool elsewhere = GENERATE(false, true);  // copied to where no browser keeps its data
    fs::path data = home.profile.parent_path();
    if (elsewhere) {
        fs::rename(data, home.folder / "elsewhere");
        data = home.folder / "elsewhere";
    }
    fs::create_symlink("another-computer-77", data / "SingletonLock");
    if (GENERATE(false, true)) {  // put there so that the profile looks like a data folder
        put(data / "Default/Local State", "{}");
    }
    const std::string before = snapshot(data);
    for (const fs::path& folder : {data, data / "Default", data / "Default/"}) {
        CAPTURE(folder);
        const Report report = home.go(at(home, Command::fix, folder));
        CHECK(report.exit_code == Exit::in_use);
        CHECK(snapshot(data) == before);
    }
}

TEST_CASE("a profile's own folder whose data folder cannot be told is refused", "[not-windows]")
{
    Home home("chromium");
    const fs::path data = home.profile.parent_path();
    fs::create_symlink("another-computer-77", data / "SingletonLock");
    fs::rename(home.profile, home.folder / "moved");
    if (GENERATE(false, true)) {
        fs::create_directory_symlink(home.folder / "moved", home.profile);
    }
    const std::string before = snapshot(home.folder / "moved");
    for (const fs::path& folder : {home.folder / "moved", fs::path(home.profile)}) {
        CAPTURE(folder);
        if (!fs::exists(folder)) {
            continue;
        }
        const Report report = home.go(at(home, Command::fix, folder));
        CHECK(report.exit_code == Exit::usage);
        REQUIRE(report.problems.size() == 1);
        CHECK(report.problems[0].what.find("own folder") != std::string::npos);
        CHECK(snapshot(home.folder / "moved") == before);
    }
}

TEST_CASE("a data folder that is its only profile, as older Opera's, is taken as it is", "[not-windows]")
{
    Home home("opera");
    const fs::path data = home.folder / "elsewhere";
    fs::rename(home.profile, data);
    put(data / "Local State", "{}");
    const Report listed = home.go(at(home, Command::profiles, data));
    REQUIRE(listed.profiles.size() == 1);
    CHECK(listed.profiles[0].path == fs::canonical(data).string());
    fs::create_symlink("another-computer-77", data / "SingletonLock");
    CHECK(home.go(at(home, Command::fix, data)).exit_code == Exit::in_use);
}

TEST_CASE("a link to a profile's own folder is refused: a browser may use it by the link, with its lock beside that",
          "[not-windows]")
{
    Home home("chromium");
    const fs::path link = home.folder / "data/Default";
    fs::create_directories(link.parent_path());
    put(link.parent_path() / "Local State", "{}");
    fs::create_symlink("another-computer-77", link.parent_path() / "SingletonLock");
    fs::create_directory_symlink(home.profile, link);
    const std::string before = snapshot(home.profile);
    for (const fs::path& folder : {link, link / "", link / "."}) {
        CAPTURE(folder);
        const Report report = home.go(at(home, Command::fix, folder));
        CHECK(report.exit_code == Exit::usage);
        REQUIRE(report.problems.size() == 1);
        CHECK(report.problems[0].what.find("a link") != std::string::npos);
    }
    CHECK(snapshot(home.profile) == before);
}

TEST_CASE("a folder within a profile is no data folder")
{
    Home home("chromium");
    fs::create_directories(home.profile / "Network");
    CHECK(home.go(at(home, Command::fix, home.profile / "Network")).exit_code == Exit::usage);
}

TEST_CASE("a data folder behind a link is the one that its browser uses: with the cache beside it", "[not-windows]")
{
    Home home("chromium");
    const fs::path link = home.folder / "link";
    fs::create_directory_symlink(home.profile.parent_path(), link);
    const Report report = home.go(at(home, Command::profiles, link));
    REQUIRE(report.profiles.size() == 1);
    CHECK(report.profiles[0].browser == "chromium");
    REQUIRE(home.go(at(home, Command::fix, link)).exit_code == Exit::ok);
    CHECK(home.go(Command::fix).exit_code == Exit::nothing_found);
}

TEST_CASE("the folder of a profile of Safari, of GNOME Web stands for that profile", "[not-windows]")
{
    Home safari("safari");
    const fs::path library = safari.folder / "home/Library/Containers/com.apple.Safari/Data/Library";
    const std::string named = "0f5c6e0a-8b1c-4b4e-9d6e-1f2a3b4c5d6e";
    const fs::path own = library / "WebKit/WebsiteDataStore" / named;
    fs::create_directories(own / "LocalStorage");
    const Report listed = safari.go(at(safari, Command::profiles, own));
    REQUIRE(listed.profiles.size() == 1);
    CHECK(listed.profiles[0].browser == "safari");
    CHECK(listed.profiles[0].profile == named);
    safari.host.programs.emplace("Safari", 77);
    put(own / "LocalStorage/x", "");
    const Report whole = safari.go(at(safari, Command::profiles, library));
    CHECK(whole.profiles.size() >= 2);

    Home epiphany("epiphany");
    CHECK(epiphany.go(at(epiphany, Command::profiles, epiphany.profile)).profiles.size() == 1);
    CHECK(epiphany.go(at(epiphany, Command::profiles, epiphany.profile.string() + "/")).profiles.size() == 1);
}
