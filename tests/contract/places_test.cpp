// Where a browser keeps its things, found however it is named: what is left of the site is the same everywhere.

#include <unistd.h>

#include <algorithm>

#include "inventory/discover.h"
#include "platform/trust.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::Home;
using testing::put;

namespace {

/// Moves the data folder and the caches of a Chromium fixture to where a browser of another name has them.
void move_to(const Home& home, const fs::path& data, const fs::path& cache)
{
    fs::create_directories(data.parent_path());
    fs::create_directories(cache.parent_path());
    fs::rename(home.profile.parent_path(), data);
    fs::rename(home.cache.parent_path(), cache);
}

Request at(const Home& home, Command command, const fs::path& data)
{
    Request request = home.request(command);
    request.browsers.clear();
    request.user_data_dir = data;
    return request;
}

/// How many lines a fixture loses when all of it is found.
std::size_t lost_by_all()
{
    static const std::size_t lost = [] {
        Home twin("chromium");
        const std::size_t before = twin.seen().size();
        REQUIRE(twin.go(Command::fix).exit_code == Exit::ok);
        return before - twin.seen().size();
    }();
    return lost;
}

struct InFolder {
    fs::path before = fs::current_path();
    explicit InFolder(const fs::path& folder) { fs::current_path(folder); }
    ~InFolder() { fs::current_path(before); }
};

}  // namespace

TEST_CASE("the cache of a data folder is found, however its path is written", "[not-windows]")
{
    Home home("chromium");
    const fs::path user = home.folder / "home";
    const std::string name = "Maker/Browser";
    move_to(home, user / ".config" / name, user / ".cache" / name);
    fs::create_directory_symlink(user / ".config", home.folder / "config-link");
    fs::create_directory_symlink(user / ".config" / name, home.folder / "link");
    const std::string way = GENERATE("plain", "slash", "dots", "relative", "a link above", "a link", "HOME is a link",
                                     "a profile's own folder");
    CAPTURE(name, way);
    fs::path data = user / ".config" / name;
    const InFolder in_home(user);
    fs::path named_home = user;
    if (way == "slash") {
        data += "/";
    } else if (way == "dots") {
        data = user / ".cache/../.config" / name;
    } else if (way == "relative") {
        data = fs::path(".config") / name;
    } else if (way == "a link above") {
        data = home.folder / "config-link" / name;
    } else if (way == "a link") {
        data = home.folder / "link";
    } else if (way == "HOME is a link") {
        fs::create_directory_symlink(user, home.folder / "home-link");
        named_home = home.folder / "home-link";
        data = named_home / ".config" / name;
    } else if (way == "a profile's own folder") {
        put(data / "Local State", "{}");
        data /= "Default";
    }
    Request request = at(home, Command::fix, data);
    request.home = named_home;
    const std::size_t before = home.seen().size();
    REQUIRE(home.go(request).exit_code == Exit::ok);
    CHECK(before - home.seen().size() == lost_by_all());
    CHECK(home.go(request).exit_code == Exit::nothing_found);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen().size() == before);
}

TEST_CASE("the cache of a flatpak that is in no table, of another home, of a mounted disk is found", "[not-windows]")
{
    Home home("chromium");
    const auto [data, cache] = GENERATE(table<std::string, std::string>({
        {"home/.var/app/org.example.Browser/config/x", "home/.var/app/org.example.Browser/cache/x"},
        {"disk/home/bob/.config/chromium", "disk/home/bob/.cache/chromium"},
        {"disk/Users/bob/Library/Application Support/Dia/User Data", "disk/Users/bob/Library/Caches/Dia/User Data"},
    }));
    move_to(home, home.folder / data, home.folder / cache);
    const Request request = at(home, Command::fix, home.folder / data);
    const fs::path top = home.folder / data.substr(0, data.find('/'));
    const auto lines = [&top] { return testing::seen_in(top).size(); };
    const std::size_t before = lines();
    REQUIRE(home.go(request).exit_code == Exit::ok);
    CHECK(before - lines() == lost_by_all());
}

