// Where the caches of a data folder are, as Chromium computes it.

#include "profiles/chromium/places.h"

#include <plist/plist.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "profiles/chromium/profiles.h"
#include "tests/fixtures/catch.h"
#include "tests/fixtures/testing.h"

using namespace unstick;

namespace {

std::vector<fs::path> computed(const Machine& machine, const fs::path& data)
{
    return computed_caches(cache_homes(machine, data), data);
}

}  // namespace

TEST_CASE("the cache is at the same path below the folder for caches, whatever the browser is called", "[not-windows]")
{
    Machine linux_machine = Machine::at_home("/home/ann", Os::linux_os);
    const Machine mac = Machine::at_home("/Users/ann", Os::macos);
    const auto [data, cache] = GENERATE(table<std::string, std::string>({
        {"/home/ann/.config/chromium", "/home/ann/.cache/chromium"},
        {"/home/ann/.config/thorium", "/home/ann/.cache/thorium"},
        {"/home/ann/.config/Maker/Some Browser", "/home/ann/.cache/Maker/Some Browser"},
        {"/home/ann/.var/app/org.example.Browser/config/x", "/home/ann/.var/app/org.example.Browser/cache/x"},
        {"/home/ann/snap/brave/77/.config/brave", "/home/ann/snap/brave/77/.cache/brave"},
        {"/mnt/disk/home/bob/.config/chromium", "/mnt/disk/home/bob/.cache/chromium"},
        {"/Volumes/Disk/Users/bob/Library/Application Support/X", "/Volumes/Disk/Users/bob/Library/Caches/X"},
        {"/home/ann/elsewhere", ""},
        {"/home/ann/.configs/chromium", ""},
        {"/home/ann/.config", ""},
        {"/", ""},
    }));
    CAPTURE(data);
    CHECK(computed(linux_machine, data) == (cache.empty() ? std::vector<fs::path>{} : std::vector<fs::path>{cache}));
    CHECK(computed(mac, "/Users/ann/Library/Application Support/Dia/User Data") ==
          std::vector<fs::path>{"/Users/ann/Library/Caches/Dia/User Data"});
}

TEST_CASE("XDG_CONFIG_HOME and XDG_CACHE_HOME count, CHROME_CONFIG_HOME does not", "[not-windows]")
{
    Machine machine = Machine::at_home("/home/ann", Os::linux_os);
    machine.folders["config"] = "/xdg/config";
    machine.folders["cache"] = "/xdg/cache";
    machine.folders["chrome_config"] = "/chrome";
    CHECK(computed(machine, "/xdg/config/chromium") == std::vector<fs::path>{"/xdg/cache/chromium"});
    CHECK(computed(machine, "/chrome/chromium").empty());
}

TEST_CASE("on Windows the cache is in the profile")
{
    const Machine machine = Machine::at_home("C:/Users/ann", Os::windows);
    CHECK(computed(machine, "C:/Users/ann/AppData/Local/Chromium/User Data").empty());
    CHECK(computed(machine, "C:/Users/ann/.config/chromium").empty());
}

TEST_CASE("paths are compared as files: links in either of them count for nothing", "[not-windows]")
{
    const testing::TempFolder folder;
    const fs::path real = fs::canonical(folder.path());
    fs::create_directories(real / "real/.config/thorium");
    fs::create_directory_symlink("real", real / "home");
    fs::create_directory_symlink(real / "real/.config/thorium", real / "link");
    const Adapter adapter{};
    for (const char* home : {"real", "home"}) {
        for (const char* data : {"real/.config/thorium", "home/.config/thorium", "home/.config/thorium/",
                                 "home/.config/x/../thorium", "link"}) {
            CAPTURE(home, data);
            const auto roots = chromium_cache_roots(adapter, Machine::at_home(real / home, Os::linux_os), real / data);
            std::set<fs::path> resolved;
            for (const CacheRoot& root : roots) {
                CHECK_FALSE(root.is_named);
                resolved.insert(without_links(root.spot.path));
            }
            CHECK(resolved == std::set{real / "real/.cache/thorium"});
        }
    }
}

