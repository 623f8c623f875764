// What a browser gets to see of a profile, and what becomes of it.

#include "devtools/profile_copy.h"

#include <sys/stat.h>

#include <fstream>

#include "tests/fixtures/catch.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using namespace unstick::testing;

namespace {

Home home_of_chromium(CacheKind cache = CacheKind::simple)
{
    return Home("chromium", all_hosts(), cache);
}

ProfilePlan plan_of(const Home& home)
{
    const Profile profile{"chromium", "Default", "", home.profile.parent_path(), home.profile, home.cache};
    return plan_profile(home.adapter, profile, *Site::parse("stuck.test"), all_kinds());
}

Report with_browser(Home& home, Command command = Command::fix)
{
    home.host.replies["https://stuck.test/"] = {Reply{}};
    home.host.replies["https://stuck.test/"].front().status = 200;
    Request request = home.request(command);
    request.retest = Retest::browser;
    return home.go(request);
}

/// Folders of private copies that lie below a state folder.
std::vector<fs::path> copies_in(const fs::path& state)
{
    std::vector<fs::path> copies;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(state / "copies", none)) {
        if (entry.is_directory()) {
            copies.push_back(entry.path());
        }
    }
    return copies;
}

}  // namespace

TEST_CASE("a copy holds what the site has, and of others no more than a visit may need")
{
    const Home home = home_of_chromium();
    const auto before = home.seen();
    fs::path folder;
    {
        const auto copy = PrivateCopy::make(plan_of(home));
        REQUIRE(copy);
        folder = copy->folder();
        struct stat status {};
        REQUIRE(::stat(folder.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0700);
        CHECK(rows(folder / "Default/Cookies", "cookies", "host_key LIKE '%stuck.test'") > 0);
        CHECK_FALSE(holding(folder / "Default/IndexedDB", "SECRET-app.stuck.test").empty());
        CHECK_FALSE(holding(folder / "Default/Cache", "SECRET-app.stuck.test").empty());
        for (const char* place :
             {"Default/Cache", "Default/IndexedDB", "Default/Service Worker/CacheStorage", "Default/File System"}) {
            CHECK((!fs::exists(folder / place) || holding(folder / place, "SECRET-other.test").empty()));
        }
    }
    CHECK_FALSE(fs::exists(folder));
    CHECK(home.seen() == before);
}

TEST_CASE("of the settings a copy gets those that decide how pages are loaded")
{
    const Home home = home_of_chromium();
    put(home.profile / "Preferences",
        R"({"profile":{"name":"Ann","content_settings":{"exceptions":{}}},"session":{"restore_on_startup":1,
            "startup_urls":["https://other.test/"]},"extensions":{"settings":{}},"account_info":["ann"]})");
    const auto copy = PrivateCopy::make(plan_of(home));
    REQUIRE(copy);
    std::ifstream file(copy->folder() / "Default/Preferences");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    CHECK(text == R"({"profile":{"content_settings":{"exceptions":{}}},"session":{"restore_on_startup":1}})");
    CHECK(copy->keeps_session());
}

TEST_CASE("a copy never holds what a link leads to")
{
    const Home home = home_of_chromium();
    put(home.folder / "elsewhere", "SECRET of another folder");
    fs::remove(home.profile / "TransportSecurity");
    fs::create_symlink(home.folder / "elsewhere", home.profile / "TransportSecurity");
    const auto copy = PrivateCopy::make(plan_of(home));
    REQUIRE(copy);
    CHECK(holding(copy->folder(), "SECRET of another folder").empty());
}

TEST_CASE("a browser that cannot be opened is a problem without an exit code; the other test stands in")
{
    Home home = home_of_chromium();
    SECTION("it is not there")
    {
        const Report report = with_browser(home);
        REQUIRE(report.retest_problems.size() == 1);
        CHECK(report.retest_problems[0].code == Code::not_found);
        CHECK(report.retest_problems[0].where == "chromium/Default");
        CHECK(report.exit_code == Exit::ok);
        REQUIRE(report.after);
        CHECK(report.after->method == "http");
        CHECK(report.verdict.code == "site-answers");
        CHECK(to_json(report).find("its own browser could not be asked") != std::string::npos);
        CHECK(to_text(report, {}).find("--browser-program") != std::string::npos);
    }
    SECTION("it refuses")
    {
        home.host.has_piped = true;
        const Report report = with_browser(home, Command::why);
        REQUIRE_FALSE(report.retest_problems.empty());
        CHECK(report.retest_problems[0].code == Code::unsupported);
        CHECK(report.retest_problems[0].hint.find("--no-sandbox") != std::string::npos);
        CHECK(home.host.commands.front().starts_with("chromium --headless=new --remote-debugging-pipe"));
    }
    SECTION("it has the profile open")
    {
        const auto lock = files::Lock::take(home.profile / "Local Storage/leveldb/LOCK");
        REQUIRE(lock);
        const Report report = with_browser(home, Command::why);
        REQUIRE_FALSE(report.retest_problems.empty());
        CHECK(report.retest_problems[0].code == Code::locked);
    }
    CHECK(copies_in(home.folder / "state").empty());
}

TEST_CASE("the browser is told what the re-test was told, and calls itself what it always does")
{
    Home home = home_of_chromium();
    home.host.has_piped = true;
    home.host.piped_messages = {R"({"id":1,"result":{"userAgent":"Mozilla/5.0 (X11) HeadlessChrome/156.0.0.0"}})",
                                R"({"id":2,"result":{"targetId":"F"}})", R"({"id":3,"result":{"sessionId":"S"}})",
                                R"({"method":"Inspector.targetCrashed"})"};
    home.host.replies["https://stuck.test/"].emplace_back().status = 200;
    Request request = home.request(Command::why);
    request.retest = Retest::browser;
    request.probe.http.proxy = "socks5h://ann:p@ss@proxy.test:3128";
    request.probe.http.resolve = {"stuck.test:443:127.0.0.1,127.0.0.2", "+app.stuck.test:8443:::1", "nonsense"};
    request.probe.browser = {"/opt/chromium", {"--no-sandbox"}, ""};
    CHECK(home.go(request).retest_problems.empty());
    REQUIRE(home.host.commands.size() == 2);  // a fresh one first, which says its name
    CHECK(home.host.commands[0].starts_with("/opt/chromium --headless=new"));
    CHECK(home.host.commands[0].find("--user-agent") == std::string::npos);
    const std::string& command = home.host.commands[1];
    CHECK(command.find("--user-data-dir=" + (home.folder / "state/copies/copy-").string()) != std::string::npos);
    CHECK(command.find("--user-agent=Mozilla/5.0 (X11) Chrome/156.0.0.0") != std::string::npos);
    CHECK(command.find("--proxy-server=socks5://proxy.test:3128 ") != std::string::npos);
    CHECK(command.find("--host-resolver-rules=MAP stuck.test:443 127.0.0.1,MAP app.stuck.test:8443 [::1]") !=
          std::string::npos);
    CHECK(command.find("--restore-last-session") == std::string::npos);
    CHECK(home.host.commands[0].find("--user-data-dir=" + (home.folder / "state/copies/copy-").string()) !=
          std::string::npos);
    CHECK(command.ends_with(" --no-sandbox"));
}
