// What the cache and service workers answer in the place of the site.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

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
    Item worker = item_of(ServiceWorker{}, "example.com");
    as<ServiceWorker>(worker).answers_pages = true;
    as<ServiceWorker>(worker).checked = now - 20 * day_s;
    SECTION("not updated although the site is used")
    {
        CHECK(named(causes({cookie("id", "example.com"), worker}), "stale-service-worker") == Indices{1});
        CHECK(causes({worker}).empty());
        as<ServiceWorker>(worker).checked = now - 2 * day_s;
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
        as<ServiceWorker>(worker).answers_pages = false;
        CHECK(causes({worker}, probe).empty());
    }
}

TEST_CASE("a service worker whose script the site does not give out any more")
{
    Item worker = item_of(ServiceWorker{}, "example.com");
    as<ServiceWorker>(worker).script = "https://example.com/sw.js";
    const std::vector<ProfilePlan> inventory{plan_of({worker})};
    const Site site = Site::parse("https://example.com/").value();
    const std::optional<Probe> probe = answer("https://example.com/", 200);
    const auto with = [&](const ScriptAnswer& script) {
        return find_causes({inventory,
                            site,
                            probe,
                            now,
                            "unstick fix example.com",
                            {},
                            {},
                            {{as<ServiceWorker>(worker).script, script}}});
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
        CHECK(named(findings, "cached-form") == Indices{0});
        CHECK(findings[0].confidence == Confidence::low);
        CHECK_FALSE(fires(causes({cached("https://example.com/", 200)}, probe), "cached-form"));
        CHECK_FALSE(fires(causes({cached("https://example.com/login", 304)}, probe), "cached-form"));
    }
}

namespace {

/// A page or answer in the cache that the browser shows without asking.
Item fresh(const std::string& address, const std::string& host, const CachedResponse& response)
{
    Item item = item_of(response, host, address);
    as<CachedResponse>(item).status = 200;
    as<CachedResponse>(item).fresh_until = now + day_s;
    return item;
}

}  // namespace

TEST_CASE("a page in the cache that the site has replaced")
{
    const std::string page = "https://example.com/";
    Probe probe = answer(page, 200);
    probe.hops[0].etag = "W/\"new\"";
    Item kept = fresh(page, "example.com", {.location = {}, .type = "text/html", .etag = "\"old\""});
    CHECK(named(causes({kept}, probe), "outdated-page") == Indices{0});
    CHECK(of_rule(causes({kept}, probe), "outdated-page")->confidence == Confidence::medium);
    CHECK(causes({kept}).empty());

    SECTION("for a few minutes more")
    {
        as<CachedResponse>(kept).fresh_until = now + 600;
        CHECK(of_rule(causes({kept}, probe), "outdated-page")->confidence == Confidence::low);
        as<CachedResponse>(kept).fresh_until = now - 1;
        CHECK(causes({kept}, probe).empty());
    }
    SECTION("it is the same, compressed")
    {
        as<CachedResponse>(kept).etag = "\"new-gzip\"";
        CHECK(causes({kept}, probe).empty());
    }
    SECTION("dates count more than tags")
    {
        as<CachedResponse>(kept).last_modified = "Mon, 02 Nov 2026 00:00:00 GMT";
        CHECK(fires(causes({kept}, probe), "outdated-page"));  // the live one has no date
        probe.hops[0].last_modified = "Mon, 02 Nov 2026 00:00:00 GMT";
        CHECK(causes({kept}, probe).empty());
        probe.hops[0].last_modified = "Tue, 03 Nov 2026 00:00:00 GMT";
        CHECK(fires(causes({kept}, probe), "outdated-page"));
    }
    SECTION("it is no page, or the site does not answer")
    {
        as<CachedResponse>(kept).type = "text/css";
        CHECK(causes({kept}, probe).empty());
        as<CachedResponse>(kept).type = "text/html";
        probe.hops[0].status = 302;
        CHECK(causes({kept}, probe).empty());
    }
}

TEST_CASE("an answer in the cache that the page's scripts may not read")
{
    const std::string address = "https://api.example.com/me";
    Item kept = fresh(address, "api.example.com", {.location = {}, .type = "application/json"});
    CHECK(named(causes({kept}), "cached-without-cors") == Indices{0});
    SECTION("it was for another origin")
    {
        as<CachedResponse>(kept).type = "image/png";
        CHECK(causes({kept}).empty());
        as<CachedResponse>(kept).allowed_origin = "https://old.example.com";
        CHECK(fires(causes({kept}), "cached-without-cors"));
    }
    SECTION("it is allowed, kept apart, of the page's own host, or asked for anew")
    {
        auto& response = as<CachedResponse>(kept);
        const int which = GENERATE(0, 1, 2, 3, 4);
        response.allowed_origin = which == 0 ? "*" : which == 1 ? "https://example.com" : "";
        response.varies_by_origin = which == 2;
        kept.host = which == 3 ? "example.com" : kept.host;
        response.fresh_until = which == 4 ? std::nullopt : response.fresh_until;
        CHECK(causes({kept}).empty());
    }
}
