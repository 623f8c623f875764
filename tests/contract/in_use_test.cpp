// Profiles that a browser has open, or something else has.

#include <algorithm>
#include <array>
#include <sstream>

#include "inventory/discover.h"
#include "inventory/plan.h"
#include "journal/journal.h"
#include "platform/files.h"
#include "profiles/all.h"
#include "tests/fixtures/blockfile_cache.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::CacheKind;
using testing::Home;
using testing::snapshot;
using testing::TempFolder;

TEST_CASE("a profile in use is not touched, is told, and can be asked to close", "[not-windows]")
{
    Home home("chrome");
    fs::create_symlink(home.host.name + "-4711", home.profile.parent_path() / "SingletonLock");
    const std::string before = snapshot(home.folder / "home");
    SECTION("a live process of this computer")
    {
        home.host.processes.insert(4711);
        const Report report = home.go(Command::fix);
        CHECK(report.exit_code == Exit::in_use);
        CHECK(report.profiles.at(0).in_use);
        CHECK(snapshot(home.folder / "home") == before);
    }
    SECTION("a crash left the lock")
    {
        CHECK(home.go(Command::fix).exit_code == Exit::ok);
    }
    SECTION("another computer's lock")
    {
        fs::remove(home.profile.parent_path() / "SingletonLock");
        fs::create_symlink("some-other-host-12", home.profile.parent_path() / "SingletonLock");
        const std::string locked = snapshot(home.folder / "home");
        const Report report = home.go(Command::fix);
        CHECK(report.exit_code == Exit::in_use);
        CHECK(report.problems.at(0).what.find("some-other-host") != std::string::npos);
        CHECK(snapshot(home.folder / "home") == locked);
    }
    SECTION("it answers on its socket, and quits when asked")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        CHECK(home.go(Command::fix).exit_code == Exit::in_use);
        CHECK(home.host.asked_to_quit.empty());
        Request close = home.request(Command::fix);
        close.close = true;
        CHECK(home.go(close).exit_code == Exit::ok);
        CHECK(home.host.asked_to_quit == std::vector<std::int64_t>{99});
    }
    SECTION("it is started again at the end, with its own switches and its tabs")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        home.host.started_with[99] = {"/opt/browser", "--proxy-server=x"};
        Request close = home.request(Command::fix);
        close.close = close.reopen = true;
        SECTION("after fix") {}
        SECTION("if the question was answered with no")
        {
            close.yes = false;
            home.console.confirm = [](const Report&) { return false; };
        }
        SECTION("after undo")
        {
            const auto listeners = std::exchange(home.host.listeners, {});
            CHECK(home.go(Command::fix).exit_code == Exit::ok);
            home.host.listeners = listeners;
            close.command = Command::undo;
            close.site.reset();
        }
        home.go(close);
        CHECK(home.host.asked_to_quit == std::vector<std::int64_t>{99});
        CHECK(home.host.commands == std::vector<std::string>{"/opt/browser --proxy-server=x --restore-last-session"});
    }
    SECTION("somebody at a terminal is asked whether to close it, and it comes back")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        home.host.started_with[99] = {"/opt/browser"};
        std::string asked;
        bool answer = true;
        home.console.ask = [&](const std::string& question) {
            asked = question;
            return answer;
        };
        SECTION("yes")
        {
            CHECK(home.go(Command::fix).exit_code == Exit::ok);
            CHECK(asked.find(" open, and ") != std::string::npos);
            CHECK(home.host.asked_to_quit == std::vector<std::int64_t>{99});
            CHECK(home.host.commands == std::vector<std::string>{"/opt/browser --restore-last-session"});
        }
        SECTION("yes, to undo")
        {
            const auto listeners = std::exchange(home.host.listeners, {});
            CHECK(home.go(Command::fix).exit_code == Exit::ok);
            home.host.listeners = listeners;
            CHECK(home.go(Command::undo).exit_code == Exit::ok);
            CHECK(asked.find(" open. Close it now") != std::string::npos);
            CHECK(home.host.commands == std::vector<std::string>{"/opt/browser --restore-last-session"});
        }
        SECTION("no")
        {
            answer = false;
            const Report report = home.go(Command::fix);
            CHECK(report.exit_code == Exit::in_use);
            CHECK(report.verdict.code == "in-use");
            CHECK(home.host.asked_to_quit.empty());
            CHECK(snapshot(home.folder / "home") == before);
        }
        SECTION("with --dry-run nobody is asked, and what is in it is shown")
        {
            Request look = home.request(Command::fix);
            look.dry_run = true;
            const Report report = home.go(look);
            CHECK(asked.empty());
            CHECK(report.exit_code == Exit::in_use);
            CHECK_FALSE(report.profiles.at(0).stores.empty());
            CHECK(report.profiles.at(0).stores.at(0).removed == 0);
            CHECK(home.host.asked_to_quit.empty());
        }
    }
    SECTION("nobody knows how to start it again")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        Request close = home.request(Command::fix);
        close.close = close.reopen = true;
        const Report report = home.go(close);
        CHECK(report.exit_code == Exit::partial);
        CHECK(report.problems.at(0).hint == "start it by hand");
        CHECK(home.host.commands.empty());
    }
    SECTION("it is asked and does not quit")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        home.host.obeys = false;
        Request close = home.request(Command::fix);
        close.close = true;
        const Report report = home.go(close);
        CHECK(report.exit_code == Exit::in_use);
        CHECK(home.host.slept >= std::chrono::seconds(20));
        CHECK(snapshot(home.folder / "home") == before);
    }
}

