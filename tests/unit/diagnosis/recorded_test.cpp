// What a recording of a browser shows.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;
using Catch::Matchers::Contains;

namespace {

Exchange exchange(const std::string& url, int status, std::vector<SentCookie> sent = {})
{
    Exchange one;
    one.url = url;
    one.reply.status = status;
    one.sent = std::move(sent);
    one.is_page = true;
    return one;
}

std::vector<Finding> causes_in(const Recording& recording, std::vector<Item> items = {})
{
    const std::vector<ProfilePlan> inventory{plan_of(std::move(items))};
    const Site site = Site::parse("https://example.com/").value();
    const auto page = page_in(recording, site);
    return find_causes({.inventory = inventory,
                        .site = site,
                        .probe = page,
                        .now = now,
                        .command = "unstick fix example.com",
                        .recording = &recording});
}

}  // namespace

TEST_CASE("a recording in which nothing is wrong")
{
    CHECK(causes_in({{exchange("https://example.com/", 200, {{"a", 10}, {"b", 8000}})}}).empty());
    CHECK(causes_in({{exchange("https://example.com/", 200)}}, {cookie("a", "example.com")}).empty());
}

TEST_CASE("more cookies than a server takes were sent")
{
    const auto refused = causes_in({{exchange("https://example.com/", 431, {{"a", 5000}, {"b", 5000}})}});
    REQUIRE(fires(refused, "cookie-header-too-big"));
    CHECK(of_rule(refused, "cookie-header-too-big")->confidence == Confidence::high);
    CHECK_THAT(of_rule(refused, "cookie-header-too-big")->what, Contains("answered 431"));
    CHECK(of_rule(causes_in({{exchange("https://example.com/", 200, {{"a", 9000}})}}), "cookie-header-too-big")
              ->confidence == Confidence::medium);
    CHECK_FALSE(fires(causes_in({{exchange("https://other.test/", 431, {{"a", 9000}})}}), "cookie-header-too-big"));
}

TEST_CASE("a cookie was sent twice")
{
    const auto twice = causes_in({{exchange("https://example.com/", 403, {{"sid", 10}, {"sid", 11}})}});
    REQUIRE(fires(twice, "cookie-sent-twice"));
    CHECK(of_rule(twice, "cookie-sent-twice")->confidence == Confidence::high);
    CHECK_THAT(of_rule(twice, "cookie-sent-twice")->advice, Contains("unstick fix example.com --stale"));

    // A profile here holds both: the rule for that has the command.
    const auto known = causes_in({{exchange("https://example.com/", 403, {{"sid", 10}, {"sid", 11}})}},
                                 {cookie("sid", ".example.com"), cookie("sid", "example.com")});
    CHECK_FALSE(fires(known, "cookie-sent-twice"));
    CHECK(fires(known, "shadowed-cookie"));
}

TEST_CASE("what is refused in a part of a page is told, too")
{
    Exchange part = exchange("https://example.com/api/login", 200);
    part.is_page = false;
    part.reply.headers = {{"set-cookie", "sid=SECRET; SameSite=None"}};
    const auto found = causes_in({{part}});
    REQUIRE(fires(found, "refused-set-cookie"));
    CHECK_THAT(of_rule(found, "refused-set-cookie")->what, Contains("sid") && !Contains("SECRET"));
    part.reply.headers = {{"set-cookie", "sid=SECRET; SameSite=None; Secure"}};
    CHECK(causes_in({{part}}).empty());
}

TEST_CASE("the cookies with which a page was refused are found in the profile")
{
    const Recording recording{{exchange("https://example.com/", 403, {{"sid", 10}})}};
    const auto found = causes_in(
        recording, {cookie("sid", "example.com"), cookie("other", "example.com"), cookie("sid", "b.example.com")});
    CHECK(named(found, "cookies-refused") == Indices{0});
    CHECK(of_rule(found, "cookies-refused")->confidence == Confidence::low);
    CHECK_FALSE(
        fires(causes_in({{exchange("https://example.com/", 200, {{"sid", 10}})}}, {cookie("sid", "example.com")}),
              "cookies-refused"));
}

TEST_CASE("the provider's back-off in an address")
{
    const Recording recording{{exchange(
        "https://example.com/cb?error=invalid_request&error_description=AADSTS50196%3a+The+server+terminated+an+"
        "operation+because+it+encountered+a+client+request+loop.&state=SECRETSTATE",
        200)}};
    REQUIRE(fires(causes_in(recording), "provider-back-off"));
}
