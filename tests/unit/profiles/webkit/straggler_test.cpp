// Something of a browser that has quit writes all the same: told, not taken for done.

#include <chrono>

#include "tests/fixtures/home.h"

using namespace unstick;
using testing::get;
using testing::Home;
using testing::put;

namespace {

const Adapter& browser(std::string_view id)
{
    return testing::adapter_named(id);
}

Home safari()
{
    return {browser("safari"), browser("safari").roots[0]};
}

fs::path jar_of(const Home& home)
{
    return home.profile / "Cookies/Cookies.binarycookies";
}

/// Writes the jar anew as it was, two seconds after unstick wrote to it.
struct Straggler : testing::FakeHost {
    fs::path jar;
    std::string bytes;
    void sleep(std::chrono::milliseconds time) override
    {
        FakeHost::sleep(time);
        if (time >= std::chrono::seconds(2)) {
            put(jar, bytes);
        }
    }
    /// Changed so many seconds ago, by this computer's clock.
    void set_age(std::int64_t seconds) const
    {
        fs::last_write_time(
            jar, std::chrono::file_clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(clock - seconds))));
    }
};

void check_told(const Report& report, const fs::path& jar, std::string_view word)
{
    CHECK(report.exit_code == Exit::partial);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].code == Code::changed);
    CHECK(report.problems[0].where == jar);
    CHECK(report.problems[0].what.find(word) != std::string::npos);
}

}  // namespace

TEST_CASE("what something of a browser that has quit wrote afterwards is told")
{
    Home home = safari();
    Straggler host;
    host.jar = jar_of(home);
    host.bytes = get(host.jar);
    host.set_age(3600);
    Request fix = home.request(Command::fix);
    const auto sign = GENERATE(as<std::string>{}, "was closed", "a young jar", "a helper");
    CAPTURE(sign);
    if (sign == "was closed") {
        host.programs.emplace("Safari", 4711);
        fix.close = true;
    } else if (sign == "a young jar") {
        host.set_age(20);
    } else {
        host.programs.emplace("com.apple.WebKit.Networking", 4712);
    }
    check_told(run(fix, host, adapters(), {}), host.jar, "came back");
    CHECK(host.slept <= std::chrono::seconds(5));
}

TEST_CASE("what was put back and did not stay is told, and can be put back again")
{
    Home home = safari();
    const auto before = home.seen();
    Straggler host;
    host.jar = jar_of(home);
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    host.bytes = get(host.jar);
    host.set_age(20);
    check_told(run(home.request(Command::undo), host, adapters(), {}), host.jar, "did not stay");
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("nobody waits for a browser of which nothing is left")
{
    Home home = safari();
    Straggler host;
    host.jar = jar_of(home);
    host.set_age(31);
    CHECK(run(home.request(Command::fix), host, adapters(), {}).exit_code == Exit::ok);
    host.set_age(31);
    CHECK(run(home.request(Command::undo), host, adapters(), {}).exit_code == Exit::ok);
    CHECK(host.slept.count() == 0);
}
