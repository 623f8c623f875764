// Every rule fires where its cause is and stays silent where it is not; what findings name is what fix removes; no
// secret gets into one.

#include "../src/findings/finding.h"

#include <nlohmann/json.hpp>

#include "../src/escalate.h"
#include "../src/formats/cached_answer.h"
#include "../src/formats/tokens.h"
#include "chromium_profile.h"
#include "home.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::Home;
using namespace std::string_literals;

namespace {

constexpr std::int64_t now = 1'800'000'000;
constexpr std::int64_t day_s = 86400;

constexpr StoreSpec cookie_store{Kind::cookies, "Cookies", Base::profile, "Cookies", Find{}};

Item cookie(const std::string& name, const std::string& host, const std::string& path = "/")
{
    Item item;
    item.type = ItemType::cookie;
    item.label = name;
    item.name = name;
    item.host = host;
    item.path = path;
    item.created = item.used = item.changed = now - 3600;
    item.value_size = 20;
    item.pieces.push_back({Medium::row, "/Cookies", "cookies", name + host + path});
    return item;
}

Item of_type(ItemType type, const std::string& host, const std::string& name = "")
{
    Item item;
    item.type = type;
    item.host = host;
    item.name = name;
    return item;
}

Item cached(const std::string& address, int status, const std::string& location = "")
{
    Item item = of_type(ItemType::cached_answer, "example.com", address);
    item.status = status;
    item.location = location;
    return item;
}

Probe answer(const std::string& url, int status, const std::string& location = "")
{
    Probe probe;
    probe.hops = {{url, status, location, {}}};
    probe.final_url = url;
    probe.status = status;
    return probe;
}

ProfilePlan plan_of(std::vector<Item> items)
{
    ProfilePlan plan;
    plan.profile.browser = "chrome";
    plan.profile.id = "Default";
    StorePlan store;
    store.spec = &cookie_store;
    store.found.items = std::move(items);
    plan.stores.push_back(std::move(store));
    return plan;
}

std::vector<Finding> causes(std::vector<Item> items, const std::optional<Probe>& probe = {},
                            const std::string& site_name = "https://example.com/")
{
    const std::vector<ProfilePlan> inventory{plan_of(std::move(items))};
    const Site site = Site::parse(site_name).value();
    return find_causes({inventory, site, probe, now, "unstick fix example.com"});
}

/// The finding of a rule; nullptr if it is silent.
const Finding* of_rule(const std::vector<Finding>& findings, std::string_view rule)
{
    const auto found =
        std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.rule == rule; });
    return found == findings.end() ? nullptr : &*found;
}

bool fires(const std::vector<Finding>& findings, std::string_view rule)
{
    return of_rule(findings, rule) != nullptr;
}

/// Which items the rule wants to go, by index; empty if it is silent.
std::vector<std::size_t> named(const std::vector<Finding>& findings, std::string_view rule)
{
    std::vector<std::size_t> items;
    if (const Finding* finding = of_rule(findings, rule)) {
        for (const ItemRef& ref : finding->items) {
            items.push_back(ref.item);
        }
    }
    return items;
}

std::string number(std::size_t n)
{
    const auto small = static_cast<std::uint32_t>(n);
    return std::string(reinterpret_cast<const char*>(&small), sizeof(small));
}

/// What Chromium keeps with a cached answer. `between`: extra flags and times.
std::string record(std::uint32_t flags, std::string_view between, std::string_view headers)
{
    const std::string payload = number(flags) + std::string(between) + number(headers.size()) + std::string(headers);
    return number(payload.size()) + payload;
}

using Indices = std::vector<std::size_t>;

}  // namespace

