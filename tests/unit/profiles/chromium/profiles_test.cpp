// Which folders are profiles, and their names.

#include "profiles/chromium/profiles.h"

#include "tests/fixtures/looking.h"

using namespace unstick;
using testing::put;
using testing::TempFolder;
using testing::looking::Strings;

TEST_CASE("profiles are the folders that are there; a broken Local State only loses their names", "[not-windows]")
{
    const TempFolder folder;
    const fs::path data = folder / "data";
    put(data / "Default/Preferences", "{}");
    put(data / "Profile 2/Preferences", "{}");
    put(data / "System Profile/Preferences", "{}");
    put(data / "Guest Profile/Preferences", "{}");
    put(data / "Crashpad/x", "{}");
    put(data / "Odd/Preferences/x", "a folder");
    put(folder / "victim/Preferences", "{}");
    const auto [text, name, ids] = GENERATE(table<std::string, std::string, Strings>({
        {R"({"profile":{"info_cache":{"Default":{"name":"Ada"},"../victim":{"name":"x"},"Gone":{},)"
         R"("System Profile":{},"Crashpad":{"name":7}}}})",
         "Ada",
         {"Default", "Crashpad", "Profile 2"}},
        {"", "", {"Default", "Profile 2"}},
        {"{", "", {"Default", "Profile 2"}},
        {"\xff\xfe", "", {"Default", "Profile 2"}},
        {"[]", "", {"Default", "Profile 2"}},
        {"7", "", {"Default", "Profile 2"}},
        {R"({"profile":[]})", "", {"Default", "Profile 2"}},
        {R"({"profile":{"info_cache":["Default"]}})", "", {"Default", "Profile 2"}},
        {R"({"profile":{"info_cache":{"Default":"Ada"}}})", "", {"Default", "Profile 2"}},
        {R"({"profile":{"info_cache":{"Default":{"name":["Ada"]}}}})", "", {"Default", "Profile 2"}},
        {std::string(200000, '['), "", {"Default", "Profile 2"}},
        {std::string(200000, '[') + std::string(200000, ']'), "", {"Default", "Profile 2"}},
    }));
    INFO(text.substr(0, 80));
    put(data / "Local State", text);
    const auto profiles = list_by_local_state(data, folder / "cache").value();
    Strings found;
    for (const Profile& profile : profiles) {
        found.push_back(profile.id);
        CHECK(profile.path == data / profile.id);
        CHECK(profile.cache == folder / "cache" / profile.id);
    }
    CHECK(found == ids);
    CHECK(profiles.at(0).name == name);
}

TEST_CASE("a profile that is a link is followed, as Chromium does", "[not-windows]")
{
    const TempFolder folder;
    const fs::path data = folder / "data";
    put(data / "Local State", R"({"profile":{"info_cache":{"Profile 4":{"name":"Ada"}}}})");
    put(folder / "else/Preferences", "{}");
    fs::create_directories(folder / "no profile");
    fs::create_directory_symlink(folder / "else", data / "Default");
    fs::create_directory_symlink("../else", data / "Profile 4");
    fs::create_directory_symlink(folder / "nowhere", data / "Profile 5");
    fs::create_directory_symlink(folder / "no profile", data / "Extensions");
    fs::create_symlink(folder / "else/Preferences", data / "a file");
    const auto profiles = list_by_local_state(data, folder / "cache").value();
    REQUIRE(profiles.size() == 2);
    for (const Profile& profile : profiles) {
        CHECK_FALSE(profile.refused);
        CHECK(profile.path == without_links(folder / "else"));
        CHECK(profile.root == data);
        CHECK(profile.cache == folder / "cache" / profile.id);  // Chromium computes it from the link's own name
    }
    CHECK(profiles[0].id == "Default");
    CHECK(profiles[1].name == "Ada");
}

TEST_CASE("older Opera keeps one profile in its data folder itself")
{
    const TempFolder folder;
    put(folder / "Opera Stable/Preferences", "{}");
    const auto profiles = list_by_local_state(folder / "Opera Stable", {}).value();
    REQUIRE(profiles.size() == 1);
    CHECK(profiles[0].id == "Opera Stable");
    CHECK(profiles[0].path == folder / "Opera Stable");
    CHECK(profiles[0].cache == profiles[0].path);
    CHECK(list_by_local_state(folder / "none", {}).error().code == Code::not_found);
}

TEST_CASE("partitions of a profile are found: of applications, and of Electron's programs", "[not-windows]")
{
    const TempFolder folder;
    const fs::path data = folder / "data";
    put(data / "Default/Preferences", "{}");
    put(data / "Default/Storage/ext/app/def/Cookies", "");
    put(data / "Default/Storage/ext/app/0123abcd/Cookies", "");
    put(data / "Default/Storage/ext/readme", "");
    fs::create_directory_symlink(folder.path(), data / "Default/Storage/ext/app/link");
    const auto profiles = list_by_local_state(data, {}).value();
    REQUIRE(profiles.size() == 1);
    CHECK(profiles[0].partitions == std::vector<fs::path>{"Storage/ext/app/0123abcd", "Storage/ext/app/def"});

    put(folder / "discord/Local State", "{}");
    put(folder / "discord/Local Storage/leveldb/CURRENT", "");
    put(folder / "discord/Partitions/guest/Cookies", "");
    const auto of_program = list_by_local_state(folder / "discord", {}).value();
    REQUIRE(of_program.size() == 1);
    CHECK(of_program[0].path == folder / "discord");
    CHECK(of_program[0].partitions == std::vector<fs::path>{"Partitions/guest"});
}

TEST_CASE("Opera's side profiles have data folders of their own")
{
    const TempFolder folder;
    const fs::path data = folder / "Opera Stable";
    put(data / "Local State", "{}");
    put(data / "Default/Preferences", "{}");
    put(data / "_side_profiles/one/Local State", "{}");
    put(data / "_side_profiles/one/Default/Preferences", "{}");
    put(data / "_side_profiles/two/Preferences", "{}");
    put(data / "_side_profiles/empty/x", "");
    const auto profiles = list_by_local_state(data, folder / "cache").value();
    Strings ids;
    for (const Profile& profile : profiles) {
        ids.push_back(profile.id);
    }
    CHECK(ids == Strings{"Default", "_side_profiles/one/Default", "_side_profiles/two"});
    CHECK(profiles.at(1).root == data / "_side_profiles/one");
    CHECK(profiles.at(1).cache == folder / "cache/_side_profiles/one/Default");
    CHECK(profiles.at(2).cache == folder / "cache/_side_profiles/two");
}

TEST_CASE("what a program of Windows shows by WebView2 is found in the program's own folder")
{
    const TempFolder folder;
    put(folder / "Program/EBWebView/Local State", "{}");
    put(folder / "Program/EBWebView/Default/Preferences", "{}");
    CHECK(has_chromium_profiles(folder / "Program"));
    const auto profiles = list_by_local_state(folder / "Program", {}).value();
    REQUIRE(profiles.size() == 1);
    CHECK(profiles[0].root == folder / "Program/EBWebView");
    CHECK(profiles[0].path == folder / "Program/EBWebView/Default");
}
