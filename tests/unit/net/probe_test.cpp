// The re-test: which requests it makes, and what it makes of the answers.

#include "net/probe.h"
#include "app/commands/run.h"
#include "tests/fixtures/replies.h"

using namespace unstick;
using namespace testing::replies;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using testing::FakeHost;
using testing::TempFolder;

namespace {

std::vector<std::string> urls_of(const Probe& probe)
{
    std::vector<std::string> urls;
    for (const Hop& hop : probe.hops) {
        urls.push_back(hop.url);
    }
    return urls;
}

}  // namespace

TEST_CASE("redirects are followed and every hop is recorded")
{
    const int status = GENERATE(301, 302, 303, 307, 308);
    const Probe result = probe_of({
        {start,
         {redirect("https://example.com/a", {{"Set-Cookie", "one=1; Path=/"}, {"set-cookie", "two=2"}}, status)}},
        {"https://example.com/a", {redirect("http://login.example.org/", {}, status)}},
        {"http://login.example.org/", {answer(200)}},
    });
    CHECK(urls_of(result) == std::vector<std::string>{start, "https://example.com/a", "http://login.example.org/"});
    CHECK(result.hops[0].status == status);
    CHECK(result.hops[0].location == "https://example.com/a");
    CHECK(result.hops[0].set_cookie_names == std::vector<std::string>{"one", "two"});
    CHECK(result.hops[2].location.empty());
    CHECK(result.final_url == "http://login.example.org/");
    CHECK(result.status == 200);
    CHECK(result.error_code.empty());
    CHECK(result.method == "http");
}

TEST_CASE("a 3xx without a target, or one that is no redirect, is the final answer")
{
    CHECK(probe_of(answer(302)).status == 302);
    CHECK(probe_of(answer(302)).error_code.empty());
    CHECK(probe_of(redirect("https://example.com/a", {}, 300)).hops.size() == 1);
    CHECK(probe_of(redirect("https://example.com/a", {}, 304)).hops.size() == 1);
    CHECK(probe_of(redirect("https://example.com/a", {}, 201)).hops.size() == 1);
}

TEST_CASE("only http and https are followed")
{
    const std::string target = GENERATE("ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)",
                                        "intent://x#Intent;end", "https://", "https://exa mple.com/");
    FakeHost host;
    host.replies[start] = {redirect(target)};
    const Probe result = probe(host, start, {});
    CAPTURE(target);
    CHECK(result.error_code == "scheme");
    CHECK(result.status == 302);
    CHECK(result.hops.size() == 1);
    CHECK(host.requests == std::vector<std::string>{start});
    CHECK(answer_of(result, {}) == Answer::refused);
}

TEST_CASE("a loop is named by its length")
{
    const Probe self = probe_of({{start, {redirect(start)}}});
    CHECK(self.error_code == "loop");
    CHECK(self.error_text == "the page redirects to itself");
    CHECK(self.hops.size() == 1);

    const Probe circle = probe_of({
        {start, {redirect("https://example.com/a")}},
        {"https://example.com/a", {redirect("https://example.com/b")}},
        {"https://example.com/b", {redirect("https://example.com/a")}},
    });
    CHECK(circle.error_code == "loop");
    CHECK(circle.error_text == "the redirects go in a circle of 2 pages");
    CHECK(circle.status == 302);
    CHECK(answer_of(circle, {}) == Answer::refused);
}

TEST_CASE("a fragment does not hide a loop")
{
    CHECK(probe_of({{start, {redirect(start + "#again")}}}).error_code == "loop");
}

TEST_CASE("the same address again is no loop if a cookie was set since")
{
    const Probe result = probe_of({{start, {redirect(start, {{"Set-Cookie", "seen=1"}}), answer(200)}}});
    CHECK(result.status == 200);
    CHECK(result.error_code.empty());
    CHECK(result.hops.size() == 2);
}

TEST_CASE("at most 20 redirects are followed")
{
    const auto chain = [](int redirects) {
        std::map<std::string, std::vector<Reply>> replies;
        std::string url = start;
        for (int i = 1; i <= redirects; ++i) {
            const std::string next = "https://example.com/" + std::to_string(i);
            replies[url] = {redirect(next)};
            url = next;
        }
        replies[url] = {answer(200)};
        return replies;
    };
    const Probe enough = probe_of(chain(20));
    CHECK(enough.status == 200);
    CHECK(enough.hops.size() == 21);

    const Probe too_many = probe_of(chain(21));
    CHECK(too_many.error_code == "too_many_redirects");
    CHECK(too_many.error_text == "more than 20 redirects");
    CHECK(too_many.hops.size() == 21);
    CHECK(answer_of(too_many, {}) == Answer::refused);
}