TEST_CASE("a cookie on the site and on a part of it")
{
    const auto both = causes({cookie("session", ".example.com"), cookie("session", "app.example.com")});
    CHECK(named(both, "shadowed-cookie") == Indices{0, 1});
    CHECK(of_rule(both, "shadowed-cookie")->confidence == Confidence::high);
    CHECK(of_rule(both, "shadowed-cookie")->fix ==
          "unstick fix example.com --rule shadowed-cookie --browser chrome --profile Default");
    CHECK(of_rule(causes({cookie("_ga", ".example.com"), cookie("_ga", ".www.example.com")}), "shadowed-cookie")
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
    CHECK(named(causes({bound, cookie("session", "example.com")}), "partitioned-twin") == Indices{1});
    bound.partition = "https://other.test";  // the site framed elsewhere
    CHECK(causes({bound, cookie("session", "example.com")}).empty());
    Item second = bound;
    second.partition = "https://third.test";
    CHECK(causes({bound, second}).empty());
}

TEST_CASE("a cookie that the site has replaced: only the old one goes")
{
    Item old = cookie("id", ".example.com");
    old.changed = now - 30 * day_s;
    Probe probe = answer("https://app.example.com/", 200);
    probe.hops[0].set_cookie_names = {"id"};
    const auto replaced = causes({cookie("id", "app.example.com"), old}, probe);
    CHECK(named(replaced, "outlived-cookie") == Indices{1});
    CHECK_FALSE(fires(replaced, "shadowed-cookie"));
    probe.hops[0].set_cookie_names.clear();  // nobody knows which is the right one
    CHECK_FALSE(fires(causes({cookie("id", "app.example.com"), old}, probe), "outlived-cookie"));
}

TEST_CASE("a cookie from https that http pages may not replace")
{
    Item secure = cookie("id", "example.com");
    secure.secure = true;
    Probe probe = answer("http://example.com/", 200);
    probe.hops[0].set_cookie_names = {"id"};
    CHECK(named(causes({secure}, probe), "secure-cookie-blocks") == Indices{0});
    CHECK_FALSE(fires(causes({cookie("id", "example.com")}, probe), "secure-cookie-blocks"));
    probe.hops[0].url = "https://example.com/";
    CHECK_FALSE(fires(causes({secure}, probe), "secure-cookie-blocks"));
}

TEST_CASE("cookies that are too large together: litter and then the largest go")
{
    Item large = cookie("large", "example.com");
    large.value_size = 9000;
    CHECK(named(causes({cookie("small", "example.com"), large}), "cookie-header-too-big") == Indices{1});
    CHECK(of_rule(causes({large}), "cookie-header-too-big")->confidence == Confidence::medium);
    Item larger = large;
    larger.value_size = 20000;
    CHECK(of_rule(causes({larger}), "cookie-header-too-big")->confidence == Confidence::high);
    large.host = "other.example.com";  // is not sent to the target
    CHECK(causes({large}).empty());
    large.host = "example.com";
    large.value_size = 8000;
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
    CHECK(of_rule(causes(many(".AspNetCore.Correlation.", 5, "x1")), "login-litter")->confidence == Confidence::high);
    CHECK(causes(many(".AspNetCore.Correlation.", 4, "x1")).empty());
    CHECK(of_rule(causes(many("oidc-login-", 8, "9f3k2m1q")), "login-litter")->confidence == Confidence::medium);
    CHECK(causes(many("oidc-login-", 7, "9f3k2m1q")).empty());
    CHECK(causes(many("session-part-", 8, "1")).empty());  // pieces of one cookie
    const auto litter = causes(many("oidc-login-", 8, "9f3k2m1q"));
    CHECK(litter[0].what.find("9f3k2m1q") == std::string::npos);  // what is random may be secret
}

TEST_CASE("so many cookies that the browser throws some away: those used least go")
{
    std::vector<Item> items;
    for (int i = 0; i < 150; ++i) {
        items.push_back(cookie("c" + std::to_string(i), "example.com"));
        items.back().used = now - i;
    }
    const auto removed = named(causes(items), "too-many-cookies");
    CHECK(removed.size() == 30);
    CHECK(removed.front() == 120);
    items.pop_back();
    CHECK_FALSE(fires(causes(items), "too-many-cookies"));
}

TEST_CASE("a cookie that should have ended with the browser, and one whose time is over")
{
    Item undead = cookie("id", "example.com");
    undead.persistent = false;
    undead.created = now - 8 * day_s;
    CHECK(named(causes({undead}), "undead-session-cookie") == Indices{0});
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

TEST_CASE("the clock")
{
    Probe probe = answer("https://example.com/", 200);
    probe.server_date_skew_s = 4000;
    const auto behind = causes({}, probe);
    REQUIRE(fires(behind, "wrong-clock"));
    CHECK(behind[0].confidence == Confidence::high);
    CHECK_THAT(behind[0].what, Contains("66 minutes behind"));
    CHECK(behind[0].fix.empty());
    CHECK_FALSE(behind[0].advice.empty());
    probe.server_date_skew_s = -100;
    CHECK(of_rule(causes({}, probe), "wrong-clock")->confidence == Confidence::low);
    probe.server_date_skew_s = 60;
    CHECK(causes({}, probe).empty());
}

TEST_CASE("a token that has expired")
{
    Item token = of_type(ItemType::storage_entry, "example.com", "id_token");
    token.expires = now - day_s;
    CHECK(named(causes({token}), "dead-token") == Indices{0});
    CHECK(of_rule(causes({token}), "dead-token")->confidence == Confidence::medium);
    Probe probe = answer("https://example.com/", 401);
    probe.challenges = parse_challenges({"Bearer error=\"invalid_token\""}, probe.final_url);
    CHECK(of_rule(causes({token}, probe), "dead-token")->confidence == Confidence::high);

    SECTION("it is renewed by what is in it")
    {
        token.renewable = true;
        CHECK(causes({token}).empty());
    }
    SECTION("it is renewed by what is beside it")
    {
        CHECK(causes({token, of_type(ItemType::storage_entry, "example.com", "refreshToken")}).empty());
        CHECK(fires(causes({token, of_type(ItemType::storage_entry, "b.example.com", "refreshToken")}), "dead-token"));
    }
    SECTION("it lives")
    {
        token.expires = now + 1;
        CHECK(causes({token}).empty());
    }
    SECTION("it is not valid yet")
    {
        token.expires = now + day_s;
        token.valid_from = now + 3600;
        CHECK_THAT(of_rule(causes({token}), "dead-token")->what, Contains("not valid yet"));
    }
}

TEST_CASE("a sign-in that is marked as going on")
{
    Item tab = of_type(ItemType::tab_storage, "example.com");
    tab.entries = {"x", "msal.1234.interaction.status"};
    const auto found = causes({cookie("msal.interaction.status", "example.com"), tab,
                               of_type(ItemType::storage_entry, "example.com", "interaction_in_progress")});
    CHECK(named(found, "login-in-progress") == Indices{0, 1, 2});
    CHECK(causes({cookie("status", "example.com"), of_type(ItemType::tab_storage, "example.com")}).empty());
}

TEST_CASE("a redirect that is remembered and not made any more")
{
    const Item old = cached("https://example.com/", 301, "https://old.example.com/");
    const auto moved = causes({old}, answer("https://example.com/", 200));
    CHECK(named(moved, "cached-redirect") == Indices{0});
    CHECK(moved[0].confidence == Confidence::high);
    CHECK(causes({old}, answer("https://example.com/", 301, "https://old.example.com/")).empty());
    CHECK(causes({old}).empty());  // nobody asked the site
    CHECK(causes({old}, answer("https://example.com/other", 200)).empty());
    CHECK(causes({cached("https://example.com/", 302, "https://old.example.com/")}, answer("https://example.com/", 200))
              .empty());
    CHECK(causes({cached("https://example.com/?", 301, "/x")}, answer("https://example.com/?a=1", 200)).empty());
    CHECK(causes({cached("https://example.com/", 301, "/in")},
                 answer("https://example.com/", 301, "https://example.com/in"))
              .empty());

    CHECK(named(causes({cached("https://example.com/a", 301, "/b"), cached("https://example.com/b", 308, "/a"),
                        cached("https://example.com/c", 301, "/a")}),
                "cached-redirect") == Indices{0, 1});
}

TEST_CASE("a refusal in the cache")
{
    const Item refusal = cached("https://example.com/me", 401);
    CHECK(of_rule(causes({refusal}), "cached-refusal")->confidence == Confidence::low);
    CHECK(of_rule(causes({refusal}, answer("https://example.com/me", 200)), "cached-refusal")->confidence ==
          Confidence::medium);
    CHECK_FALSE(fires(causes({refusal}, answer("https://example.com/me", 401)), "cached-refusal"));
    CHECK(causes({cached("https://example.com/me", 200)}).empty());
    Item foreign = refusal;
    foreign.host = "other.test";
    CHECK(causes({foreign}).empty());
}

TEST_CASE("service workers")
{
    Item worker = of_type(ItemType::service_worker, "example.com");
    worker.answers_pages = true;
    worker.changed = now - 20 * day_s;
    SECTION("not updated although the site is used")
    {
        CHECK(named(causes({cookie("id", "example.com"), worker}), "stale-service-worker") == Indices{1});
        CHECK(causes({worker}).empty());
        worker.changed = now - 2 * day_s;
        CHECK(causes({cookie("id", "example.com"), worker}).empty());
    }
    SECTION("the site was not used either")
    {
        Item unused = cookie("id", "example.com");
        unused.used = now - 19 * day_s;
        CHECK(causes({unused, worker}).empty());
    }
    SECTION("hides the question for a password")
    {
        Probe probe = answer("https://example.com/", 401);
        probe.challenges = parse_challenges({"Basic realm=\"r\""}, probe.final_url);
        CHECK(named(causes({worker}, probe), "worker-hides-sign-in") == Indices{0});
        worker.answers_pages = false;
        CHECK(causes({worker}, probe).empty());
    }
}

TEST_CASE("a service worker whose script the site does not give out any more")
{
    Item worker = of_type(ItemType::service_worker, "example.com");
    worker.script = "https://example.com/sw.js";
    const std::vector<ProfilePlan> inventory{plan_of({worker})};
    const Site site = Site::parse("https://example.com/").value();
    const std::optional<Probe> probe = answer("https://example.com/", 200);
    const auto with = [&](const ScriptAnswer& script) {
        return find_causes({inventory, site, probe, now, "unstick fix example.com", {}, {}, {{worker.script, script}}});
    };
    for (const int gone : {404, 410}) {
        const auto findings = with({gone, true});
        CHECK(named(findings, "orphaned-service-worker") == Indices{0});
        CHECK(findings[0].confidence == Confidence::high);
    }
    CHECK(of_rule(with({200, true}), "orphaned-service-worker")->confidence == Confidence::medium);
    for (const int other : {0, 200, 304, 401, 403, 302, 500}) {
        CHECK(with({other, false}).empty());
    }
    CHECK(causes({worker}, probe).empty());
}

TEST_CASE("a page in the cache whose form is out of date")
{
    const Item page = cached("https://example.com/login", 200);
    Probe probe = answer("https://example.com/login", 200);
    probe.hops[0].set_cookie_names = {"theme"};
    CHECK(causes({page}, probe).empty());
    for (const char* token : {"XSRF-TOKEN", "csrftoken", "_csrf"}) {
        probe.hops[0].set_cookie_names = {token};
        const auto findings = causes({page}, probe);
        CHECK(named(findings, "kept-form") == Indices{0});
        CHECK(findings[0].confidence == Confidence::low);
        CHECK_FALSE(fires(causes({cached("https://example.com/", 200)}, probe), "kept-form"));
        CHECK_FALSE(fires(causes({cached("https://example.com/login", 304)}, probe), "kept-form"));
    }
}

TEST_CASE("dead tokens and marks in a storage that goes as a whole (WebKit)")
{
    Item storage = of_type(ItemType::origin_storage, "example.com");
    CHECK(causes({storage}).empty());
    storage.entries = {"app", "msal.interaction.status"};
    CHECK(named(causes({storage}), "login-in-progress") == Indices{0});
    storage.entries = {"app"};
    storage.expires = now - day_s;
    CHECK(named(causes({storage}), "dead-token") == Indices{0});
    storage.expires = now + day_s;
    CHECK(causes({storage}).empty());
    storage.expires = now - day_s;
    storage.entries = {"app", "refreshToken"};
    CHECK(causes({storage}).empty());
}

TEST_CASE("saved sign-ins, and sites that ask for none")
{
    Probe probe = answer("https://example.com/x", 401);
    probe.challenges = parse_challenges({"Basic realm=\"Files\""}, probe.final_url);
    CHECK(named(causes({of_type(ItemType::http_login, "https://example.com/Files")}, probe), "saved-sign-in") ==
          Indices{0});
    CHECK(causes({of_type(ItemType::http_login, "https://example.com/Other")}, probe).empty());
    CHECK(causes({of_type(ItemType::http_login, "https://example.com:8443/Files")}, probe).empty());

    CHECK(causes({}, probe).empty());
    probe.challenges.clear();
    CHECK(fires(causes({}, probe), "no-usable-challenge"));
    probe.status = 403;
    CHECK(causes({}, probe).empty());
}

TEST_CASE("a setting that forbids cookies")
{
    Item setting = of_type(ItemType::site_setting, "example.com", "cookies");
    setting.blocks = true;
    const auto blocked = causes({setting});
    CHECK(named(blocked, "cookies-blocked") == Indices{0});
    CHECK(blocked[0].confidence == Confidence::high);
    setting.name = "geolocation";
    CHECK(causes({setting}).empty());
    setting.name = "cookies";
    setting.blocks = false;
    CHECK(causes({setting}).empty());
}

TEST_CASE("a database that cannot be opened")
{
    Item database = of_type(ItemType::database, "example.com", "https://example.com");
    CHECK(causes({database}).empty());
    database.failed = true;
    CHECK(named(causes({database}), "broken-database") == Indices{0});
}

TEST_CASE("an order to use https only, and only http answers")
{
    Item order = of_type(ItemType::https_only, "example.com");
    Probe probe = answer("https://example.com/", 0);
    probe.error_code = "connect";
    CHECK(causes({order}, probe).empty());
    probe.plain_http = Hop{"http://example.com/", 200, "", {}};
    CHECK(named(causes({order}, probe), "https-order-left") == Indices{0});
    CHECK_FALSE(of_rule(causes({order}, probe), "https-order-left")->advice.empty());

    probe.plain_http->location = "https://example.com/";  // http only leads back to https
    CHECK(causes({order}, probe).empty());
    probe.plain_http = Hop{"http://example.com/", 0, "", {}};
    CHECK(causes({order}, probe).empty());
    probe.plain_http->status = 200;
    probe.final_url = "https://app.example.com/";
    CHECK(causes({order}, probe).empty());
    order.below = true;
    CHECK(fires(causes({order}, probe), "https-order-left"));
    order.expires = now - 1;
    CHECK(causes({order}, probe).empty());
}

TEST_CASE("another way to the server that failed")
{
    Item known = of_type(ItemType::other_way, "example.com");
    Item failed = known;
    failed.failed = true;
    const Probe page = answer("https://example.com/", 200);
    CHECK(named(causes({known, failed}, page), "other-way-failed") == Indices{0, 1});
    CHECK(causes({known}, page).empty());
    CHECK(causes({known, failed}).empty());
    CHECK(causes({known, failed}, answer("https://other.example.com/", 200)).empty());
    CHECK(causes({known, failed}, answer("https://example.com/", 0)).empty());
    CHECK(causes({known, failed}, answer("https://example.com/", 403)).empty());
}

TEST_CASE("answers that no browser can do anything with")
{
    Probe probe = answer("https://example.com/", 200);
    probe.hops[0].set_cookie_names = {"sid"};
    CHECK(causes({}, probe).empty());
    probe.hops[0].refused_cookies = {{"sid", "InvalidDomain"}};
    const auto refused = causes({}, probe);
    REQUIRE(fires(refused, "refused-set-cookie"));
    CHECK(refused[0].fix.empty());
    CHECK_THAT(refused[0].what, Contains("sid (it is for a domain that"));
    CHECK(refused[0].evidence[0].second == "InvalidDomain sid of example.com");

    Probe changes = answer("https://example.com/", 401);
    changes.challenges = parse_challenges({"Basic realm=\"a\""}, changes.final_url);
    CHECK(causes({}, changes).empty());
    changes.realm_changes = true;
    CHECK(fires(causes({}, changes), "realm-changes"));

    Probe wants = answer("https://example.com/", 400);
    CHECK(causes({}, wants).empty());
    wants.wants_certificate = true;
    CHECK(fires(causes({}, wants), "wants-certificate"));
}

TEST_CASE("a session bound to the device")
{
    const Item bound = of_type(ItemType::bound_session, "https://example.com");
    CHECK(named(causes({bound}), "bound-session-alone") == Indices{0});
    CHECK(causes({bound, cookie("id", ".example.com")}).empty());
    Item expired = cookie("id", ".example.com");
    expired.expires = now - 1;
    CHECK(fires(causes({bound, expired}), "bound-session-alone"));
}

TEST_CASE("the sign-in is at another site")
{
    Probe probe = answer("https://login.provider.test/", 200);
    const auto elsewhere = causes({}, probe);
    REQUIRE(fires(elsewhere, "sign-in-elsewhere"));
    CHECK(elsewhere[0].confidence == Confidence::low);
    CHECK_THAT(elsewhere[0].advice, Contains("unstick why example.com --also provider.test"));
    CHECK(causes({}, answer("https://app.example.com/", 200)).empty());
    const std::optional<Probe> met = probe;
    const Site site = Site::parse("example.com").value();
    CHECK_THAT(find_causes({{}, site, met, now, "", {{"provider.test", 14}}})[0].what,
               Contains("provider.test (14 cookies are there)"));

    const Hop here{"https://example.com/", 302, "", {}};
    const Hop there{"https://login.provider.test/", 302, "", {}};
    probe.hops = {here, there, here};  // there and back: an ordinary sign-in
    probe.final_url = here.url;
    CHECK(causes({}, probe).empty());
    probe.hops = {here, there, here, there};
    probe.error_code = "loop";
    CHECK(of_rule(causes({}, probe), "sign-in-elsewhere")->confidence == Confidence::high);
}

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

TEST_CASE("a word for the shell")
{
    CHECK(shell_word("Default") == "Default");
    CHECK(shell_word("Profile 1") == R"("Profile 1")");
    CHECK(shell_word(R"(C:\Users\J. O'Neil)") == R"("C:\Users\J. O'Neil")");
    CHECK(shell_word("a'b;$(c)") == R"('a'\''b;$(c)')");
    CHECK(shell_word(R"(\\server\share)") == R"('\\server\share')");
    CHECK(shell_word("") == R"("")");
}

TEST_CASE("when tokens expire")
{
    const std::string dead = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDB9.c2ln";
    const std::string alive = "eyJhbGciOiJub25lIn0.eyJleHAiOjE5MDAwMDAwMDB9.c2ln";
    const std::string early = "eyJhbGciOiJub25lIn0.eyJuYmYiOjE5MDAwMDAwMDAsImV4cCI6MTk1MDAwMDAwMH0.c2ln";
    CHECK(token_times(dead).expires == 1700000000);
    CHECK(token_times("\"Bearer " + dead + "\"").expires == 1700000000);
    CHECK(token_times(dead + " " + alive).expires == 1900000000);
    CHECK(token_times(early).valid_from == 1900000000);
    CHECK(token_times(R"({"access_token":"x","expires_at":1700000000})").expires == 1700000000);
    CHECK(token_times(R"({"secret":"x","expiresOn":"1700000000"})").expires == 1700000000);
    CHECK(token_times(R"({"body":{"id_token":"x"},"expiresAt":1700000000123})").expires == 1700000000);
    CHECK(token_times(R"({"access_token":"x","refresh_token":"y","expires_at":1700000000})").renewable);
    CHECK_FALSE(token_times(R"({"access_token":"x","refresh_token":"","expires_at":1700000000})").renewable);

    // A cached thing that is no token, a duration, a header without payload, garbage, and depth.
    CHECK_FALSE(token_times(R"({"value":1,"expires":1700000000})").expires);
    CHECK_FALSE(token_times(R"({"token":"x","expires":3600})").expires);
    for (const std::string text : {"", "eyJ", "eyJ.", "eyJ.eyJ", "eyJhbGciOiJub25lIn0.eyJ!", "{", "{\"token\":"}) {
        CHECK_FALSE(token_times(text).expires);
    }
    CHECK_FALSE(token_times("{\"token\":" + std::string(100000, '[')).expires);
}

TEST_CASE("what the cache knows of an answer")
{
    using namespace std::string_view_literals;
    constexpr auto headers = "HTTP/1.1 301 Moved\0X: 1\0location: https://u:p@example.com/new?code=SECRET#x\0\0"sv;
    const std::string times(16, 't');
    const CachedAnswer plain = read_cached_answer(record(0x40003, times, headers));
    CHECK(plain.status == 301);
    CHECK(plain.location == "https://example.com/new?");
    CHECK(read_cached_answer(record(0x80040003, "\6\0\0\0"s + times + std::string(8, 'o'), headers)).status == 301);
    CHECK(read_cached_answer(record(0x80040003, "\2\0\0\0"s + times, headers)).status == 301);
    CHECK(read_cached_answer(record(0x40002, times, headers)).status == 0);
    const std::string whole = record(0x40003, times, headers);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK(read_cached_answer(whole.substr(0, size)).status == 0);
    }
    CHECK(read_cached_answer(record(0x40003, times, "HTTP/1.1 abc")).status == 0);
    std::string too_long = whole;
    too_long.replace(24, 4, number(headers.size() + 1));
    CHECK(read_cached_answer(too_long).status == 0);
    CHECK(bare_address("https://a.test/x#y?z") == "https://a.test/x");
}

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

// --- The commands, on a profile with data of several hosts: its cookie `shared` is on the site and on a part of it ---

namespace {

Home a_home()
{
    return Home(adapters()[0], adapters()[0].roots[0]);
}

Reply reply(int status)
{
    Reply reply;
    reply.status = status;
    return reply;
}

}  // namespace

TEST_CASE("traits of items come from the files")
{
    Home home = a_home();
    testing::write_cache_entry(
        home.cache / "Cache/Cache_Data", testing::cache_key("https://stuck.test/old", "https://stuck.test"),
        record(0x40003, std::string(16, 't'), "HTTP/1.1 308 Moved\0Location: /new?a=SECRET\0\0"s), "moved");
    // Registration 1, version 10: active, with a fetch handler, last looked after at 13400000000000000 (1601).
    const std::string registration = "\x08\1\x20\x0a\x28\1\x30\1\x38\x80\x80\xf6\xff\xa9\xe7\xe6\x17"s;
    testing::write_pairs(home.profile / "Service Worker/Database",
                         {{"REG:https://stuck.test/"s + '\0' + "1", registration}});
    Profile profile;
    profile.path = home.profile;
    profile.cache = home.cache;
    const ProfilePlan plan = plan_profile(home.adapter, profile, Site::parse("stuck.test").value(), default_kinds());
    std::map<std::string, Item> items;
    for (const StorePlan& store : plan.stores) {
        for (const Item& item : store.found.items) {
            items[item.label] = item;
        }
    }
    const Item& set = items.at("cookie session of stuck.test");
    CHECK(set.type == ItemType::cookie);
    CHECK(set.secure);
    CHECK(set.persistent);
    CHECK(set.created == 1755526400);
    CHECK(set.used == set.created);
    CHECK(set.changed == set.created);
    CHECK(set.value_size == 0U);  // "v10SECRET-stuck.test-cookie" is shorter than what encryption adds
    CHECK(items.at("https://stuck.test/old").status == 308);
    CHECK(items.at("https://stuck.test/old").location == "/new?");
    CHECK(items.at("https://stuck.test/page").name == "https://stuck.test/page?");
    CHECK(items.at("https://stuck.test/page").status == 0);
    CHECK(items.at("service worker of https://stuck.test").answers_pages);
    CHECK(items.at("service worker of https://stuck.test").changed == 1755526400);
    CHECK_FALSE(items.at("service worker of https://app.stuck.test").answers_pages);
}

TEST_CASE("traits of settings, databases and of what the browser knows of the way to the site")
{
    Home home = a_home();
    testing::put(home.profile / "Preferences",
                 R"({"profile":{"content_settings":{"exceptions":{"cookies":{"[*.]stuck.test,*":{"setting":2},)"
                 R"("https://app.stuck.test:443,*":{"setting":4}}}}}})");
    testing::put(home.profile / "IndexedDB/https_stuck.test_0.indexeddb.leveldb/CURRENT", "MANIFEST-000001\n");
    testing::put(home.profile / "IndexedDB/https_app.stuck.test_0.indexeddb.leveldb/CURRENT", "MANIFEST-000001\n");
    testing::put(home.profile / "IndexedDB/https_app.stuck.test_0.indexeddb.leveldb/MANIFEST-000001", "m");
    const Report why = home.go(Command::why);
    REQUIRE(fires(why.findings, "cookies-blocked"));
    REQUIRE(fires(why.findings, "broken-database"));
    CHECK(of_rule(why.findings, "cookies-blocked")->items.size() == 1);
    CHECK_THAT(of_rule(why.findings, "cookies-blocked")->fix, Contains("--with permissions"));
    CHECK(of_rule(why.findings, "broken-database")->what ==
          "A database of the site's scripts cannot be opened: https://stuck.test.");

    home.host.replies["http://stuck.test/"] = {reply(200)};
    Request request = home.request(Command::why);
    request.retest = Retest::http;
    const Report no_https = home.go(request);
    REQUIRE(fires(no_https.findings, "https-order-left"));
    CHECK_THAT(of_rule(no_https.findings, "https-order-left")->fix, Contains("--with network"));
    CHECK_FALSE(fires(no_https.findings, "other-way-failed"));
    home.host.replies["https://stuck.test/"] = {reply(200)};
    const Report https = home.go(request);
    CHECK_FALSE(fires(https.findings, "https-order-left"));
    CHECK(fires(https.findings, "other-way-failed"));
}

TEST_CASE("why names the cause, changes nothing, shows no secret, and the command that it gives fixes just that")
{
    Home home = a_home();
    const std::string zero(1, '\0');
    testing::write_pairs(home.profile / "Local Storage/leveldb",
                         {{"_https://stuck.test" + zero + "\1jwt",
                           "\1" + std::string("eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDB9.SECRET")}});
    const std::string before = testing::snapshot(home.folder / "home");
    const Report why = home.go(Command::why);
    CHECK(testing::snapshot(home.folder / "home") == before);
    CHECK_FALSE(testing::fs::exists(home.folder / "state"));
    CHECK(why.exit_code == Exit::wrong_found);
    CHECK(fires(why.findings, "shadowed-cookie"));
    CHECK(fires(why.findings, "dead-token"));
    for (const Finding& finding : why.findings) {
        CHECK_THAT(finding.fix,
                   Contains("unstick fix stuck.test --home " + shell_word((home.folder / "home").string())));
    }
    TextOptions verbose;
    verbose.verbose = true;
    CHECK_THAT(to_json(why) + to_text(why, verbose), !Contains("SECRET"));
    CHECK(nlohmann::json::parse(to_json(why))["findings"][0]["rule"] == "shadowed-cookie");

    const auto all = home.seen();
    Request fix = home.request(Command::fix);
    fix.stale = true;
    fix.rules = {"shadowed-cookie"};
    const Report fixed = home.go(fix);
    CHECK(fixed.exit_code == Exit::ok);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "name = 'shared' AND host_key LIKE '%stuck.test'") == 1);
    CHECK(all.size() - home.seen().size() == 2);
    CHECK_FALSE(fires(home.go(Command::why).findings, "shadowed-cookie"));
    CHECK(home.go(fix).verdict.code == "nothing-stale");
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == all);
}