TEST_CASE("a browser that goes on without a window cannot be asked, and what switches that off is named",
          "[not-windows]")
{
    const auto [browser, policy] = GENERATE(table<const char*, const char*>(
        {{"edge", "StartupBoostEnabled and BackgroundModeEnabled"}, {"chrome", "BackgroundModeEnabled"}}));
    Home home(browser);
    home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
    fs::create_symlink(home.host.name + "-99", home.profile.parent_path() / "SingletonLock");
    home.host.has_window = false;
    const std::string before = snapshot(home.folder / "home");
    Request close = home.request(Command::fix);
    close.close = true;
    const Report report = home.go(close);
    CAPTURE(to_text(report, {}));
    CHECK(report.exit_code == Exit::in_use);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].hint.find(policy) != std::string::npos);
    CHECK(report.problems[0].where.find("process 99") != std::string::npos);
    CHECK(snapshot(home.folder / "home") == before);
}

TEST_CASE("a browser that is open and holds nothing of the site is left alone, and keeps nothing from being complete")
{
    Home home("chrome");
    home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
    Request request = home.request(Command::fix);
    request.site = *Site::parse("never-seen.test");
    request.close = true;
    SECTION("all of it can be read")
    {
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::nothing_found);
        CHECK(report.problems.empty());
        CHECK(report.profiles.at(0).in_use);
        CHECK(report.profiles.at(0).stores.empty());
        CHECK(report.next.at(0).find("has not written yet") != std::string::npos);
        CHECK(home.host.asked_to_quit.empty());
    }
    SECTION("a part of it cannot be read: nobody knows")
    {
        testing::put(home.profile / "Cookies", "no database");
        request.close = false;
        CHECK(home.go(request).exit_code == Exit::in_use);
    }
}

TEST_CASE("a profile whose LevelDB is open elsewhere is not touched")
{
    Home home("chrome");
    const auto held = files::Lock::take(home.profile / "Local Storage/leveldb/LOCK");
    REQUIRE(held);
    const std::string before = snapshot(home.folder / "home");
    CHECK(home.go(Command::fix).exit_code == Exit::in_use);
    CHECK(snapshot(home.folder / "home") == before);
}