TEST_CASE("XDG_CONFIG_HOME may be a link", "[not-windows]")
{
    const testing::TempFolder folder;
    const fs::path real = fs::canonical(folder.path());
    fs::create_directories(real / "settings/x");
    fs::create_directory_symlink("settings", real / "link");
    Machine machine = Machine::at_home(real, Os::linux_os);
    machine.folders["config"] = real / "link";
    machine.folders["cache"] = real / "caches";
    for (const char* data : {"settings/x", "link/x"}) {
        const auto roots = chromium_cache_roots(Adapter{}, machine, real / data);
        REQUIRE(roots.size() == 1);
        CHECK(roots[0].spot.path == real / "caches/x");
    }
}

TEST_CASE("the policy DiskCacheDir, with variables as Chromium takes them on Linux", "[not-windows]")
{
    const testing::TempFolder folder;
    Machine machine = Machine::at_home("/home/ann", Os::linux_os);
    machine.user = "ann";
    machine.name = "desk";
    const auto [text, path] = GENERATE(table<std::string, std::string>({
        {R"({"DiskCacheDir": "/var/cache/${user_name}"})", "/var/cache/ann"},
        {R"({"DiskCacheDir": "/c/${machine_name}/${user_name}/${user_name}"})", "/c/desk/ann/ann"},
        {R"({"DiskCacheDir": "\"/with quotes\""})", "/with quotes"},
        {R"({"DiskCacheDir": "'/with quotes'"})", "/with quotes"},
        {R"({"DiskCacheDir": "/c/${user_home}"})", "/c/${user_home}"},  // Chromium knows no such variable
        {R"({"DiskCacheDir": "${user_home}/c"})", ""},
        {R"({"DiskCacheDir": 7})", ""},
        {R"({"DiskCacheDir": ""})", ""},
        {R"({"UserDataDir": "/d"})", ""},
        {R"(["DiskCacheDir"])", ""},
        {"{", ""},
    }));
    CAPTURE(text);
    testing::put(folder / "managed/a.json", text);
    testing::put(folder / "managed/b.txt", R"({"DiskCacheDir": "/no"})");
    CHECK(disk_cache_policy(folder / "managed", machine) == path);
    testing::put(folder / "managed/z.json", R"({"DiskCacheDir": "/last"})");
    CHECK(disk_cache_policy(folder / "managed", machine) == "/last");
    CHECK(disk_cache_policy(folder / "none", machine).empty());
}

TEST_CASE("policies of a Mac move data and caches", "[not-windows]")
{
    const testing::TempFolder folder;
    Machine machine = Machine::at_home("/Users/ann", Os::macos);
    machine.user = "ann";
    machine.folders["managed"] = folder / "managed";
    const auto write = [](const fs::path& file, const std::string& data, const std::string& cache) {
        plist_t list = plist_new_dict();
        plist_dict_set_item(list, "UserDataDir", plist_new_string(data.c_str()));
        plist_dict_set_item(list, "DiskCacheDir", plist_new_string(cache.c_str()));
        char* bytes = nullptr;
        std::uint32_t size = 0;
        plist_to_bin(list, &bytes, &size);
        testing::put(file, std::string(bytes, size));
        std::free(bytes);
        plist_free(list);
    };
    const Adapter chrome{.id = "chrome"};
    CHECK(chromium_data_folders(chrome, machine).empty());
    write(folder / "managed/com.google.Chrome.plist", "${users}/${user_name}/Chrome", "/c");
    const auto folders = chromium_data_folders(chrome, machine);
    REQUIRE(folders.size() == 1);
    CHECK(folders[0].path == "/Users/ann/Chrome");
    write(folder / "managed/ann/com.google.Chrome.plist", "${documents}/Chrome", "/mine");
    CHECK(chromium_data_folders(chrome, machine).at(0).path == "/Users/ann/Documents/Chrome");
    const auto caches = chromium_cache_roots(chrome, machine, "/Users/ann/Documents/Chrome");
    REQUIRE(caches.size() == 1);
    CHECK(caches[0].spot.path == "/mine");
    CHECK(caches[0].is_named);
    CHECK(chromium_data_folders(Adapter{.id = "vivaldi"}, machine).empty());
}