TEST_CASE("a site that sets a cookie with every redirect ends too")
{
    CHECK(probe_of({{start, {redirect(start, {{"Set-Cookie", "n=1"}})}}}).error_code == "too_many_redirects");
}

TEST_CASE("passing faults are tried again, with growing pauses")
{
    const Reply fault =
        GENERATE(answer(429), answer(502), answer(503), answer(504), no_answer("connect"), no_answer("timeout"));
    CAPTURE(fault.status, fault.error_code);
    FakeHost host;
    host.replies[start] = {fault, fault, answer(200)};
    const Probe result = probe(host, start, {});
    CHECK(result.status == 200);
    CHECK(result.attempts == 3);
    CHECK(host.slept == 3s);  // 1 + 2
    CHECK(result.hops.size() == 1);
}

TEST_CASE("after the retries the fault stays")
{
    const auto [retries, pause] = GENERATE(table<int, std::chrono::seconds>({
        {0, 0s},
        {1, 1s},
        {4, 15s},
        {6, 61s},  // 1 + 2 + 4 + 8 + 16 + 30
        {8, 121s},
    }));
    FakeHost host;
    host.replies[start] = {answer(503)};
    ProbeOptions options;
    options.retries = retries;
    const Probe result = probe(host, start, options);
    CHECK(result.status == 503);
    CHECK(result.attempts == retries + 1);
    CHECK(host.slept == pause);
}

TEST_CASE("what does not pass by itself is not tried again")
{
    const Reply fault = GENERATE(answer(401), answer(403), answer(404), answer(500), no_answer("dns"), no_answer("tls"),
                                 no_answer("proxy"), no_answer("other"), answer(503, {{"cf-mitigated", "challenge"}}));
    CAPTURE(fault.status, fault.error_code);
    CHECK(probe_of(fault).attempts == 1);
}

TEST_CASE("an expected status is not tried again")
{
    ProbeOptions options;
    options.expect_status = 503;
    CHECK(probe_of({{start, {answer(503)}}}, options).attempts == 1);
}

TEST_CASE("a new try starts at the beginning")
{
    FakeHost host;
    host.replies[start] = {redirect("https://example.com/a")};
    host.replies["https://example.com/a"] = {answer(503), answer(200)};
    const Probe result = probe(host, start, {});
    CHECK(result.attempts == 2);
    CHECK(host.requests == std::vector<std::string>{start, "https://example.com/a", start, "https://example.com/a"});
    CHECK(urls_of(result) == std::vector<std::string>{start, "https://example.com/a"});
}

TEST_CASE("Retry-After in seconds is obeyed")
{
    const auto [value, pause] = GENERATE(table<std::string, std::chrono::seconds>({
        {"7", 7s},
        {"0", 0s},
        {"30", 30s},
        {"-5", 1s},  // not understood: as without it
        {"1.5", 1s},
        {"soon", 1s},
        {"", 1s},
    }));
    CAPTURE(value);
    FakeHost host;
    host.replies[start] = {answer(503, {{"Retry-After", value}}), answer(200)};
    CHECK(probe(host, start, {}).status == 200);
    CHECK(host.slept == pause);
}

TEST_CASE("Retry-After as a date is obeyed")
{
    const auto [from_now, pause] = GENERATE(table<std::int64_t, std::chrono::seconds>({
        {12, 12s},
        {-60, 0s},
    }));
    FakeHost host;
    Reply busy = answer(429, {{"Retry-After", "a date"}});
    busy.retry_at = host.clock + from_now;
    host.replies[start] = {busy, answer(200)};
    CHECK(probe(host, start, {}).status == 200);
    CHECK(host.slept == pause);
}