TEST_CASE("why looks into a profile in use, and says so", "[not-windows]")
{
    Home home = a_home();
    testing::fs::create_symlink(home.host.name + "-4711", home.profile.parent_path() / "SingletonLock");
    home.host.processes.insert(4711);
    const Report why = home.go(Command::why);
    CHECK(why.exit_code == Exit::wrong_found);
    CHECK(why.profiles.at(0).in_use);
    CHECK_THAT(to_text(why, {}), Contains("what the browser has not written yet is not seen"));
}

TEST_CASE("why without anything wrong")
{
    Home home(adapters()[0], adapters()[0].roots[0], {"stuck.test", "other.test"});
    const Report why = home.go(Command::why);
    CHECK(why.findings.empty());
    CHECK(why.exit_code == Exit::ok);
    home.host.replies["https://stuck.test/"] = {reply(403)};
    Request request = home.request(Command::why);
    request.retest = Retest::http;
    CHECK(home.go(request).exit_code == Exit::not_this_browser);
}

TEST_CASE("fix shows the findings before it asks, and stale items are looked for again after the question")
{
    Home home = a_home();
    Request request = home.request(Command::fix);
    request.yes = false;
    request.stale = true;
    Console console;
    bool shown = false;
    console.confirm = [&](const Report& plan) {
        shown = fires(plan.findings, "shadowed-cookie");
        return true;
    };
    CHECK(run(request, home.host, adapters(), console).exit_code == Exit::ok);
    CHECK(shown);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key = 'stuck.test'") == 2);
}

