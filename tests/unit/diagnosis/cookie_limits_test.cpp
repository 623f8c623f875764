// Cookies that are too large or too many together.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

TEST_CASE("cookies that are too large together: litter and then the largest go")
{
    Item large = cookie("large", "example.com");
    as<Cookie>(large).value_size = 9000;
    CHECK(named(causes({cookie("small", "example.com"), large}), "cookie-header-too-big") == Indices{1});
    CHECK(of_rule(causes({large}), "cookie-header-too-big")->confidence == Confidence::medium);
    Item larger = large;
    as<Cookie>(larger).value_size = 20000;
    CHECK(of_rule(causes({larger}), "cookie-header-too-big")->confidence == Confidence::high);
    large.host = "other.example.com";  // is not sent to the target
    CHECK(causes({large}).empty());
    large.host = "example.com";
    as<Cookie>(large).value_size = 8100;  // sizes are estimated
    CHECK(of_rule(causes({large}), "cookie-header-too-big")->confidence == Confidence::medium);
    as<Cookie>(large).value_size = 7400;
    CHECK(of_rule(causes({large}), "cookie-header-too-big")->confidence == Confidence::low);
    as<Cookie>(large).value_size = 7300;
    CHECK(causes({large}).empty());
}

TEST_CASE("what sign-ins that were not completed leave")
{
    const auto many = [](const std::string& prefix, int count, const std::string& tail) {
        std::vector<Item> items;
        for (int i = 0; i < count; ++i) {
            items.push_back(cookie(prefix + std::string(1, static_cast<char>('a' + i)) + tail, "example.com"));
        }
        return items;
    };
    CHECK(of_rule(causes(many(".AspNetCore.Correlation.", 5, "x1")), "abandoned-login-cookies")->confidence ==
          Confidence::high);
    CHECK(causes(many(".AspNetCore.Correlation.", 4, "x1")).empty());
    CHECK(of_rule(causes(many("oidc-login-", 8, "9f3k2m1q")), "abandoned-login-cookies")->confidence ==
          Confidence::medium);
    CHECK(causes(many("oidc-login-", 7, "9f3k2m1q")).empty());
    CHECK(causes(many("session-part-", 8, "1")).empty());  // pieces of one cookie
    const auto litter = causes(many("oidc-login-", 8, "9f3k2m1q"));
    CHECK(litter[0].what.find("9f3k2m1q") == std::string::npos);  // what is random may be secret
}

TEST_CASE("twenty cookies that are alike but for a random end")
{
    const auto many = [](int count, const std::string& begin, const std::string& end) {
        std::vector<Item> items;
        for (int i = 0; i < count; ++i) {
            items.push_back(cookie(begin + std::string(1, static_cast<char>('a' + i)) + end, "example.com"));
        }
        return items;
    };
    const auto found = causes(many(20, "st-", "7Hq29xKd"));
    REQUIRE(fires(found, "abandoned-login-cookies"));
    CHECK(of_rule(found, "abandoned-login-cookies")->confidence == Confidence::medium);
    CHECK(of_rule(found, "abandoned-login-cookies")->items.size() == 20);
    CHECK(causes(many(19, "st-", "7Hq29xKd")).empty());
    CHECK(causes(many(20, "st-", "dashboard")).empty());  // words
    CHECK(causes(many(20, "st", "7Hq29xKd")).empty());
}

TEST_CASE("so many cookies that the browser throws some away: those used least go")
{
    std::vector<Item> items;
    for (int i = 0; i < 140; ++i) {
        items.push_back(cookie("c" + std::to_string(i), "example.com"));
        items.back().used = now - i;
    }
    const auto removed = named(causes(items), "too-many-cookies");
    CHECK(removed.size() == 20);
    CHECK(removed.front() == 120);
    const Site site = Site::parse("example.com").value();
    ProfilePlan elsewhere = plan_of(items);
    elsewhere.adapter = &testing::adapter_named("epiphany");  // no such limit is known of it
    CHECK_FALSE(fires(find_causes({std::vector{elsewhere}, site, {}, now, ""}), "too-many-cookies"));
    items.pop_back();
    CHECK_FALSE(fires(causes(items), "too-many-cookies"));
}
