// Which cookies a browser refuses, and by which name its tools call that.

#include "web/set_cookie.h"

#include "tests/fixtures/testing.h"

using namespace unstick;

TEST_CASE("cookies that a browser stores, and why it refuses others")
{
    const auto [cookie, url, reason] = GENERATE(table<std::string, std::string, std::string>({
        {"sid=1; Path=/; Secure; HttpOnly; SameSite=Lax", "https://app.example.com/", ""},
        {"sid", "https://example.com/", ""},
        {"sid=", "https://example.com/", ""},
        {"sid=1; Domain=example.com", "https://app.example.com/", ""},
        {"sid=1; domain=.EXAMPLE.com", "https://app.example.com/", ""},
        {"sid=1; Domain=app.example.com", "https://app.example.com/", ""},
        {"sid=1; Domain=", "https://example.com/", ""},
        {"sid=1; Domain=127.0.0.1", "http://127.0.0.1/", ""},
        {"sid=1; Domain=other.test; Domain=example.com", "https://example.com/", ""},
        {"sid=1; Domain=github.io", "https://github.io/", ""},
        {"__Host-sid=1; Secure; Path=/", "https://example.com/", ""},
        {"__Secure-sid=1; Secure", "https://example.com/", ""},
        {"sid=1; Secure", "http://localhost:8080/", ""},
        {"sid=1; SameSite=None; Secure", "https://example.com/", ""},
        {"secure=1; Path=/", "http://example.com/", ""},

        {"sid=1; Secure", "http://example.com/", "SecureOnly"},
        {"sid=1; Domain=other.test", "https://example.com/", "InvalidDomain"},
        {"sid=1; Domain=app.example.com", "https://example.com/", "InvalidDomain"},
        {"sid=1; Domain=ample.com", "https://example.com/", "InvalidDomain"},
        {"sid=1; Domain=com", "https://example.com/", "InvalidDomain"},
        {"sid=1; Domain=com", "https://app.example.com/", "InvalidDomain"},
        {"sid=1; Domain=github.io", "https://me.github.io/", "InvalidDomain"},
        {"sid=1; Domain=0.0.1", "http://127.0.0.1/", "InvalidDomain"},
        {"__Host-sid=1; Path=/", "https://example.com/", "InvalidPrefix"},
        {"__Host-sid=1; Secure; Path=/a", "https://example.com/", "InvalidPrefix"},
        {"__Host-sid=1; Secure", "https://example.com/a/b", "InvalidPrefix"},
        {"__host-sid=1; Secure; Path=/; Domain=example.com", "https://example.com/", "InvalidPrefix"},
        {"__Secure-sid=1", "https://example.com/", "InvalidPrefix"},
        {"sid=1; SameSite=None", "https://example.com/", "SameSiteNoneInsecure"},
        {"sid=" + std::string(4094, 'x'), "https://example.com/", "NameValuePairExceedsMaxSize"},
        {"sid=" + std::string(4093, 'x'), "https://example.com/", ""},
        {"sid=\x01", "https://example.com/", "DisallowedCharacter"},
        {"sid=a\tb", "https://example.com/", "DisallowedCharacter"},
        {"sid=1; Comment=a\tb", "https://example.com/", "DisallowedCharacter"},
        {"sid=\t1\t;\tSecure", "https://example.com/", ""},
        {"sid=1; Partitioned", "https://example.com/", "PartitionedInsecure"},
        {"sid=1; Partitioned; Secure", "https://example.com/", ""},
        {"__Http-sid=1; Secure", "https://example.com/", "InvalidPrefix"},
        {"__Http-sid=1; Secure; HttpOnly", "https://example.com/", ""},
        {"__Host-Http-sid=1; Secure; Path=/", "https://example.com/", "InvalidPrefix"},
        {"__Host-Http-sid=1; Secure; Path=/; HttpOnly", "https://example.com/", ""},
        {"__Host-sid", "https://example.com/", "InvalidPrefix"},
        {"=__Secure-sid=1; Secure", "https://example.com/", "NamelessWithEquals"},
        {"=__Secure-sid; Secure", "https://example.com/", "InvalidPrefix"},
        {"=1", "https://example.com/", ""},
        {"=" + std::string(4097, 'x'), "https://example.com/", "NameValuePairExceedsMaxSize"},
        {std::string(4097, 'x'), "https://example.com/", "NameValuePairExceedsMaxSize"},
        {"sid=1; Domain=test", "https://app.cookies.test/", "InvalidDomain"},
        {"sid=1; Domain=co.uk", "https://shop.co.uk/", "InvalidDomain"},
        {"", "https://example.com/", "NoCookieContent"},
        {"=; Path=/", "https://example.com/", "NoCookieContent"},
    }));
    CAPTURE(cookie, url);
    CHECK(refusal_of(cookie, url) == reason);
    CHECK(explain_refusal(reason).empty() == reason.empty());
}

TEST_CASE("the name of a cookie, and never its value")
{
    CHECK(cookie_name("sid=s3cret; Path=/") == "sid");
    CHECK(cookie_name(" sid =s3cret") == "sid");
    CHECK(cookie_name("s3cret; Path=/").empty());
    CHECK(cookie_name("=s3cret").empty());
}

TEST_CASE("which cookie a field sets")
{
    const auto set_at = [](const std::string& url, const std::string& field) {
        return cookie_set_by(field, parse_url(url).value());
    };
    CHECK((set_at("https://example.com/a/b?x", "sid=1") == CookieName{"example.com", "/a", "sid"}));
    CHECK((set_at("https://example.com/a", "sid=1") == CookieName{"example.com", "/", "sid"}));
    CHECK((set_at("https://example.com/", "sid=1; Path=x") == CookieName{"example.com", "/", "sid"}));
    CHECK((set_at("https://example.com/a/b", "sid=1; Path=/c") == CookieName{"example.com", "/c", "sid"}));
    CHECK((set_at("https://app.example.com/", "sid=1; Domain=.Example.com") == CookieName{".example.com", "/", "sid"}));
    CHECK((set_at("https://example.com/", "sid=1; Domain=example.com") == CookieName{".example.com", "/", "sid"}));
    CHECK((set_at("http://127.0.0.1/", "sid=1; Domain=127.0.0.1") == CookieName{"127.0.0.1", "/", "sid"}));
    CHECK((set_at("https://example.com/", "value") == CookieName{"example.com", "/", ""}));
}
