// What a re-test is compared with.

#include "net/compare.h"
#include "tests/fixtures/replies.h"

using namespace unstick;
using namespace testing::replies;
using Catch::Matchers::Contains;
using testing::FakeHost;

namespace {

/// The re-test of a URL with what it is compared with.
Probe compared(const std::string& url, std::map<std::string, std::vector<Reply>> replies)
{
    FakeHost host;
    host.replies = std::move(replies);
    ProbeOptions options;
    options.retries = 0;
    Probe result = probe(host, url, options);
    compare(host, parse_url(url).value(), options, result);
    return result;
}

}  // namespace

TEST_CASE("http is asked where https does not answer")
{
    const Probe broken = compared(start, {{start, {no_answer("tls")}}, {"http://example.com/", {answer(200)}}});
    REQUIRE(broken.plain_http);
    CHECK(broken.plain_http->status == 200);
    CHECK_THAT(comparisons_of(broken).at(0), Contains("By plain http it answers (200)"));
    CHECK(comparisons_of(compared(start, {{start, {no_answer("connect")}}})).empty());
    CHECK_FALSE(compared(start, {{start, {no_answer("dns")}}}).plain_http);
    CHECK_FALSE(compared(start, {{start, {answer(403)}}}).plain_http);
    CHECK_FALSE(compared("http://example.com/", {}).plain_http);
}

TEST_CASE("a network that answers by http in the site's place")
{
    const auto by_http = [](const Reply& reply) {
        return compared(start, {{start, {no_answer("tls")}}, {"http://example.com/", {reply}}});
    };
    const auto [where, said] = GENERATE(table<std::string, std::string>({
        {"http://portal.hotel.test/sign-in", "leads to portal.hotel.test"},
        {"https://portal.hotel.test/", "leads to portal.hotel.test"},
        {"http://notexample.com/", "leads to notexample.com"},
        {"http://192.168.1.1:8080/", "leads to 192.168.1.1"},
    }));
    const Probe led = by_http(redirect(where));
    CHECK(is_answered_by_network(led));
    CHECK_FALSE(answers_by_http_only(led));
    CHECK_THAT(comparisons_of(led).at(0), Contains(said) && Contains("want a sign-in of its own first"));
    const Probe asked = by_http(answer(511));
    CHECK(is_answered_by_network(asked));
    CHECK_FALSE(answers_by_http_only(asked));
    CHECK_THAT(comparisons_of(asked).at(0), Contains("answers 511"));
}

TEST_CASE("a site that answers by http itself, or leads to another host of its own")
{
    const auto [reply, only_http] = GENERATE(table<Reply, bool>({
        {answer(200), true},
        {redirect("http://www.example.com/"), true},
        {redirect("https://sso.example.com/"), false},
        {no_answer("connect"), false},
    }));
    const Probe probe = compared(start, {{start, {no_answer("connect")}}, {"http://example.com/", {reply}}});
    CHECK_FALSE(is_answered_by_network(probe));
    CHECK(answers_by_http_only(probe) == only_http);
}

TEST_CASE("the root page is asked for where a deep link is refused")
{
    const std::string deep = start + "old/page?id=1";
    const int status = GENERATE(401, 403, 404);
    const Probe moved = compared(deep, {{deep, {answer(status)}}, {start, {answer(200)}}});
    REQUIRE(moved.root);
    CHECK_THAT(comparisons_of(moved).at(0), Contains("start at https://example.com/"));
    const Probe closed = compared(deep, {{deep, {answer(status)}}, {start, {answer(403)}}});
    CHECK_THAT(comparisons_of(closed).at(0), Contains("refused, too (403)"));
    CHECK_FALSE(compared(deep, {{deep, {answer(200)}}}).root);
    CHECK_FALSE(compared(start, {{start, {answer(status)}}}).root);
}

TEST_CASE("a sign-in that has another name each time")
{
    const auto asks = [](const std::string& realm) {
        return answer(401, {{"WWW-Authenticate", "Basic realm=\"" + realm + "\""}});
    };
    const Probe changes = compared(start, {{start, {asks("a"), asks("b")}}});
    CHECK(changes.realm_changes);
    CHECK_THAT(comparisons_of(changes).at(0), Contains("another realm"));
    CHECK_FALSE(compared(start, {{start, {asks("a")}}}).realm_changes);
    CHECK_FALSE(compared(start, {{start, {asks("a"), answer(200)}}}).realm_changes);
}
