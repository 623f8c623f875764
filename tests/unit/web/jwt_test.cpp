// When tokens expire.

#include "web/jwt.h"
#include "tests/fixtures/testing.h"

using namespace unstick;

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

TEST_CASE("a text that is a time and nothing else")
{
    CHECK(token_times("1700000000").bare_time == 1700000000);
    CHECK(token_times("1700000000123").bare_time == 1700000000);
    CHECK_FALSE(token_times("1700000000").expires);
    CHECK_FALSE(token_times("3600").bare_time);
    CHECK_FALSE(token_times("1700000000x").bare_time);
    CHECK_FALSE(token_times("").bare_time);
    CHECK_FALSE(token_times(std::string(40, '1')).bare_time);
}