TEST_CASE("where the site asks to wait longer than half a minute it is not asked again before, and nobody waits")
{
    const std::string value = GENERATE("31", "3600", "99999999999999999999999999", "a date");
    CAPTURE(value);
    FakeHost host;
    Reply busy = answer(503, {{"Retry-After", value}});
    if (value == "a date") {
        busy.retry_at = host.clock + 86400;
    }
    host.replies[start] = {busy, answer(200)};
    const Probe result = probe(host, start, {});
    CHECK(result.status == 503);
    CHECK(result.attempts == 1);
    CHECK(result.retry_after_s.value_or(0) > 30);
    CHECK(host.slept == 0s);
    CHECK(host.requests.size() == 1);
}

TEST_CASE("pages that check for robots are known")
{
    const auto [header, value, is_check] = GENERATE(table<std::string, std::string, bool>({
        {"cf-mitigated", "challenge", true},
        {"CF-Mitigated", "Challenge", true},
        {"x-amzn-waf-action", "captcha", true},
        {"x-amzn-waf-action", "challenge", true},
        {"cf-mitigated", "", false},
        {"x-amzn-waf-action", "block", false},
        {"server", "cloudflare", false},
    }));
    CAPTURE(header, value);
    const Probe result = probe_of(answer(403, {{header, value}}));
    CHECK(result.robot_check == is_check);
    CHECK(answer_of(result, {}) == (is_check ? Answer::page : Answer::refused));
    CHECK((describe(result, {}).find("checks for robots") != std::string::npos) == is_check);
}

TEST_CASE("the clocks are compared, but not with a stored answer's date")
{
    const FakeHost host;
    const auto skew = [&](Headers headers) {
        Reply reply = answer(200, std::move(headers));
        reply.date = host.clock - 400;
        return probe_of(reply).server_date_skew_s;
    };
    CHECK(skew({}) == -400);
    CHECK(skew({{"Age", "0"}}) == -400);
    CHECK_FALSE(skew({{"Age", "17"}}));
    CHECK_FALSE(probe_of(answer(200)).server_date_skew_s);
}

TEST_CASE("challenges and request ids of the last answer are kept")
{
    const Probe result = probe_of({
        {start, {redirect("https://example.com/a", {{"WWW-Authenticate", "Basic"}, {"X-Request-Id", "first"}})}},
        {"https://example.com/a",
         {answer(401, {{"www-authenticate", "Negotiate"},
                       {"WWW-Authenticate", "NTLM"},
                       {"CF-Ray", "abc"},
                       {"X-Request-ID", std::string(500, 'r')},
                       {"X-Secret", "s"}})}},
    });
    REQUIRE(result.challenges.size() == 2);
    CHECK(result.challenges[0].scheme == "Negotiate");
    REQUIRE(result.correlation.size() == 2);
    CHECK(result.correlation[0] == std::pair<std::string, std::string>("cf-ray", "abc"));
    CHECK(result.correlation[1].first == "x-request-id");
    CHECK(result.correlation[1].second.size() == 200);
}

TEST_CASE("cookies are named and never shown")
{
    const Probe result = probe_of(answer(200, {{"Set-Cookie", "sid=s3cret; Secure"},
                                               {"Set-Cookie", "s3cret-without-a-name; Path=/"},
                                               {"Set-Cookie", "=s3cret"},
                                               {"Set-Cookie", "s3cret; a=b"},
                                               {"Set-Cookie", ""}}));
    CHECK(result.hops[0].set_cookie_names == std::vector<std::string>{"sid", "", "", "", ""});
}

TEST_CASE("cookies that no browser stores are named with the reason")
{
    const Probe result =
        probe_of(answer(200, {{"Set-Cookie", "sid=s3cret; Domain=other.test"}, {"Set-Cookie", "a=1"}}));
    REQUIRE(result.hops[0].refused_cookies.size() == 1);
    CHECK(result.hops[0].refused_cookies[0].name == "sid");
    CHECK(result.hops[0].refused_cookies[0].reason == "InvalidDomain");
}

TEST_CASE("a site that wants a client certificate")
{
    Reply nginx = answer(400);
    CHECK_FALSE(probe_of(nginx).wants_certificate);
    nginx.body = "<h1>400 Bad Request</h1><center>No required SSL certificate was sent</center>";
    CHECK(probe_of(nginx).wants_certificate);
    Reply tls = no_answer("tls");
    CHECK_FALSE(probe_of(tls).wants_certificate);
    tls.error_text = "OpenSSL: tlsv13 alert certificate required";
    CHECK(probe_of(tls).wants_certificate);
}

