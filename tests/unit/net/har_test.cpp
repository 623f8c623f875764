// What a browser recorded: read within limits, and the page in it as a re-test would have met it.

#include "net/har.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;
using testing::TempFolder;

namespace {

Json headers(const std::vector<std::pair<std::string, std::string>>& list)
{
    Json all = Json::array();
    for (const auto& [name, value] : list) {
        all.push_back({{"name", name}, {"value", value}});
    }
    return all;
}

/// A request for a page, and its answer.
Json entry(const std::string& url, int status, const std::vector<std::pair<std::string, std::string>>& answered = {},
           const std::vector<std::pair<std::string, std::string>>& asked = {})
{
    return {{"_resourceType", "document"},
            {"startedDateTime", "2026-11-30T10:00:00.500Z"},
            {"time", 1500},
            {"request", {{"method", "GET"}, {"url", url}, {"headers", headers(asked)}}},
            {"response", {{"status", status}, {"headers", headers(answered)}, {"redirectURL", ""}}}};
}

Json redirect(const std::string& url, const std::string& to)
{
    Json one = entry(url, 302);
    one["response"]["redirectURL"] = to;
    return one;
}

std::string har_of(const std::vector<Json>& entries)
{
    return Json{{"log", {{"version", "1.2"}, {"pages", Json::array()}, {"entries", entries}}}}.dump(2);
}

Result<Recording> read(const std::string& text)
{
    const TempFolder folder;
    testing::put(folder / "a.har", text);
    return read_har(folder / "a.har");
}

Probe page(const std::vector<Json>& entries)
{
    const Recording recording = read(har_of(entries)).value();
    return page_in(recording, Site::parse("example.com").value()).value();
}

}  // namespace

TEST_CASE("the page of a recording is what a re-test would have met")
{
    Json last = entry("https://example.com/in?code=SECRET", 401,
                      {{"WWW-Authenticate", "Bearer\nBasic realm=\"a\""},
                       {"Set-Cookie", "a=SECRET\nb=SECRET; SameSite=None"},
                       {"Date", "Mon, 30 Nov 2026 11:00:01 GMT"},
                       {"X-Request-Id", "7f3a"}});
    const Probe probe = page({redirect("https://example.com/", "/login"),
                              redirect("https://example.com/login", "https://example.com/in?code=SECRET"), last});
    CHECK(probe.method == "recording");
    REQUIRE(probe.hops.size() == 3);
    CHECK(probe.hops[0].location == "https://example.com/login");
    CHECK(probe.hops[1].location == "https://example.com/in?code=...");
    CHECK(probe.final_url == "https://example.com/in?code=...");
    CHECK(probe.status == 401);
    REQUIRE(probe.challenges.size() == 2);
    CHECK(probe.challenges[1].usable_by_browser);
    CHECK(probe.hops[2].set_cookie_names == std::vector<std::string>{"a", "b"});
    REQUIRE(probe.hops[2].refused_cookies.size() == 1);
    CHECK(probe.hops[2].refused_cookies[0].reason == "SameSiteNoneInsecure");
    CHECK(probe.asked_at == 1796032801);
    CHECK(probe.server_date_skew_s == 3600);
    CHECK(probe.correlation.size() == 1);
}

TEST_CASE("the last page of the site counts, not parts of pages, and not other sites' pages")
{
    Json part = entry("https://example.com/api", 500);
    part["_resourceType"] = "xhr";
    const Probe probe = page({entry("https://example.com/a", 200), entry("https://example.com/b", 403), part,
                              entry("https://other.test/", 404)});
    CHECK(probe.final_url == "https://example.com/b");
    CHECK_FALSE(page_in(read(har_of({entry("https://other.test/", 200)})).value(), Site::parse("example.com").value()));

    const Probe away =
        page({redirect("https://example.com/", "https://login.other.test/"), entry("https://login.other.test/", 200)});
    CHECK(away.final_url == "https://login.other.test/");
    CHECK(away.hops.size() == 2);
}

