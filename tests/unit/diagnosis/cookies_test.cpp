// Cookies that block a new one, or should have ended.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

TEST_CASE("a cookie from https that http pages may not replace")
{
    Item secure = cookie("id", "example.com");
    as<Cookie>(secure).secure = true;
    Probe probe = answer("http://example.com/", 200);
    probe.hops[0].set_cookie_names = {"id"};
    CHECK(named(causes({secure}, probe), "secure-cookie-blocks") == Indices{0});
    CHECK_FALSE(fires(causes({cookie("id", "example.com")}, probe), "secure-cookie-blocks"));
    probe.hops[0].url = "https://example.com/";
    CHECK_FALSE(fires(causes({secure}, probe), "secure-cookie-blocks"));
}

TEST_CASE("a cookie that should have ended with the browser, and one whose time is over")
{
    Item undead = cookie("id", "example.com");
    as<Cookie>(undead).persistent = false;
    undead.created = now - 8 * day_s;
    CHECK(named(causes({undead}), "restored-session-cookie") == Indices{0});
    undead.created = now - day_s;
    CHECK(causes({undead}).empty());
    Item old = cookie("id", "example.com");
    old.created = now - 8 * day_s;
    CHECK(causes({old}).empty());
    old.expires = now - 5;
    CHECK(named(causes({old}), "expired-cookie") == Indices{0});
    old.expires = now + 5;
    CHECK(causes({old}).empty());
}
