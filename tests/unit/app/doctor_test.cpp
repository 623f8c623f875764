// The command doctor: every fault is named with what to do, and nothing is changed.

#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "journal/journal.h"
#include "platform/files.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::Home;

namespace {

Home chrome_home()
{
    return Home("chrome");
}

/// The one problem, or a failed test.
Error only_problem(const Report& report)
{
    CAPTURE(to_text(report, {}));
    REQUIRE(report.problems.size() == 1);
    CHECK(report.verdict.code == "not-all-ready");
    return report.problems.front();
}

}  // namespace

TEST_CASE("a computer in order")
{
    Home home = chrome_home();
    home.host.clock = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    const std::string before = testing::snapshot(home.folder.path());
    const Report report = home.go(Command::doctor);
    CAPTURE(to_text(report, {}));
    CHECK(report.exit_code == Exit::ok);
    CHECK(report.verdict.code == "ready");
    CHECK(report.problems.empty());
    REQUIRE(report.checks.size() == 3);
    CHECK_THAT(report.checks[0].what, Contains("journals can be kept"));
    CHECK_THAT(report.checks[1].where, Contains("public suffix list of 20"));
    CHECK(report.checks[2].where == "Google Chrome, profile Default");
    CHECK(testing::snapshot(home.folder.path()) == before);
}

TEST_CASE("a browser that is open", "[not-windows]")
{
    Home home = chrome_home();
    const auto lock = files::Lock::take(home.profile / "Local Storage/leveldb/LOCK");
    REQUIRE(lock);
    fs::create_symlink("this-host-4711", home.profile.parent_path() / "SingletonLock");
    home.host.processes = {4711};
    const Report report = home.go(Command::doctor);
    CHECK(only_problem(report).code == Code::locked);
    CHECK_THAT(report.problems[0].hint, Contains("close it"));
    CHECK(report.exit_code == Exit::in_use);
}

TEST_CASE("a store of an unknown version")
{
    Home home = chrome_home();
    fs::remove(home.profile / "Cookies");
    testing::write_cookies(home.profile / "Cookies", {{"other.test", "session", ""}}, 99);
    const Report report = home.go(Command::doctor);
    CHECK(only_problem(report).code == Code::unsupported);
    CHECK_THAT(report.problems[0].what, Contains("99"));
    CHECK(report.exit_code == Exit::partial);
}

TEST_CASE("a run that was cut off")
{
    Home home = chrome_home();
    auto journal = Journal::create(home.request(Command::fix).state_dir, "stuck.test", home.host.clock);
    REQUIRE(journal);
    REQUIRE(journal->seal());
    const std::string id = journal->id();
    const Report report = home.go(Command::doctor);
    CHECK_THAT(only_problem(report).hint, Contains("unstick undo " + id));
}

TEST_CASE("a clock that is behind the profile's files")
{
    Home home = chrome_home();
    home.host.clock = 1'500'000'000;
    const Report report = home.go(Command::doctor);
    CHECK_THAT(only_problem(report).what, Contains("later than now"));
}

TEST_CASE("a place where no journal can be kept", "[not-windows]")
{
    Home home = chrome_home();
    Request request = home.request(Command::doctor);
    request.state_dir = "/proc/unstick";  // nobody can make a file there, not even root
    const Report report = home.go(request);
    CHECK_THAT(only_problem(report).where, Contains("/proc"));
}

TEST_CASE("no browser at all")
{
    Home home = chrome_home();
    fs::remove_all(home.profile.parent_path());
    const Report report = home.go(Command::doctor);
    CHECK(report.verdict.code == "no-profiles");
    CHECK(report.exit_code == Exit::ok);
}
