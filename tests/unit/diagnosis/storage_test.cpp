// Settings and databases.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

TEST_CASE("the key of the cookies is gone")
{
    Item unreadable = cookie("session", "example.com");
    as<Cookie>(unreadable).key_is_gone = true;
    const auto found = causes({unreadable, cookie("new", "example.com")});
    REQUIRE(fires(found, "key-store-locked"));
    CHECK(of_rule(found, "key-store-locked")->items.empty());
    CHECK(of_rule(found, "key-store-locked")->confidence == Confidence::high);
    CHECK(causes({cookie("session", "example.com")}).empty());
    unreadable.expires = now - 1;
    CHECK_FALSE(fires(causes({unreadable}), "key-store-locked"));
}

TEST_CASE("tracking prevention takes the site for a tracker")
{
    Item record = item_of(TrackingRecord{.prevalent = true}, "example.com");
    CHECK(of_rule(causes({record}), "tracking-prevention")->confidence == Confidence::low);
    CHECK(named(causes({record}, answer("https://login.provider.test/", 200)), "tracking-prevention") == Indices{0});
    CHECK(of_rule(causes({record}, answer("https://login.provider.test/", 200)), "tracking-prevention")->confidence ==
          Confidence::medium);
    as<TrackingRecord>(record).interacted = true;
    CHECK(causes({record}).empty());
    record = item_of(TrackingRecord{}, "example.com");
    CHECK(causes({record}).empty());
}

TEST_CASE("a setting that forbids cookies")
{
    Item setting = item_of(SiteSetting{}, "example.com", "cookies");
    as<SiteSetting>(setting).blocks = true;
    const auto blocked = causes({setting});
    CHECK(named(blocked, "cookies-blocked") == Indices{0});
    CHECK(blocked[0].confidence == Confidence::high);
    setting.name = "geolocation";
    CHECK(causes({setting}).empty());
    setting.name = "cookies";
    as<SiteSetting>(setting).blocks = false;
    CHECK(causes({setting}).empty());
}

TEST_CASE("a database that cannot be opened")
{
    Item database = item_of(Database{}, "example.com", "https://example.com");
    CHECK(causes({database}).empty());
    as<Database>(database).broken = true;
    CHECK(named(causes({database}), "broken-database") == Indices{0});
}
