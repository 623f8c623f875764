// A clock that is wrong.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;
using Catch::Matchers::Contains;

TEST_CASE("the clock")
{
    Probe probe = answer("https://example.com/", 200);
    probe.server_date_skew_s = 4000;
    const auto behind = causes({}, probe);
    REQUIRE(fires(behind, "wrong-clock"));
    CHECK(behind[0].confidence == Confidence::high);
    CHECK_THAT(behind[0].what, Contains("66 minutes behind"));
    CHECK(behind[0].fix.empty());
    CHECK_FALSE(behind[0].advice.empty());
    probe.server_date_skew_s = -100;
    CHECK(of_rule(causes({}, probe), "wrong-clock")->confidence == Confidence::low);
    probe.server_date_skew_s = 60;
    CHECK(causes({}, probe).empty());
}
