// The steps in which more and more is removed.

#include "diagnosis/escalate.h"
#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

TEST_CASE("steps: the likely first, then all findings, then kind by kind; each item once")
{
    Item expired = cookie("old", "example.com");
    expired.expires = now - 1;
    std::vector<ProfilePlan> inventory{plan_of({expired, cookie("s", "example.com"), cookie("session", ".example.com"),
                                                cookie("session", "app.example.com")})};
    const Site site = Site::parse("example.com").value();
    const std::optional<Probe> none;
    const auto steps = escalation(inventory, find_causes({inventory, site, none, now, ""}));
    REQUIRE(steps.size() == 3);
    CHECK(steps[0][0].items() == 2);
    CHECK(steps[0][0].stores[0].found.items[0].name == "session");
    CHECK(steps[1][0].stores[0].found.items[0].name == "old");
    CHECK(steps[2][0].stores[0].found.items[0].name == "s");
    CHECK(escalation({}, {}).empty());
}
