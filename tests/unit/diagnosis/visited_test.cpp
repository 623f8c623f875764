// What the browser's own visit showed, joined with what is stored.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

namespace {

constexpr const char* start = "https://example.com/";

std::vector<Finding> causes_seen(std::vector<Item> items, VisitSeen visit)
{
    const std::vector<ProfilePlan> inventory{plan_of(std::move(items))};
    const Site site = Site::parse(start).value();
    const std::optional<Probe> probe = answer(start, 200);
    return find_causes({.inventory = inventory,
                        .site = site,
                        .probe = probe,
                        .now = now,
                        .command = "unstick fix example.com",
                        .visits = {{0, std::move(visit)}}});
}

/// A visit that ended with hardly any text.
VisitSeen blank(VisitSigns signs)
{
    return {.hosts = {"example.com"}, .shows_little = true, .signs = std::move(signs)};
}

VisitSigns refused(const std::string& path, const std::string& status = "400")
{
    return {.refused = {{"https://example.com" + path, status}}};
}

Item stored(const std::string& name)
{
    return item_of(StorageEntry{}, "example.com", name);
}

/// A visit whose page shows so many characters, beside a fresh one with many.
Probe visited(std::size_t text)
{
    Probe visit = answer(start, 200);
    visit.page = PageSeen{.text = text, .fingerprint = 1};
    Probe fresh = answer(start, 200);
    fresh.page = PageSeen{.text = 900, .fingerprint = 2};
    visit.fresh = std::make_shared<const Probe>(fresh);
    return visit;
}

}  // namespace

TEST_CASE("a database without what the scripts ask of it")
{
    const Item mine = item_of(Database{}, "example.com", "https://example.com");
    const Item other = item_of(Database{}, "docs.example.com", "https://docs.example.com");
    const auto found = causes_seen({mine, other}, blank({.misfit_database = true}));
    CHECK(named(found, "misfit-database") == Indices{0});
    CHECK(of_rule(found, "misfit-database")->confidence == Confidence::medium);

    CHECK_FALSE(fires(causes_seen({mine}, blank({})), "misfit-database"));
    CHECK_FALSE(fires(causes_seen({other}, blank({.misfit_database = true})), "misfit-database"));
    CHECK_FALSE(fires(causes({mine}), "misfit-database"));
    VisitSeen fine = blank({.misfit_database = true});
    fine.may_be_stuck = false;
    CHECK_FALSE(fires(causes_seen({mine}, fine), "misfit-database"));
    VisitSeen full = blank({.misfit_database = true});
    full.shows_little = false;
    CHECK(of_rule(causes_seen({mine}, full), "misfit-database")->confidence == Confidence::low);
}

TEST_CASE("a sign-in that is not renewed any more")
{
    Item tokens = stored("hassTokens");
    as<StorageEntry>(tokens).tokens.renewable = true;
    const auto found = causes_seen({stored("theme"), tokens}, blank(refused("/auth/token")));
    CHECK(named(found, "renewal-refused") == Indices{1});
    CHECK(of_rule(found, "renewal-refused")->confidence == Confidence::medium);

    SECTION("what is stored beside it of the same sign-in goes along, and a cookie")
    {
        const auto together = causes_seen({stored("kc_token"), stored("kc_refreshToken"), stored("columns"),
                                           cookie("refresh_token", "example.com"), cookie("sid", "example.com")},
                                          blank(refused("/realms/a/protocol/openid-connect/token", "401")));
        CHECK(named(together, "renewal-refused") == Indices{0, 1, 3});
    }
    SECTION("nothing is called so: a hint")
    {
        const auto nameless = causes_seen({stored("account")}, blank(refused("/api/refresh")));
        REQUIRE(fires(nameless, "renewal-refused"));
        CHECK(of_rule(nameless, "renewal-refused")->confidence == Confidence::low);
        CHECK(of_rule(nameless, "renewal-refused")->items.empty());
    }
    SECTION("another address, or a page that is in order")
    {
        CHECK_FALSE(fires(causes_seen({tokens}, blank(refused("/api/me", "401"))), "renewal-refused"));
        CHECK_FALSE(fires(causes_seen({tokens}, blank(refused("/token/of/esteem/list", "401"))), "renewal-refused"));
        CHECK_FALSE(fires(causes_seen({tokens}, blank({})), "renewal-refused"));
        VisitSeen form = blank(refused("/auth/token"));
        form.may_be_stuck = false;
        CHECK_FALSE(fires(causes_seen({tokens}, form), "renewal-refused"));
    }
}

TEST_CASE("a frame of another site without its cookies")
{
    const auto found = causes_seen({}, blank({.without_cookies = {"app.framed.test"}}));
    REQUIRE(fires(found, "third-party-cookies-blocked"));
    CHECK(of_rule(found, "third-party-cookies-blocked")->confidence == Confidence::medium);
    CHECK(of_rule(found, "third-party-cookies-blocked")->items.empty());
    CHECK(of_rule(found, "third-party-cookies-blocked")->what.find("app.framed.test") != std::string::npos);
    CHECK(causes_seen({}, blank({})).empty());
    VisitSeen signed_in = blank({.without_cookies = {"app.framed.test"}});
    signed_in.is_signed_in = true;
    CHECK(of_rule(causes_seen({}, signed_in), "third-party-cookies-blocked")->confidence == Confidence::low);
}

TEST_CASE("what rules get to see of a visit")
{
    Probe visit = visited(5);
    visit.signs = {.misfit_database = true,
                   .refused = {{"https://example.com/token", "400"}, {"https://example.com/me", "401"}},
                   .without_cookies = {"a.test", "b.test"}};
    const VisitSeen seen = seen_in(visit);
    CHECK(seen.hosts == std::set<std::string>{"example.com"});
    CHECK(seen.shows_little);
    CHECK(seen.may_be_stuck);
    CHECK(seen.signs.misfit_database);
    CHECK(seen.signs.refused.size() == 2);
    CHECK_FALSE(seen_in(visited(500)).shows_little);

    // What a fresh browser shows as well says nothing.
    Probe fresh = *visit.fresh;
    fresh.signs = {
        .misfit_database = true, .refused = {{"https://example.com/me", "401"}}, .without_cookies = {"b.test"}};
    visit.fresh = std::make_shared<const Probe>(fresh);
    const VisitSeen less = seen_in(visit);
    CHECK_FALSE(less.signs.misfit_database);
    REQUIRE(less.signs.refused.size() == 1);
    CHECK(less.signs.refused[0].url == "https://example.com/token");
    CHECK(less.signs.without_cookies.size() == 2);  // the same settings may be anybody's

    SECTION("a form for a password, and a way to sign out")
    {
        visit.page->password = true;
        CHECK_FALSE(seen_in(visit).may_be_stuck);
        visit.said_stuck = true;
        CHECK(seen_in(visit).may_be_stuck);
        visit.said_stuck = false;
        visit.page->password = false;
        visit.page->sign_out = true;
        CHECK_FALSE(seen_in(visit).may_be_stuck);
        CHECK(seen_in(visit).is_signed_in);
    }
}
