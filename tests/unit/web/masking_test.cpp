#include "web/masking.h"

#include "net/probe.h"
#include "tests/fixtures/catch.h"
#include "web/url.h"

using namespace unstick;

TEST_CASE("secrets in a path are not shown")
{
    for (const char* secret : {
             "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",  // a token
             "id=eyJhbGciOiJub25lIn0",
             "4f9c2b7e8a1d3056c9e4b2a7",                     // hexadecimal
             "550e8400-e29b-41d4-a716-446655440000",         // a UUID
             "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",  // base64url
             "Zx81Qa7uT3pL9vR2sK5m%2BQ==",
         }) {
        CAPTURE(secret);
        const std::string path = std::string("/cb/") + secret + "/next";
        CHECK(shown_path_of_url(path) == "/cb/.../next");
        const std::string url = "https://ann:pw@a.test" + path;
        CHECK(bare_url(url + "?x=1") == "https://a.test/cb/.../next");
        CHECK(shown_url("https://a.test" + path + "?page=2") == "https://a.test/cb/.../next?page=2");
        CHECK(shown_text("cached file https://a.test" + path + ", of x") ==
              "cached file https://a.test/cb/.../next, of x");
        CHECK(shown_text("cookie sid of a.test" + path) == "cookie sid of a.test/cb/.../next");
    }
    CHECK(shown_path_of_url("/reset/token/a81f30c2") == "/reset/token/...");
    CHECK(shown_path_of_url("/app;jsessionid=0123ABCD/x") == "/app;jsessionid=.../x");
    CHECK(shown_url("https://a.test/app;jsessionid=0123ABCD?x=y") == "https://a.test/app;jsessionid=...?x=y");
    CHECK(shown_url("https://a.test/?next=%2Fcb%2FeyJhbGciOiJub25lIn0") == "https://a.test/?next=...");
}

TEST_CASE("what is no secret is shown as it is")
{
    for (const char* path : {
             "/",
             "",
             "/login",
             "/oauth2/default/v1/authorize",
             "/auth/realms/master/protocol/openid-connect/auth",
             "/2024/11/27/how-to-get-out-of-a-stuck-login-in-2024",
             "/iPhone15ProMaxUserGuide/AccessibilityStatement",
             "/static/js/main.3f2a91b4c7d85e60.chunk.js",
             "/a/b/c/12345678",
             "/wiki/Donaudampfschifffahrtsgesellschaft",
             "//double//slash/",
             "/keys/about-us",
             "/wiki/Universal_Serial_Bus_(USB)_3.2_Gen_2x2",
         }) {
        CHECK(shown_path_of_url(path) == path);
        CHECK_FALSE(has_masked_segment(path));
    }
    CHECK(shown_text("x/eyJhbGciOiJIUzI1NiJ9://host/path") == "x/...//host/path");
    CHECK(shown_text("entry a/b of https://a.test") == "entry a/b of https://a.test");
}

TEST_CASE("shown twice is shown once")
{
    const std::string once = shown_path_of_url("/cb/eyJhbGciOiJIUzI1NiJ9/token/a81f30c2;sid=1");
    CHECK(shown_path_of_url(once) == once);
    CHECK(has_masked_segment(once));
}
