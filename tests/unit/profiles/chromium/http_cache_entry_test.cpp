// What the cache knows of an answer.

#include "profiles/chromium/http_cache_entry.h"
#include "tests/fixtures/cached_answer.h"
#include "tests/fixtures/testing.h"
#include "web/url.h"

using namespace unstick;
using namespace std::string_literals;
using testing::number;

TEST_CASE("what the cache knows of an answer")
{
    using namespace std::string_view_literals;
    constexpr auto headers = "HTTP/1.1 301 Moved\0X: 1\0location: https://u:p@example.com/new?code=SECRET#x\0\0"sv;
    const std::string times(16, 't');
    const CachedResponse plain = read_cached_response(testing::answer_record(0x40003, times, headers));
    CHECK(plain.status == 301);
    CHECK(plain.location == "https://example.com/new?");
    CHECK(read_cached_response(testing::answer_record(0x80040003, "\6\0\0\0"s + times + std::string(8, 'o'), headers))
              .status == 301);
    CHECK(read_cached_response(testing::answer_record(0x80040003, "\2\0\0\0"s + times, headers)).status == 301);
    CHECK(read_cached_response(testing::answer_record(0x40002, times, headers)).status == 0);
    const std::string whole = testing::answer_record(0x40003, times, headers);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK(read_cached_response(whole.substr(0, size)).status == 0);
    }
    CHECK(read_cached_response(testing::answer_record(0x40003, times, "HTTP/1.1 abc")).status == 0);
    std::string too_long = whole;
    too_long.replace(24, 4, number(headers.size() + 1));
    CHECK(read_cached_response(too_long).status == 0);
    CHECK_FALSE(plain.fresh_until);
    CHECK(bare_address("https://a.test/x#y?z") == "https://a.test/x");
}

TEST_CASE("what an answer in the cache says of itself")
{
    using namespace std::string_view_literals;
    constexpr std::uint64_t came = 13'400'000'000'000'000;  // microseconds since 1601
    const std::string times = std::string(8, 't') + std::string(reinterpret_cast<const char*>(&came), sizeof(came));
    const auto read = [&](std::string_view headers) {
        return read_cached_response(testing::answer_record(0x40003, times, headers));
    };
    const CachedResponse page = read(
        "HTTP/1.1 200\0Content-Type: Text/HTML; charset=utf-8\0ETag: \"a\"\0Last-Modified: Mon\0"
        "Cache-Control: public, Max-Age=60\0Vary: accept, Origin\0Access-Control-Allow-Origin: *\0\0"sv);
    CHECK(page.type == "text/html");
    CHECK(page.etag == "\"a\"");
    CHECK(page.last_modified == "Mon");
    CHECK(page.fresh_until == 1755526460);
    CHECK(page.varies_by_origin);
    CHECK(page.allowed_origin == "*");
    CHECK_FALSE(read("HTTP/1.1 200\0Cache-Control: max-age=60, no-cache\0\0"sv).fresh_until);
    CHECK_FALSE(read("HTTP/1.1 200\0Cache-Control: max-age=soon\0\0"sv).fresh_until);
    CHECK(read("HTTP/1.1 200\0Cache-Control: max-age=9223372036854775807\0\0"sv).fresh_until);
    CHECK_FALSE(read("HTTP/1.1 200\0ETagged: x\0\0"sv).fresh_until);
}
