// Answers that no browser can do anything with.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;
using Catch::Matchers::Contains;

TEST_CASE("answers that no browser can do anything with")
{
    Probe probe = answer("https://example.com/", 200);
    probe.hops[0].set_cookie_names = {"sid"};
    CHECK(causes({}, probe).empty());
    probe.hops[0].refused_cookies = {{"sid", "InvalidDomain"}};
    const auto refused = causes({}, probe);
    REQUIRE(fires(refused, "refused-set-cookie"));
    CHECK(refused[0].fix.empty());
    CHECK_THAT(refused[0].what, Contains("sid (it is for a domain that"));
    CHECK(refused[0].evidence[0].second == "InvalidDomain sid of example.com");

    Probe changes = answer("https://example.com/", 401);
    changes.challenges = parse_challenges({"Basic realm=\"a\""}, changes.final_url);
    CHECK(causes({}, changes).empty());
    changes.realm_changes = true;
    CHECK(fires(causes({}, changes), "realm-changes"));

    Probe wants = answer("https://example.com/", 400);
    CHECK(causes({}, wants).empty());
    wants.wants_certificate = true;
    CHECK(fires(causes({}, wants), "wants-certificate"));
}
