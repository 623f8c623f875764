// Cookies that stay, by their names.

#include "app/keep_cookies.h"

#include "tests/fixtures/home.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::Home;

TEST_CASE("what a pattern means")
{
    const auto [pattern, name, expected] = GENERATE(table<std::string, std::string, bool>({
        {"sid", "sid", true},
        {"sid", "SID", false},
        {"sid", "sids", false},
        {"sid*", "sid", true},
        {"sid*", "sids", true},
        {"*sid", "ssid", true},
        {"*sid", "sids", false},
        {"*", "", true},
        {"a*b*c", "a-b-b-c", true},
        {"a*b*c", "a-c-b", false},
        {"a*a", "a", false},
        {"a**b", "ab", true},
        {"", "a", false},
    }));
    CAPTURE(pattern, name);
    CHECK(is_meant(pattern, name) == expected);
}

TEST_CASE("fix --keep-cookie leaves the cookies that are meant, and says so")
{
    Home home("chrome");
    const auto cookies = [&](const std::string& name) {
        return testing::rows(home.profile / "Cookies", "cookies",
                             "host_key LIKE '%stuck.test' AND name = '" + name + "'");
    };
    REQUIRE(cookies("session") > 0);
    const int others =
        testing::rows(home.profile / "Cookies", "cookies", "host_key LIKE '%stuck.test' AND name != 'session'");
    REQUIRE(others > 0);
    Request request = home.request(Command::fix);
    request.keep_cookies = {"sess*"};
    const int before = cookies("session");
    const Report report = home.go(request);
    CHECK(report.exit_code == Exit::ok);
    CHECK(cookies("session") == before);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key = 'stuck.test' AND name != 'session'") == 0);
    const auto said = [](const std::string& step) {
        return step.find("kept, as --keep-cookie says: session.") != step.npos;
    };
    CHECK(std::any_of(report.next.begin(), report.next.end(), said));
}