TEST_CASE("policies in the registry of Windows move data and caches", "[not-windows]")
{
    Machine machine = Machine::at_home("/c/Users/ann", Os::windows);
    machine.user = "ann";
    machine.name = "desk";
    machine.folders["program_data"] = "/c/ProgramData";
    machine.folders["documents"] = "/d/Documents";
    const std::string key = "Software\\Policies\\Google\\Chrome";
    const auto [text, path] = GENERATE(table<std::string, std::string>({
        {"/d/${user_name}/on ${machine_name}", "/d/ann/on desk"},
        {"${local_app_data}/Elsewhere", "/c/Users/ann/AppData/Local/Elsewhere"},
        {"${roaming_app_data}/Chrome", "/c/Users/ann/AppData/Roaming/Chrome"},
        {"${global_app_data}/${user_name}", "/c/ProgramData/ann"},
        {"${documents}/Chrome", "/d/Documents/Chrome"},
        {"\"${profile}/with quotes\"", "/c/Users/ann/with quotes"},
        {"/with/a slash/", "/with/a slash"},
        {"${windows}/not known here", ""},
        {"below nothing", ""},
        {"", ""},
    }));
    CAPTURE(text);
    machine.registry = {{{key, "UserDataDir"}, text}, {{key, "DiskCacheDir"}, text}};
    const Adapter browser{.id = GENERATE("chrome", "chrome-beta")};
    const auto folders = chromium_data_folders(browser, machine);
    const auto caches = chromium_cache_roots(browser, machine, "/d/data");
    REQUIRE(folders.size() == (path.empty() ? 0U : 1U));
    REQUIRE(caches.size() == folders.size());
    if (!folders.empty()) {
        CHECK(folders[0].path == path);
        CHECK(folders[0].why == "policy UserDataDir");
        CHECK(caches[0].spot.path == path);
        CHECK(caches[0].is_named);
    }
    CHECK(chromium_data_folders(Adapter{.id = "edge"}, machine).empty());
    CHECK(chromium_data_folders(Adapter{.id = "vivaldi"}, machine).empty());
}

TEST_CASE("which texts of the registry say where a browser keeps its things")
{
    const auto texts = chromium_places().registry_texts(Adapter{.id = "edge"});
    CHECK(texts == std::vector<RegistryText>{{"Software\\Policies\\Microsoft\\Edge", "DiskCacheDir"},
                                             {"Software\\Policies\\Microsoft\\Edge", "UserDataDir"}});
    CHECK(chromium_places().registry_texts(Adapter{.id = "vivaldi"}).empty());
}

TEST_CASE("variables name data folders", "[not-windows]")
{
    Machine machine = Machine::at_home("/home/ann", Os::linux_os);
    static constexpr std::array roots{Root{.os = Os::linux_os, .data = "{config}/chromium"},
                                      Root{.os = Os::linux_os, .data = "{home}/snap/chromium/common/chromium"},
                                      Root{.os = Os::macos, .data = "{support}/Chromium"}};
    Adapter adapter{.id = "chromium", .roots = roots};
    CHECK(chromium_data_folders(adapter, machine).empty());
    machine.folders["chrome_config"] = "/cc";
    machine.folders["chrome_data"] = "/cd";
    REQUIRE(chromium_data_folders(adapter, machine).size() == 1);
    CHECK(chromium_data_folders(adapter, machine)[0].path == "/cc/chromium");
    adapter.is_user_data_dir = has_chromium_profiles;
    REQUIRE(chromium_data_folders(adapter, machine).size() == 2);
    CHECK(chromium_data_folders(adapter, machine)[1].path == "/cd");
}

TEST_CASE("data folders of whatever browser are known by the profiles that they list", "[not-windows]")
{
    const testing::TempFolder folder;
    const fs::path home = without_links(folder.path());
    const std::string lists = R"({"profile":{"info_cache":{"Default":{"name":"Ada"}}}})";
    testing::put(home / ".config/some/Local State", lists);
    testing::put(home / ".config/Maker/Browser/Local State", lists);
    testing::put(home / ".config/Electron/Local State", R"({"os_crypt":{}})");
    testing::put(home / ".config/Empty/Local State", R"({"profile":{"info_cache":{}}})");
    testing::put(home / ".config/a/b/c/Local State", lists);  // too deep
    testing::put(home / ".var/app/org.example.B/config/b/Local State", lists);
    testing::put(home / "snap/b/common/b/Local State", lists);
    auto found = likely_data_folders(Machine::at_home(home, Os::linux_os));
    std::sort(found.begin(), found.end());
    CHECK(found == std::vector<fs::path>{home / ".config/Maker/Browser", home / ".config/some",
                                         home / ".var/app/org.example.B/config/b", home / "snap/b/common/b"});
    testing::put(home / "Library/Application Support/New/User Data/Local State", lists);
    CHECK(likely_data_folders(Machine::at_home(home, Os::macos)) ==
          std::vector<fs::path>{home / "Library/Application Support/New/User Data"});
}
