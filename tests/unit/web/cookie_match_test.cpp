// Which requests a stored cookie goes with.

#include "web/cookie_match.h"

#include "tests/fixtures/testing.h"

using namespace unstick;

TEST_CASE("a cookie goes with requests to its host, for a domain's to those below it, and into its folder")
{
    struct Case {
        std::string_view host;
        std::string_view path;
        bool secure;
        std::string_view url;
        bool goes;
    };
    const Case one = GENERATE(
        Case{"a.com", "/", false, "http://a.com/", true}, Case{"a.com", "/", false, "http://www.a.com/", false},
        Case{".a.com", "/", false, "http://a.com/", true}, Case{".a.com", "/", false, "http://www.a.com/", true},
        Case{".a.com", "/", false, "http://ba.com/", false}, Case{".www.a.com", "/", false, "http://a.com/", false},
        Case{"a.com", "/app", false, "http://a.com/", false}, Case{"a.com", "/app", false, "http://a.com/app", true},
        Case{"a.com", "/app", false, "http://a.com/app?x", true},
        Case{"a.com", "/app", false, "http://a.com/app/login", true},
        Case{"a.com", "/app/", false, "http://a.com/app/login", true},
        Case{"a.com", "/app", false, "http://a.com/apples", false}, Case{"a.com", "/", true, "http://a.com/", false},
        Case{"a.com", "/", true, "https://a.com/", true});
    CAPTURE(one.host, one.path, one.secure, one.url);
    CHECK(is_for(one.host, one.path, one.secure, *parse_url(one.url)) == one.goes);
}

TEST_CASE("a host is below a domain by whole labels")
{
    CHECK(is_below("www.a.com", "a.com"));
    CHECK_FALSE(is_below("a.com", "a.com"));
    CHECK_FALSE(is_below("ba.com", "a.com"));
    CHECK_FALSE(is_below("com", "a.com"));
    CHECK(cookie_domain(".a.com") == "a.com");
    CHECK(cookie_domain("a.com") == "a.com");
    CHECK(cookie_domain("").empty());
}