TEST_CASE("escalation stops as soon as the site answers; one run undoes all steps")
{
    Home home = a_home();
    const auto all = home.seen();
    Request request = home.request(Command::fix);
    request.retest = Retest::http;
    request.escalate = true;
    SECTION("after the first step")
    {
        home.host.replies["https://stuck.test/"] = {reply(200)};
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::ok);
        CHECK(all.size() - home.seen().size() == 2);
        CHECK_THAT(to_text(report, {}), Contains("run the same command again"));
    }
    SECTION("after the cookies")
    {
        home.host.replies["https://stuck.test/"] = {reply(200), reply(403), reply(200)};
        CHECK(home.go(request).exit_code == Exit::ok);
        CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key LIKE '%.stuck.test'") == 0);
        CHECK_FALSE(testing::holding(home.profile / "Local Storage", "SECRET-stuck.test-").empty());
    }
    SECTION("when nothing is left")
    {
        home.host.replies["https://stuck.test/"] = {reply(200), reply(403)};
        CHECK(home.go(request).exit_code == Exit::still_refused);
        CHECK(testing::holding(home.profile, "SECRET-stuck.test-") == home.expected.keeps);
    }
    CHECK(home.go(Command::runs).runs.size() == 1);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == all);
}

TEST_CASE("a client with nothing stored is refused too: only what findings name goes, and only with --yes",
          "[not-windows]")
{
    Home home = a_home();
    const auto all = home.seen();
    home.host.replies["https://stuck.test/"] = {reply(403)};
    Request request = home.request(Command::fix);
    request.retest = Retest::http;
    SECTION("--yes alone removes nothing, in steps or at once")
    {
        request.escalate = GENERATE(false, true);
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::not_this_browser);
        CHECK(report.run.empty());
        CHECK(home.seen() == all);
    }
    SECTION("--stale alone removes nothing, and says how")
    {
        request.yes = false;
        request.stale = true;
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::not_this_browser);
        CHECK_THAT(report.next.back(), Contains("add --yes"));
        CHECK(home.seen() == all);
    }
    SECTION("a dry run shows what would go")
    {
        request.stale = request.dry_run = true;
        const Report report = home.go(request);
        CHECK(report.verdict.code == "dry-run");
        CHECK(fires(report.findings, "shadowed-cookie"));
        CHECK(home.seen() == all);
    }
    SECTION("--yes --stale removes what findings name")
    {
        request.stale = true;
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::not_this_browser);
        CHECK(report.verdict.code == "not-this-browser");
        CHECK_THAT(report.verdict.text, Contains("2 items that findings name removed"));
        CHECK(all.size() - home.seen().size() == 2);
        CHECK(home.go(Command::undo).exit_code == Exit::ok);
        CHECK(home.seen() == all);
    }
    SECTION("--yes --stale on a profile that is in use")
    {
        testing::fs::create_symlink(home.host.name + "-4711", home.profile.parent_path() / "SingletonLock");
        home.host.processes.insert(4711);
        request.stale = true;
        CHECK(home.go(request).exit_code == Exit::in_use);
    }
}

TEST_CASE("cookies at the sign-in provider's site are counted, and a name that was meant is told")
{
    Home home = a_home();
    Request request = home.request(Command::why);
    request.retest = Retest::http;
    Reply away = reply(302);
    away.redirect_url = "https://login.other.test/";
    home.host.replies["https://stuck.test/"] = {away};
    home.host.replies["https://login.other.test/"] = {reply(200)};
    const Report elsewhere = home.go(request);
    REQUIRE(fires(elsewhere.findings, "sign-in-elsewhere"));
    CHECK_THAT(of_rule(elsewhere.findings, "sign-in-elsewhere")->what, Contains("cookies are there"));

    const Command command = GENERATE(Command::why, Command::fix);
    request = home.request(command);
    request.site = Site::parse("stcuk.test").value();
    const Report missed = home.go(request);
    REQUIRE_FALSE(missed.next.empty());
    CHECK(missed.next.back() == "Did you mean stuck.test? The browser has cookies of it.");
    request.site = Site::parse("unknown.test").value();
    CHECK_THAT(to_text(home.go(request), {}), !Contains("Did you mean"));
}
