// What browsers wrote as a URL, cut at its marks.

#include "web/url.h"

#include "tests/fixtures/testing.h"

using namespace unstick;

TEST_CASE("a URL is cut at its marks, and nothing is checked")
{
    using Text = std::string;
    const auto [url, scheme, authority, rest] = GENERATE(table<Text, Text, Text, Text>({
        {"https://a.com", "https", "a.com", ""},
        {"https://u:p@a.com:8443/x?y#z", "https", "u:p@a.com:8443", "/x?y#z"},
        {"HTTPS://A.com?y", "HTTPS", "A.com", "?y"},
        {"http://[::1]:80#z", "http", "[::1]:80", "#z"},
        {"blob:https://a.com/1", "blob:https", "a.com", "/1"},
        {"file:///etc", "file", "", "/etc"},
        {"://", "", "", ""},
    }));
    CAPTURE(url);
    const auto parts = split_url(url);
    REQUIRE(parts);
    CHECK(parts->scheme == scheme);
    CHECK(parts->authority == authority);
    CHECK(parts->rest == rest);
}

TEST_CASE("without :// it is no URL")
{
    for (const char* text : {"", "a.com", "https:/a.com", "data:text/html,x", "blob:null"}) {
        CAPTURE(text);
        CHECK_FALSE(split_url(text));
        CHECK(host_of(text).empty());
    }
}

TEST_CASE("a port that is not named is the scheme's")
{
    CHECK(parse_url("https://a.com/")->port_number() == 443);
    CHECK(parse_url("http://a.com/")->port_number() == 80);
    CHECK(parse_url("http://a.com:8080/")->port_number() == 8080);
}
