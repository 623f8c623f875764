// A sign-in at another site.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;
using Catch::Matchers::Contains;

TEST_CASE("the sign-in is at another site")
{
    Probe probe = answer("https://login.provider.test/", 200);
    const auto elsewhere = causes({}, probe);
    REQUIRE(fires(elsewhere, "sign-in-elsewhere"));
    CHECK(elsewhere[0].confidence == Confidence::low);
    CHECK_THAT(elsewhere[0].advice, Contains("unstick why example.com --also provider.test"));
    CHECK(causes({}, answer("https://app.example.com/", 200)).empty());
    const std::optional<Probe> met = probe;
    const Site site = Site::parse("example.com").value();
    CHECK_THAT(find_causes({{}, site, met, now, "", {{"provider.test", 14}}})[0].what,
               Contains("provider.test (14 cookies are there)"));

    CHECK_THAT(
        find_causes({{}, site, met, now, "unstick fix example.com --url https://example.com/a --home /h"})[0].advice,
        Contains("unstick why example.com --url https://example.com/a --home /h --also provider.test"));

    const Hop here{"https://example.com/", 302, "", {}};
    const Hop there{"https://login.provider.test/", 302, "", {}};
    probe.hops = {here, there, here};  // there and back: an ordinary sign-in
    probe.final_url = here.url;
    CHECK(causes({}, probe).empty());
    probe.hops = {here, there, here, there};
    probe.error_code = "loop";
    CHECK(of_rule(causes({}, probe), "sign-in-elsewhere")->confidence == Confidence::high);
}