TEST_CASE("when it asked, and how long the site asks to wait")
{
    CHECK(probe_of(answer(200)).asked_at == FakeHost().clock);
    const Probe busy = probe_of(answer(429, {{"Retry-After", "90"}}));
    CHECK(busy.retry_after_s == 90);
    CHECK_THAT(describe(busy, {}), Contains("try again in 90 seconds"));
    CHECK_FALSE(probe_of(answer(429, {{"Retry-After", "soon"}})).retry_after_s);
}

TEST_CASE("secrets in addresses are not shown")
{
    const auto [target, shown] = GENERATE(table<std::string, std::string>({
        {"https://example.com/cb?code=s3cret&x=1", "https://example.com/cb?code=...&x=1"},
        {"https://example.com/cb?x=1&access_token=s3cret", "https://example.com/cb?x=1&access_token=..."},
        {"https://example.com/?State=s3cret", "https://example.com/?State=..."},
        {"https://example.com/?SAMLResponse=s3cret", "https://example.com/?SAMLResponse=..."},
        {"https://example.com/a;jsessionid=s3cret?x=1", "https://example.com/a;jsessionid=...?x=1"},
        {"https://example.com/?a=1;sid=s3cret", "https://example.com/?a=1;sid=..."},
        {"https://example.com/?x=eyJhbGciOi.s3cret.s3cret", "https://example.com/?x=..."},
        {"https://example.com/?api_key=s3cret=s3cret", "https://example.com/?api_key=..."},
        {"https://user:s3cret@example.com/a", "https://example.com/a"},
        {"https://example.com/a#access_token=s3cret", "https://example.com/a"},
        {"https://example.com/?next=/home&page=2", "https://example.com/?next=/home&page=2"},
        {"https://example.com/?", "https://example.com/?"},
        {"https://example.com/token/x", "https://example.com/token/x"},
    }));
    CAPTURE(target);
    FakeHost host;
    host.replies[start] = {redirect(target)};
    const Probe result = probe(host, start, {});
    REQUIRE(result.hops.size() == 2);
    CHECK(result.hops[0].location == shown);
    CHECK(result.hops[1].url == shown);
    CHECK(result.final_url == shown);
    CHECK_THAT(describe(result, {}), !Contains("s3cret"));
    // What is asked for is the real address.
    const bool shortened = shown.find("...") != std::string::npos;
    CHECK((host.requests[1].find("s3cret") != std::string::npos) == shortened);
}

TEST_CASE("secrets in an address inside an address are not shown")
{
    const std::string secret = GENERATE(
        "https%3A%2F%2Fexample.org%2Fcb%3Fcode%3Ds3cret", "https%3a%2f%2fexample.org%2fcb%3fx%3d1%26token%3ds3cret",
        "/cb%3Fsession_id%3Ds3cret", "%252Fcb%253Fcode%253Ds3cret", "https://example.org/cb?code=s3cret");
    FakeHost host;
    host.replies[start] = {redirect("https://example.com/login?next=" + secret + "&lang=en")};
    const Probe result = probe(host, start, {});
    CAPTURE(result.final_url);
    CHECK_THAT(result.final_url, !Contains("s3cret") && Contains("lang=en"));
}

TEST_CASE("secrets of the address that was asked for are not shown either")
{
    FakeHost host;
    host.replies["https://example.com/?token=s3cret"] = {answer(200)};
    const Probe result = probe(host, "https://example.com/?token=s3cret", {});
    CHECK(result.status == 200);
    CHECK(result.final_url == "https://example.com/?token=...");
}

TEST_CASE("a run asks for the real target, and shows it without its secrets")
{
    const TempFolder state;
    Request request;
    request.command = GENERATE(Command::test, Command::fix);
    request.state_dir = state.path();
    request.site = *Site::parse("https://example.com/cb?code=s3cret");
    FakeHost host;
    host.replies["https://example.com/cb?code=s3cret"] = {answer(200)};
    std::string said;
    Console console;
    console.progress = [&](const Progress& now) { said += now.what + "\n"; };
    console.confirm = [](const Report&) { return false; };
    const Report report = run(request, host, {}, console);
    CHECK(report.before->status == 200);
    CHECK(report.target == "https://example.com/cb?code=...");
    CHECK_THAT(to_json(report) + to_text(report, {}) + said, !Contains("s3cret"));
}
