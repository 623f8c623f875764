// The order of findings.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

TEST_CASE("the most likely cause comes first, and every rule is in the list")
{
    Item expired = cookie("x", "example.com");
    expired.expires = now - 1;
    const auto found = causes({expired, cookie("session", ".example.com"), cookie("session", "app.example.com")});
    REQUIRE(found.size() == 2);
    CHECK(found[0].rule == "shadowed-cookie");
    CHECK(found[1].rule == "expired-cookie");
    CHECK(std::all_of(found.begin(), found.end(), [](const Finding& finding) {
        return std::any_of(rules().begin(), rules().end(),
                           [&](const RuleInfo& rule) { return rule.id == finding.rule; });
    }));
}
