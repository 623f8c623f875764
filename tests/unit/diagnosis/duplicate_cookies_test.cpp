// Cookies of one name: which of them stands in the way.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

TEST_CASE("a cookie on the site and on a part of it")
{
    const auto both = causes({cookie("session", ".example.com"), cookie("session", "app.example.com")});
    CHECK(named(both, "shadowed-cookie") == Indices{0, 1});
    CHECK(of_rule(both, "shadowed-cookie")->confidence == Confidence::high);
    CHECK(of_rule(both, "shadowed-cookie")->fix ==
          "unstick fix example.com --rule shadowed-cookie --browser chrome --profile Default");
    CHECK(of_rule(causes({cookie("basket", ".example.com"), cookie("basket", ".www.example.com")}), "shadowed-cookie")
              ->confidence == Confidence::medium);

    // Never sent together: other hosts, other names, a host cookie of the parent, paths beside each other.
    CHECK(causes({cookie("session", "a.example.com"), cookie("session", "b.example.com")}).empty());
    CHECK(causes({cookie("session", ".example.com"), cookie("other", "app.example.com")}).empty());
    CHECK(causes({cookie("session", "example.com"), cookie("session", "app.example.com")}).empty());
    CHECK(causes({cookie("session", ".example.com"), cookie("session", "notexample.com")}).empty());
    CHECK(causes({cookie("session", ".example.com", "/a"), cookie("session", "app.example.com", "/ab")}).empty());
    Item expired = cookie("session", ".example.com");
    expired.expires = now - 1;
    CHECK_FALSE(fires(causes({expired, cookie("session", "app.example.com")}), "shadowed-cookie"));
}

TEST_CASE("twins that count visitors, remember consent or a language are hints only")
{
    const auto* const name = GENERATE("_ga", "_uetsid", "_hjSession_1234", "OptanonConsent", "lang", "django_language");
    Item old = cookie(name, ".example.com");
    old.created = now - 30 * day_s;
    const auto alone = causes({old, cookie(name, ".www.example.com")});
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].confidence == Confidence::low);
    CHECK(named(alone, "shadowed-cookie") == Indices{0, 1});

    // Beside twins of a session they stay what they are, and apart.
    const auto both = causes({old, cookie(name, ".www.example.com"), cookie("session", ".example.com"),
                              cookie("session", "app.example.com")});
    REQUIRE(both.size() == 2);
    CHECK(both[0].confidence == Confidence::high);
    CHECK(named(both, "shadowed-cookie") == Indices{2, 3});
    CHECK(both[1].confidence == Confidence::low);
    CHECK(of_rule(causes({cookie("language_school_session", ".example.com"),
                          cookie("language_school_session", "app.example.com")}),
                  "shadowed-cookie")
              ->confidence == Confidence::high);
}

TEST_CASE("a cookie on a page and on a folder above it: the page's goes")
{
    CHECK(named(causes({cookie("id", "example.com", "/app/login"), cookie("id", "example.com", "/app")}),
                "shadowed-path-cookie") == Indices{0});
    CHECK(causes({cookie("id", "example.com", "/app"), cookie("id", "example.com", "/apple")}).empty());
}

TEST_CASE("a cookie bound to the site and not: the plain one goes")
{
    Item bound = cookie("session", "example.com");
    bound.partition = "https://example.com";
    CHECK(named(causes({bound, cookie("session", "example.com")}), "duplicate-partitioned-cookie") == Indices{1});
    bound.partition = "https://other.test";  // the site framed elsewhere
    CHECK(causes({bound, cookie("session", "example.com")}).empty());
    Item second = bound;
    second.partition = "https://third.test";
    CHECK(causes({bound, second}).empty());
}

TEST_CASE("a cookie that the site has replaced: only the old one goes")
{
    Item old = cookie("id", ".example.com");
    as<Cookie>(old).changed = now - 30 * day_s;
    Probe probe = answer("https://app.example.com/", 200);
    probe.hops[0].set_cookie_names = {"id"};
    const auto replaced = causes({cookie("id", "app.example.com"), old}, probe);
    CHECK(named(replaced, "outlived-cookie") == Indices{1});
    CHECK_FALSE(fires(replaced, "shadowed-cookie"));
    probe.hops[0].set_cookie_names.clear();  // nobody knows which is the right one
    CHECK_FALSE(fires(causes({cookie("id", "app.example.com"), old}, probe), "outlived-cookie"));
}
