// Tokens that have expired, and marks of a sign-in that goes on.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;
using Catch::Matchers::Contains;

TEST_CASE("a token that has expired")
{
    Item token = item_of(StorageEntry{}, "example.com", "id_token");
    as<StorageEntry>(token).tokens.expires = now - day_s;
    CHECK(named(causes({token}), "dead-token") == Indices{0});
    CHECK(of_rule(causes({token}), "dead-token")->confidence == Confidence::medium);
    Probe probe = answer("https://example.com/", 401);
    probe.challenges = parse_challenges({"Bearer error=\"invalid_token\""}, probe.final_url);
    CHECK(of_rule(causes({token}, probe), "dead-token")->confidence == Confidence::high);

    SECTION("it is renewed by what is in it")
    {
        as<StorageEntry>(token).tokens.renewable = true;
        CHECK(causes({token}).empty());
    }
    SECTION("it is renewed by what is beside it")
    {
        CHECK(causes({token, item_of(StorageEntry{}, "example.com", "refreshToken")}).empty());
        CHECK(fires(causes({token, item_of(StorageEntry{}, "b.example.com", "refreshToken")}), "dead-token"));
        CHECK(causes({token, cookie("refresh_token", ".example.com", "/auth")}).empty());
        CHECK(fires(causes({token, cookie("refresh_token", "b.example.com")}), "dead-token"));
    }
    SECTION("it lives")
    {
        as<StorageEntry>(token).tokens.expires = now + 1;
        CHECK(causes({token}).empty());
    }
    SECTION("it is not valid yet")
    {
        as<StorageEntry>(token).tokens.expires = now + day_s;
        as<StorageEntry>(token).tokens.valid_from = now + 3600;
        CHECK_THAT(of_rule(causes({token}), "dead-token")->what, Contains("not valid yet"));
    }
}

TEST_CASE("what belongs to the sign-in of a dead token goes with it")
{
    const auto entry = [](const std::string& name) { return item_of(StorageEntry{}, "example.com", name); };
    Item dead = entry("auth.id_token");
    as<StorageEntry>(dead).tokens.expires = now - day_s;
    Item elsewhere = item_of(StorageEntry{}, "b.example.com", "auth.access_token");
    CHECK(named(causes({dead, entry("auth.access_token"), entry("auth.expiresAt"), entry("auth.token-type"),
                        entry("other.access_token"), entry("auth.theme"), elsewhere, entry("csrf_token")}),
                "dead-token") == Indices{0, 1, 2, 3});
    Item living = entry("auth.access_token");
    as<StorageEntry>(living).tokens.expires = now + day_s;
    CHECK(named(causes({dead, living}), "dead-token") == Indices{0});
}

TEST_CASE("a site with very many tokens is looked through once, not once for each of them")
{
    std::vector<Item> items;
    for (int i = 0; i < 50'000; ++i) {
        items.push_back(item_of(StorageEntry{}, "example.com", "auth.token"));
    }
    as<StorageEntry>(items.front()).tokens.expires = now - day_s;
    CHECK(named(causes(items), "dead-token").size() == items.size());
}

TEST_CASE("a token of which only the entry beside it knows the time")
{
    const auto entry = [](const std::string& name) { return item_of(StorageEntry{}, "example.com", name); };
    Item time = entry("token_expires_at");
    as<StorageEntry>(time).tokens.bare_time = now - day_s;
    CHECK(named(causes({entry("accessToken"), time}), "dead-token") == Indices{0, 1});
    CHECK_THAT(of_rule(causes({entry("accessToken"), time}), "dead-token")->what, Contains("expired 24 hours ago"));

    CHECK(causes({time}).empty());
    CHECK(causes({entry("csrf_token"), time}).empty());
    CHECK(causes({entry("accessToken"), time, entry("refreshToken")}).empty());
    Item other = time;
    other.name = "cache_expires_at";
    CHECK(causes({entry("accessToken"), other}).empty());
    as<StorageEntry>(time).tokens.bare_time = now + day_s;
    CHECK(causes({entry("accessToken"), time}).empty());
    Item living = entry("accessToken");  // it says so itself
    as<StorageEntry>(living).tokens.expires = now + day_s;
    as<StorageEntry>(time).tokens.bare_time = now - day_s;
    CHECK(causes({living, time}).empty());
}

TEST_CASE("a sign-in that is marked as going on")
{
    Item tab = item_of(TabStorage{}, "example.com");
    as<TabStorage>(tab).names = {"x", "msal.1234.interaction.status"};
    const auto found = causes({cookie("msal.interaction.status", "example.com"), tab,
                               item_of(StorageEntry{}, "example.com", "interaction_in_progress")});
    CHECK(named(found, "login-in-progress") == Indices{0, 1, 2});
    CHECK(causes({cookie("status", "example.com"), item_of(TabStorage{}, "example.com")}).empty());
}

TEST_CASE("dead tokens and marks in a storage that goes as a whole (Firefox, WebKit)")
{
    const auto storage = [](std::vector<OriginStorage::Entry> entries) {
        return item_of(OriginStorage{.entries = std::move(entries)}, "example.com");
    };
    const TokenTimes none;
    const TokenTimes dead{.expires = now - day_s};
    const TokenTimes living{.expires = now + day_s};
    const TokenTimes over{.bare_time = now - day_s};
    CHECK(causes({storage({})}).empty());
    CHECK(named(causes({storage({{"app", none}, {"msal.interaction.status", none}})}), "login-in-progress") ==
          Indices{0});
    CHECK(named(causes({storage({{"app", dead}})}), "dead-token") == Indices{0});
    CHECK(causes({storage({{"app", living}})}).empty());
    CHECK(causes({storage({{"app", dead}, {"other", living}})}).empty());
    CHECK(causes({storage({{"app", dead}, {"refreshToken", none}})}).empty());

    const OriginStorage::Entry token{"access_token", none};
    const OriginStorage::Entry time{"expires_at", over};
    CHECK(named(causes({storage({token, time})}), "dead-token") == Indices{0});
    CHECK(causes({storage({token})}).empty());
    CHECK(causes({storage({time})}).empty());
    CHECK(causes({storage({token, {"cache_expires_at", over}})}).empty());
    CHECK(causes({storage({token, time, {"auth.id_token", living}})}).empty());
    CHECK(causes({storage({token, time, {"refresh_token", none}})}).empty());
}

TEST_CASE("the provider asks to wait")
{
    Item note = item_of(StorageEntry{}, "example.com", "throttling.{\"clientId\":\"1\"}");
    const auto found = causes({note});
    REQUIRE(fires(found, "provider-back-off"));
    CHECK(of_rule(found, "provider-back-off")->items.empty());
    CHECK_THAT(of_rule(found, "provider-back-off")->advice, Contains("wait 5 to 10 minutes"));
    Item tab = item_of(TabStorage{}, "example.com");
    as<TabStorage>(tab).names = {"throttling.1"};
    CHECK(fires(causes({tab}), "provider-back-off"));
    CHECK(causes({item_of(StorageEntry{}, "example.com", "throttle"), item_of(TabStorage{}, "example.com")}).empty());

    Probe probe = answer("https://example.com/?error=invalid_request&error_description=AADSTS50196:%20loop", 200);
    CHECK(of_rule(causes({}, probe), "provider-back-off")->confidence == Confidence::high);
    probe.hops[0].url = "https://example.com/?error=invalid_request&error_description=AADSTS50058:%20no";
    CHECK(causes({}, probe).empty());
}
