// What the browser knows of the way to the site.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

TEST_CASE("an order to use https only, and only http answers")
{
    Item order = item_of(Hsts{}, "example.com");
    Probe probe = answer("https://example.com/", 0);
    probe.error_code = "connect";
    CHECK(causes({order}, probe).empty());
    probe.plain_http = Hop{"http://example.com/", 200, "", {}};
    CHECK(named(causes({order}, probe), "stale-hsts") == Indices{0});
    CHECK_FALSE(of_rule(causes({order}, probe), "stale-hsts")->advice.empty());

    probe.plain_http->location = "https://example.com/";  // http only leads back to https
    CHECK(causes({order}, probe).empty());
    probe.plain_http->location = "http://portal.hotel.test/";  // that is no answer of the site
    CHECK(causes({order}, probe).empty());
    probe.plain_http = Hop{"http://example.com/", 0, "", {}};
    CHECK(causes({order}, probe).empty());
    probe.plain_http->status = 200;
    probe.final_url = "https://app.example.com/";
    CHECK(causes({order}, probe).empty());
    as<Hsts>(order).include_subdomains = true;
    CHECK(fires(causes({order}, probe), "stale-hsts"));
    order.expires = now - 1;
    CHECK(causes({order}, probe).empty());
}

TEST_CASE("another way to the server that failed")
{
    Item known = item_of(AlternativeService{}, "example.com");
    Item failed = known;
    as<AlternativeService>(failed).failed = true;
    const Probe page = answer("https://example.com/", 200);
    CHECK(named(causes({known, failed}, page), "alt-service-failed") == Indices{0, 1});
    CHECK(causes({known}, page).empty());
    CHECK(causes({known, failed}).empty());
    CHECK(causes({known, failed}, answer("https://other.example.com/", 200)).empty());
    CHECK(causes({known, failed}, answer("https://example.com/", 0)).empty());
    CHECK(causes({known, failed}, answer("https://example.com/", 403)).empty());
}
