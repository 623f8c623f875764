// scan: all sites of a profile, in one look.

#include <nlohmann/json.hpp>

#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::Home;

TEST_CASE("scan names the sites that look stuck, changes nothing and asks nobody")
{
    // The profile's cookie `shared` is on each site and on a part of it, where there is such a part.
    Home home("chrome", {"stuck.test", "app.stuck.test", "other.test"});
    const auto all = home.seen();
    Request request = home.request(Command::scan);
    request.site.reset();
    const Report report = home.go(request);
    CHECK(report.exit_code == Exit::wrong_found);
    CHECK(report.verdict.code == "wrong-found");
    CHECK(home.seen() == all);
    REQUIRE_FALSE(report.sites.empty());
    const SiteSeen& first = report.sites.front();
    CHECK(first.site == "stuck.test");
    CHECK(first.confidence != Confidence::low);
    CHECK_THAT(first.why, Contains("unstick why stuck.test"));
    CHECK(report.sites_looked_at >= 2);
    for (const SiteSeen& seen : report.sites) {
        CHECK((seen.site != "other.test" || seen.confidence == Confidence::low));
    }
    const auto json = nlohmann::json::parse(to_json(report));
    CHECK(json.at("sites").at(0).at("site") == "stuck.test");
    CHECK(json.at("sites").at(0).at("findings").at(0).at("rule") == "shadowed-cookie");
    CHECK_THAT(to_text(report, {}), Contains("stuck.test\n") && Contains("-> unstick why stuck.test"));
}

TEST_CASE("scan finds for a site what why finds for it, as far as no network is needed")
{
    Home home("chrome", {"stuck.test", "app.stuck.test", "other.test"});
    Request scan = home.request(Command::scan);
    scan.site.reset();
    const Report all = home.go(scan);
    const Report why = home.go(Command::why);
    REQUIRE_FALSE(all.sites.empty());
    std::set<std::string_view> expected;
    std::set<std::string_view> found;
    for (const Finding& finding : why.findings) {
        if (!finding.items.empty()) {
            expected.insert(finding.rule);
        }
    }
    for (const Finding& finding : all.sites.front().findings) {
        found.insert(finding.rule);
    }
    CHECK(found == expected);
}

TEST_CASE("scan of a computer without a browser")
{
    testing::TempFolder folder;
    testing::FakeHost host;
    Request request;
    request.command = Command::scan;
    request.home = folder.path();
    CHECK(run(request, host, {}, {}).exit_code == Exit::nothing_found);
}
