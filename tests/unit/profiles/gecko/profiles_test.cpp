#include "profiles/gecko/profiles.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include "inventory/discover.h"
#include "profiles/gecko/family.h"
#include "tests/fixtures/fake_host.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using testing::put;
using testing::TempFolder;

namespace {

void make_profile(const fs::path& folder)
{
    put(folder / "cookies.sqlite", "");
    put(folder / "prefs.js", "");
}

std::vector<std::string> ids_of(const Result<std::vector<Profile>>& profiles)
{
    std::vector<std::string> ids;
    for (const Profile& profile : profiles.value()) {
        ids.push_back(profile.id);
    }
    return ids;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("profiles are those of profiles.ini, of the selector, and those that lie beside them")
{
    const TempFolder home;
    const fs::path root = home / "root";
    put(root / "profiles.ini",
        "[Profile0]\nName=first\nIsRelative=1\nPath=aaaa.default\nDefault=1\n"
        "[Profile1]\nName=main\nIsRelative=1\nPath=Profiles/bbbb.main\n"
        "[Profile2]\nName=gone\nIsRelative=1\nPath=cccc.gone\n"
        "[Profile3]\nName=away\nIsRelative=0\nPath=" +
            (home / "away").string() + "\n[InstallX]\nDefault=Profiles/bbbb.main\n");
    put(root / "aaaa.default/times.json", "{}");
    make_profile(root / "Profiles/bbbb.main");
    make_profile(root / "Profiles/dddd.chosen");
    make_profile(root / "Profiles/eeee.unlisted");
    make_profile(home / "away");
    put(root / "Crash Reports/x", "");
    fs::create_directories(root / "Profile Groups");
    {
        SQLite::Database groups((root / "Profile Groups/1a2b.sqlite").string(),
                                SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        groups.exec("CREATE TABLE Profiles (id INTEGER PRIMARY KEY, path TEXT, name TEXT)");
        groups.exec(
            "INSERT INTO Profiles (path, name) VALUES ('Profiles/bbbb.main', 'Main'), ('dddd.chosen', 'Chosen')");
    }
    const auto profiles = list_gecko_profiles(root, home / "cache");
    REQUIRE(profiles);
    CHECK(ids_of(profiles) == Strings{"bbbb.main", "aaaa.default", "away", "dddd.chosen", "eeee.unlisted"});
    CHECK(profiles->at(0).name == "main");
    CHECK(profiles->at(0).path == root / "Profiles/bbbb.main");
    CHECK(profiles->at(0).cache == home / "cache/Profiles/bbbb.main");
    CHECK(profiles->at(2).path == home / "away");
    CHECK(profiles->at(2).cache == home / "away");
    CHECK_FALSE(profiles->at(2).refused);
    CHECK(profiles->at(3).name == "Chosen");
    CHECK(list_gecko_profiles(root, {})->at(0).cache == root / "Profiles/bbbb.main");
}

TEST_CASE("a profile that profiles.ini names elsewhere is not followed if it is somebody else's")
{
    const TempFolder home;
    make_profile(home / "others/away");
    if (::geteuid() != 0 || ::chown((home / "others").c_str(), 12345, 12345) != 0) {
        WARN("only root can give a folder away");
        return;
    }
    put(home / "root/profiles.ini", "[Profile0]\nIsRelative=0\nPath=" + (home / "others/away").string() + "\n");
    const auto profiles = list_gecko_profiles(home / "root", {});
    REQUIRE(profiles->size() == 1);
    REQUIRE(profiles->at(0).refused);
    CHECK(profiles->at(0).refused->code == Code::denied);
}

TEST_CASE("caches lie beside the profiles, but for a profile that lies elsewhere")
{
    const TempFolder home;
    const fs::path root = home / ".mozilla/firefox";
    put(root / "profiles.ini",
        "[Profile0]\nIsRelative=1\nPath=a.main\n[Profile1]\nIsRelative=0\nPath=" + (home / "away").string() + "\n");
    make_profile(root / "a.main");
    make_profile(home / "away");
    const auto found = discover(Machine::at_home(home.path(), Os::linux_os), gecko_family(), {});
    REQUIRE(found);
    REQUIRE(found->profiles.size() == 2);
    CHECK(found->profiles[0].profile.cache == home / ".cache/mozilla/firefox/a.main");
    CHECK(found->profiles[1].profile.cache == home / "away");
}

TEST_CASE("caches lie where a preference says, too")
{
    const TempFolder home;
    const fs::path root = home / ".mozilla/firefox";
    const fs::path moved = home / "moved (1)";
    make_profile(root / "a.main");
    fs::create_directories(moved);
    put(root / "a.main/prefs.js",
        "user_pref(\"browser.cache.disk.parent_directory\", \"" + moved.string() + "\");\nuser_pref(\"x\", 1);\n");
    const auto caches = [&] {
        std::vector<fs::path> paths;
        const auto found = discover(Machine::at_home(home.path(), Os::linux_os), gecko_family(), {});
        for (const Spot& spot : found.value().profiles.at(0).profile.more_caches) {
            paths.push_back(spot.path);
        }
        return paths;
    };
    CHECK(caches() == std::vector{moved});
    put(root / "a.main/user.js", "user_pref(\"browser.cache.disk.parent_directory\", \"below\");\n");
    CHECK(caches().empty());  // no whole path: Firefox does not take it either
    put(root / "a.main/user.js", "user_pref(\"browser.cache.disk.parent_directory\", broken\n");
    CHECK(caches() == std::vector{moved});
}

TEST_CASE("--cache-dir names the caches of one profile, or a folder with one for each")
{
    const TempFolder home;
    const fs::path root = home / ".mozilla/firefox";
    make_profile(root / "a.main");
    const auto found = [&](const fs::path& named) {
        return discover(Machine::at_home(home.path(), Os::linux_os), gecko_family(), {.cache_dir = named});
    };
    put(home / "caches/a.main/cache2/index", "");
    for (const char* named : {"caches", "caches/a.main"}) {
        const auto discovery = found(home / named);
        REQUIRE(discovery);
        REQUIRE(discovery->profiles.at(0).profile.more_caches.size() == 1);
        CHECK(discovery->profiles[0].profile.more_caches[0].path == home / "caches/a.main");
    }
    fs::create_directories(home / "empty");
    CHECK(found(home / "empty").error().code == Code::usage);
}

TEST_CASE("--browser-family gecko takes the folder of a relative that no table has")
{
    const TempFolder home;
    const fs::path root = home / ".config/relative";
    put(root / "profiles.ini", "[Profile0]\nIsRelative=1\nPath=a.main\n");
    put(root / "a.main/times.json", "{}");  // of a profile that was never used
    const Machine machine = Machine::at_home(home.path(), Os::linux_os);
    const Where named{.user_data_dir = root, .family = "gecko"};
    const auto found = discover(machine, gecko_family(), named);
    REQUIRE(found);
    CHECK(found->profiles.size() == 1);
    CHECK(discover(machine, gecko_family(), {.family = "chromium"}).value().profiles.empty());
}

TEST_CASE("the user may name a root or a profile's own folder")
{
    const TempFolder home;
    make_profile(home / "root/a.main");
    make_profile(home / "root/b.other");
    put(home / "root/profiles.ini", "[Profile0]\nName=main\nIsRelative=1\nPath=a.main\n");
    put(home / "empty/profiles.ini", "[Profile0]\nIsRelative=1\nPath=a.main\n");
    make_profile(home / "mail");
    put(home / "mail/abook.sqlite", "");
    const Machine machine = Machine::at_home(home / "nobody", Os::linux_os);
    const auto named = [&](const std::string& folder) {
        Where where;
        where.user_data_dir = home / folder;
        return discover(machine, gecko_family(), where);
    };
    CHECK(named("root")->profiles.size() == 2);
    REQUIRE(named("root/b.other")->profiles.size() == 1);
    CHECK(named("root/b.other")->profiles[0].profile.path == home / "root/b.other");
    CHECK_FALSE(named("empty"));
    CHECK_FALSE(named("mail"));
}

TEST_CASE("Tor Browser is known, and left alone with a sentence")
{
    const TempFolder home;
    make_profile(home / "TorBrowser/Data/Browser/profile.default");
    Where where;
    where.user_data_dir = home / "TorBrowser/Data/Browser/profile.default";
    const auto found = discover(Machine::at_home(home / "nobody", Os::linux_os), gecko_family(), where);
    REQUIRE(found);
    CHECK(found->profiles.empty());
    REQUIRE(found->problems.size() == 1);
    CHECK(found->problems[0].what.find("Tor Browser") != std::string::npos);
}

TEST_CASE("a profile is in use if its lock file is locked, and not because it is there")
{
    const TempFolder folder;
    const Profile profile{.browser = "firefox",
                          .id = "a",
                          .name = "",
                          .root = folder.path(),
                          .path = folder.path(),
                          .cache = folder.path()};
    put(folder / ".parentlock", "");
    fs::create_symlink("127.0.0.1:+1", folder / "lock");
    testing::FakeHost host;
    CHECK(gecko_use(profile, host).state == LockState::State::free);
    host.writers[folder / ".parentlock"] = 4711;
    const LockState use = gecko_use(profile, host);
    CHECK(use.state == LockState::State::in_use);
    CHECK(use.pid == 4711);
}