TEST_CASE("errors of the browser are those of a client of our own")
{
    Json failed = entry("https://example.com/", 0);
    const auto [said, code] = GENERATE(table<std::string, std::string>({
        {"net::ERR_TOO_MANY_REDIRECTS", "too_many_redirects"},
        {"net::ERR_NAME_NOT_RESOLVED", "dns"},
        {"net::ERR_CERT_DATE_INVALID", "tls"},
        {"net::ERR_CONNECTION_REFUSED", "connect"},
        {"net::ERR_FAILED", "other"},
    }));
    failed["response"]["_error"] = said;
    CHECK(page({failed}).error_code == code);
    std::vector<Json> circle(20, redirect("https://example.com/", "https://example.com/"));
    CHECK(page(circle).error_code == "too_many_redirects");  // Firefox names no error
}

TEST_CASE("of the cookies that were sent, names and sizes")
{
    const Recording recording =
        read(har_of({entry("https://example.com/", 200, {}, {{"Cookie", "a=12345; b=; c; a=1"}})})).value();
    CHECK(recording.has_cookies);
    const auto& sent = recording.exchanges.at(0).sent;
    REQUIRE(sent.size() == 4);
    CHECK(sent[0].name == "a");
    CHECK(sent[0].size == 5);
    CHECK(sent[1].size == 0);
    CHECK(sent[2].name.empty());
    CHECK_FALSE(read(har_of({entry("https://example.com/", 200)})).value().has_cookies);
}

TEST_CASE("what is no recording, or a strange one, ends in words")
{
    const TempFolder folder;
    CHECK(read_har(folder / "no.har").error().code == Code::not_found);
    const auto* const text =
        GENERATE("", "{}", "[]", "{\"log\":{}}", "{\"log\":{\"entries\":{}}}", "\"entries\"", "not JSON",
                 "{\"log\":{\"entries\":[", "{\"log\":{\"pages\":[\"entries\"", "\xff\xfe{");
    CAPTURE(text);
    const auto recording = read(text);
    REQUIRE_FALSE(recording);
    CHECK(recording.error().code == Code::corrupt);
    CHECK_THAT(recording.error().hint, Contains("HAR"));
}

TEST_CASE("entries that cannot be read are left out and counted, the others are taken")
{
    Json deep = entry("https://example.com/deep", 200);
    Json* inner = &deep["x"];
    for (int i = 0; i < 300; ++i) {
        (*inner) = Json::array({nullptr});
        inner = &(*inner)[0];
    }
    Json wrong = entry("https://example.com/wrong", 200);
    wrong["request"]["headers"] = "none";
    wrong["response"]["status"] = "200";
    wrong["startedDateTime"] = "2026-99-99T99:99:99";
    wrong["time"] = -1e300;
    const Recording recording =
        read(har_of({deep, entry("data:text/plain,x", 200), Json(3), wrong, entry("https://example.com/", 200)}))
            .value();
    REQUIRE(recording.exchanges.size() == 2);
    CHECK(recording.exchanges[0].reply.status == 0);
    CHECK(recording.exchanges[1].reply.status == 200);
    CHECK(recording.left_out == 2);  // a number begins no entry
}

TEST_CASE("bodies of any size are passed over, and a cut file gives what is whole in it")
{
    Json large = entry("https://example.com/", 200);
    large["response"]["content"]["text"] = std::string(5U << 20U, 'x') + "\"\\\n\u00fc}]";
    Json hostile = entry("https://example.com/keys", 200);
    for (int i = 0; i < 40; ++i) {
        hostile["request"]["headers"].push_back({{"name", "n"}, {"value", std::string(50'000, 'v')}});
    }
    const std::string text = har_of({large, hostile, entry("https://example.com/last", 403)});
    const Recording recording = read(text).value();
    REQUIRE(recording.exchanges.size() == 2);
    CHECK(recording.exchanges[1].url == "https://example.com/last");
    CHECK(recording.left_out == 1);
    const Recording cut = read(text.substr(0, text.size() - 40)).value();
    CHECK(cut.exchanges.size() == 1);

    // At every place in an entry with escapes: an end in words, or what was whole.
    const std::string small = har_of({entry("https://example.com/", 200, {{"X", "\"\\\u00fc\n"}})});
    for (std::size_t size = 0; size < small.size(); ++size) {
        const auto part = read(small.substr(0, size));
        CHECK((!part || part->exchanges.size() == 1));
    }
}