TEST_CASE("caches at two places are both looked into, and undone", "[not-windows]")
{
    Home home("chromium");
    fs::copy(home.cache, home.profile, fs::copy_options::recursive);  // from when it was started by a link
    const auto before = home.seen();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    CHECK(home.go(Command::fix).exit_code == Exit::nothing_found);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

namespace {

/// Whether a fix of all that is found takes all, and undo brings it back.
void check_all_goes(Home& home, const Request& request)
{
    const auto before = home.seen();
    const Report fixed = home.go(request);
    for (const Error& problem : fixed.problems) {
        UNSCOPED_INFO(problem.where << ": " << problem.what);
    }
    REQUIRE(fixed.exit_code == Exit::ok);
    CHECK(before.size() - home.seen().size() == lost_by_all());
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

const Place* place_in(const Report& report, const fs::path& path)
{
    for (const ProfileReport& profile : report.profiles) {
        for (const Place& cache : profile.caches) {
            if (cache.path == without_links(path).string()) {
                return &cache;
            }
        }
    }
    return nullptr;
}

bool is_told(const Report& report, const std::string& text)
{
    return std::any_of(report.next.begin(), report.next.end(),
                       [&](const std::string& next) { return next.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("a launcher that moves data and caches", "[not-windows]")
{
    Home home("chromium");
    const fs::path user = home.folder / "home";
    const fs::path launcher = user / ".local/share/applications/work.desktop";
    const bool is_data = GENERATE(true, false);
    fs::rename(home.cache.parent_path(), user / "work-cache");
    std::string command = "Exec=/usr/bin/chromium --disk-cache-dir=" + (user / "work-cache").string();
    if (is_data) {
        fs::rename(home.profile.parent_path(), user / "work");
        command += " --user-data-dir=$HOME/work %U";
    }
    put(launcher, "[Desktop Entry]\n" + command + "\n");
    const Report listed = home.go(Command::profiles);
    REQUIRE(listed.profiles.size() == 1);
    const Place* const cache = place_in(listed, user / "work-cache/Default");
    REQUIRE(cache != nullptr);
    CHECK(cache->why.find("work.desktop") != std::string::npos);
    CHECK((listed.profiles[0].data_folder.path == without_links(user / "work").string()) == is_data);
    check_all_goes(home, home.request(Command::fix));
}

TEST_CASE("a browser that runs with a cache of its own; not for another home folder", "[not-windows]")
{
    Home home("chromium");
    const fs::path user = home.folder / "home";
    fs::rename(home.cache.parent_path(), home.folder / "elsewhere");
    home.host.running = {{"/usr/lib/chromium/chromium", "--disk-cache-dir=" + (home.folder / "elsewhere").string()}};
    CHECK(place_in(home.go(Command::profiles), home.folder / "elsewhere/Default") == nullptr);
    const Discovery found = discover(Machine::at_home(user, Os::linux_os), testing::all_adapters(),
                                     {.browsers = {"chromium"}, .commands = {{home.host.running.at(0), "it runs"}}})
                                .value();
    REQUIRE(found.profiles.size() == 1);
    CHECK(found.profiles[0].profile.cache == without_links(home.folder / "elsewhere/Default"));
    CHECK(found.profiles[0].profile.why_cache == "it runs");
}

TEST_CASE("--cache-dir: what the browser's own switch names, or one profile's caches", "[not-windows]")
{
    Home home("chromium");
    fs::rename(home.cache.parent_path(), home.folder / "home/elsewhere");
    Request request = home.request(Command::fix);
    const bool is_named = GENERATE(true, false);
    request.cache_dir = home.folder / (is_named ? "home/elsewhere" : "home/elsewhere/Default");
    SECTION("all goes")
    {
        check_all_goes(home, request);
    }
    SECTION("also of a data folder whose caches would be in it")
    {
        fs::rename(home.profile.parent_path(), home.folder / "home/data");
        request.browsers.clear();
        request.user_data_dir = home.folder / "home/data";
        check_all_goes(home, request);
    }
    SECTION("with two profiles it has to be told whose they are")
    {
        put(home.profile.parent_path() / "Profile 1/Preferences", "{}");
        CHECK(home.go(request).exit_code == (is_named ? Exit::ok : Exit::usage));
    }
    SECTION("a folder that holds none is refused")
    {
        request.cache_dir = home.folder / "state";
        CHECK(home.go(request).exit_code == Exit::usage);
    }
}

TEST_CASE("a used profile without any cache is told; one that was never used, and one that has one, are not",
          "[not-windows]")
{
    Home home("chromium");
    put(home.profile / "History", "x");
    CHECK_FALSE(is_told(home.go(Command::profiles), "No cache of"));
    fs::rename(home.cache.parent_path(), home.folder / "elsewhere");
    for (const Command command : {Command::profiles, Command::doctor, Command::why, Command::fix}) {
        CHECK(is_told(home.go(command), "No cache of"));
    }
    fs::remove(home.profile / "History");
    CHECK_FALSE(is_told(home.go(Command::profiles), "No cache of"));
}

TEST_CASE("a browser that is in no table: told where nothing is found, and taken when it is named", "[not-windows]")
{
    Home home("chromium");
    const fs::path user = home.folder / "home";
    const auto [data, cache] = GENERATE(
        table<std::string, std::string>({{".config/new-browser", ".cache/new-browser"},
                                         {".var/app/org.example.B/config/b", ".var/app/org.example.B/cache/b"}}));
    move_to(home, user / data, user / cache);
    put(user / data / "Local State", R"({"profile":{"info_cache":{"Default":{"name":"Ada"}}}})");
    for (const Command command : {Command::profiles, Command::doctor, Command::why, Command::fix}) {
        Request request = home.request(command);
        request.browsers.clear();
        const Report report = home.go(request);
        CHECK(report.problems.empty());
        CHECK(is_told(report, "--browser-family chromium --user-data-dir"));
    }
    Request request = at(home, Command::fix, user / data);
    request.browser_family = "chromium";
    check_all_goes(home, request);
}

TEST_CASE("--browser-family leaves out all others; --browser names those that are there", "[not-windows]")
{
    Home home("chromium");
    Request request = home.request(Command::profiles);
    request.browsers.clear();
    request.browser_family = "chromium";
    CHECK(home.go(request).profiles.size() == 1);
    Home toy("toy");
    request = toy.request(Command::profiles);
    request.browsers.clear();
    CHECK_FALSE(toy.go(request).profiles.empty());
    request.browser_family = "chromium";
    CHECK(toy.go(request).profiles.empty());

    request = home.request(Command::fix);
    request.browsers = {"chrome"};
    const Report report = home.go(request);
    CHECK(report.exit_code == Exit::nothing_found);
    CHECK(is_told(report, "--browser chromium"));
}

TEST_CASE("--profile: equal characters are equal, however the file system writes them", "[not-windows]")
{
    Home home("chromium");
    const std::string composed = "B\u00fcro";
    const std::string decomposed = "Bu\u0308ro";
    if (GENERATE(true, false)) {
        fs::rename(home.profile, home.profile.parent_path() / decomposed);
    } else {
        put(home.profile.parent_path() / "Local State",
            R"({"profile":{"info_cache":{"Default":{"name":")" + decomposed + R"("}}}})");
    }
    Request request = home.request(Command::profiles);
    for (const std::string& name : {composed, decomposed, std::string("b\u00fcro")}) {
        request.profile = name;
        CHECK(home.go(request).profiles.size() == 1);
    }
    request.profile = "Buro";
    CHECK(home.go(request).exit_code == Exit::usage);
}

TEST_CASE("a profile that is a link: all of it goes, also its cache; locks of both data folders count", "[not-windows]")
{
    Home home("chromium");
    const fs::path data = home.profile.parent_path();
    const fs::path other = home.folder / "home/.config/google-chrome";
    fs::create_directories(other);
    put(other / "Local State", "{}");
    fs::rename(home.profile, other / "Profile 7");
    fs::create_directory_symlink(other / "Profile 7", home.profile);
    Request both = home.request(Command::profiles);
    both.browsers.clear();
    const auto removed = [](const Report& report) {
        std::uint64_t count = 0;
        for (const ProfileReport& profile : report.profiles) {
            for (const StoreReport& store : profile.stores) {
                count += store.removed;
            }
        }
        return count;
    };
    Home twin("chromium");
    const std::uint64_t all = removed(twin.go(Command::fix));
    SECTION("all goes, and comes back")
    {
        for (const bool is_again : {false, true}) {
            CAPTURE(is_again);
            CHECK(removed(home.go(Command::fix)) == all);
            CHECK(home.go(Command::fix).exit_code == Exit::nothing_found);
            CHECK(home.go(Command::undo).exit_code == Exit::ok);
        }
    }
    SECTION("once, where both browsers are looked into")
    {
        const Report listed = home.go(both);
        REQUIRE(listed.profiles.size() == 1);
        CHECK(place_in(listed, home.cache) != nullptr);
        both.command = Command::fix;
        CHECK(removed(home.go(both)) == all);
    }
    SECTION("in use")
    {
        const bool is_first = GENERATE(true, false);
        fs::create_symlink("another-computer-77", (is_first ? data : other) / "SingletonLock");
        CHECK(home.go(home.request(Command::fix)).exit_code == Exit::in_use);
        both.command = Command::fix;
        CHECK(home.go(both).exit_code == Exit::in_use);
    }
}

TEST_CASE("what a launcher names is left out, and told, if it is somebody else's", "[not-windows]")
{
    if (!trust::is_root()) {
        WARN("not root: nothing can be made somebody else's");
        return;
    }
    Home home("chromium");
    const fs::path user = home.folder / "home";
    const bool is_data = GENERATE(true, false);
    if (is_data) {
        fs::rename(home.profile.parent_path(), home.folder / "theirs");
    } else {
        fs::rename(home.cache.parent_path(), home.folder / "theirs");
    }
    put(user / ".local/share/applications/work.desktop", std::string("Exec=chromium ") +
                                                             (is_data ? "--user-data-dir=" : "--disk-cache-dir=") +
                                                             (home.folder / "theirs").string() + "\n");
    CHECK(home.go(Command::profiles).profiles.size() == 1);
    CHECK(place_in(home.go(Command::profiles), home.folder / "theirs/Default") != nullptr);
    REQUIRE(::chown((home.folder / "theirs").c_str(), 4711, 4711) == 0);
    const Report listed = home.go(Command::profiles);
    CHECK(place_in(listed, home.folder / "theirs/Default") == nullptr);
    if (is_data) {
        CHECK(listed.profiles.empty());
        CHECK(is_told(listed, "was left out: somebody else's"));
    }
}
