#include "probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>

#include "cookie_jar.h"
#include "set_cookie.h"
#include "text.h"
#include "url.h"

namespace unstick {

namespace {

constexpr std::size_t longest_shown = 200;

std::vector<std::string> values_of(const Reply& reply, std::string_view name)
{
    std::vector<std::string> values;
    for (const auto& [key, value] : reply.headers) {
        if (lower(key) == name) {
            values.push_back(value);
        }
    }
    return values;
}

std::string first_of(const Reply& reply, std::string_view name)
{
    const auto values = values_of(reply, name);
    return values.empty() ? std::string() : values.front();
}

/// Names under which servers and their proxies file a request: what their administrators ask for.
bool is_correlation(std::string_view name)
{
    constexpr std::array<std::string_view, 15> names{"x-request-id",      "request-id",          "x-correlation-id",
                                                     "x-amzn-requestid",  "x-amzn-trace-id",     "x-amz-cf-id",
                                                     "x-ms-request-id",   "x-azure-ref",         "cf-ray",
                                                     "traceparent",       "x-trace-id",          "x-b3-traceid",
                                                     "x-vcap-request-id", "x-github-request-id", "x-served-by"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// What an answer sets, and which of that no browser stores.
void read_cookies(const Reply& reply, const std::string& url, Hop& hop)
{
    for (const std::string& value : values_of(reply, "set-cookie")) {
        hop.set_cookie_names.emplace_back(cookie_name(value));
        if (const std::string_view reason = refusal_of(value, url); !reason.empty()) {
            hop.refused_cookies.push_back({hop.set_cookie_names.back(), reason});
        }
    }
}

/// As nginx and OpenSSL word it.
bool wants_certificate(const Reply& reply)
{
    return (reply.status == 400 && reply.body.find("No required SSL certificate was sent") != std::string::npos) ||
           (reply.error_code == "tls" && reply.error_text.find("certificate required") != std::string::npos);
}

/// Is there a word in it that sounds like a secret?
bool names_secret(std::string_view text)
{
    constexpr std::array<std::string_view, 16> words{"token", "code", "secret", "pass",      "pwd",   "session",
                                                     "sid",   "auth", "ticket", "assertion", "nonce", "state",
                                                     "saml",  "key",  "sig",    "jwt"};
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// Must the value of a parameter not be shown? A value can be an address with parameters of its own, encoded once or
/// twice ("next=%2Fcallback%3Fcode%3D...").
bool is_secret(std::string_view name, std::string_view value)
{
    const std::string inner = lower(value);
    const bool holds_parameters = inner.find("%3d") != std::string::npos || inner.find("%253d") != std::string::npos;
    return value.starts_with("eyJ") || names_secret(lower(name)) || (holds_parameters && names_secret(inner));
}

/// A page of a protection service in place of the site: only a real browser gets past it.
/// Headers as documented by Cloudflare ("Detect a Challenge Page response") and AWS WAF ("CAPTCHA and Challenge
/// action behavior").
bool is_robot_check(const Reply& reply)
{
    const std::string aws = lower(first_of(reply, "x-amzn-waf-action"));
    return lower(first_of(reply, "cf-mitigated")) == "challenge" || aws == "challenge" || aws == "captcha";
}

bool is_redirect(const Reply& reply)
{
    constexpr std::array<int, 5> redirects{301, 302, 303, 307, 308};
    return std::find(redirects.begin(), redirects.end(), reply.status) != redirects.end() &&
           !reply.redirect_url.empty();
}

bool is_passing_fault(const Probe& probe)
{
    constexpr std::array<int, 4> passing{429, 502, 503, 504};
    return probe.error_code == "connect" || probe.error_code == "timeout" ||
           (!probe.robot_check && std::find(passing.begin(), passing.end(), probe.status) != passing.end());
}

/// Retry-After in seconds or as a date; std::nullopt if absent or not understood.
std::optional<std::int64_t> retry_after(const Reply& reply, std::int64_t now)
{
    const std::string value = first_of(reply, "retry-after");
    if (is_number(value)) {
        std::int64_t seconds = 0;
        const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), seconds);
        return code == std::errc() ? seconds : std::numeric_limits<std::int64_t>::max();
    }
    return reply.retry_at ? std::optional(std::max<std::int64_t>(0, *reply.retry_at - now)) : std::nullopt;
}

/// One question, with the cookies that go with it.
Reply ask(HttpClient& client, const std::string& url, CookieJar* jar)
{
    const auto parsed = parse_url(url);
    if (jar == nullptr || !parsed) {
        return client.get(url);
    }
    Carried carried;
    carried.cookies = jar->header_for(*parsed);
    Reply reply = client.get(url, carried);
    for (const std::string& value : values_of(reply, "set-cookie")) {
        jar->is_set(value, *parsed);
    }
    return reply;
}

/// Goes along the redirects until an answer that leads no further, or an error; fills in the way there.
Reply follow(HttpClient& client, std::string url, int max_redirects, Probe& probe, CookieJar* jar)
{
    struct Visit {
        std::size_t hop;
        std::size_t cookies;  ///< set before it
    };
    std::map<std::string, Visit> visits;
    std::size_t cookies = 0;
    while (true) {
        visits[url] = {probe.hops.size(), cookies};
        Reply reply = ask(client, url, jar);
        add_hop(url, reply, probe);
        probe.address = url;
        cookies += probe.hops.back().set_cookie_names.size();
        if (!is_redirect(reply)) {
            return reply;
        }
        const auto fail_with = [&](std::string code, std::string text) {
            reply.error_code = std::move(code);
            reply.error_text = std::move(text);
            return reply;
        };
        const auto target = parse_url(reply.redirect_url);
        if (!target) {
            return fail_with("scheme",
                             "the site redirects to an address that cannot be opened: " + target.error().what);
        }
        url = target->text();
        probe.hops.back().location = shown_url(url);
        const auto seen = visits.find(url);
        if (seen != visits.end() && seen->second.cookies == cookies) {
            const std::size_t length = probe.hops.size() - seen->second.hop;
            return fail_with("loop", length == 1 ? "the page redirects to itself"
                                                 : fmt::format("the redirects go in a circle of {} pages", length));
        }
        if (probe.hops.size() > static_cast<std::size_t>(max_redirects)) {
            return fail_with("too_many_redirects", fmt::format("more than {} redirects", max_redirects));
        }
    }
}

}  // namespace

std::string shown_url(std::string_view url)
{
    constexpr std::string_view separators = "?&;#";
    std::string text;
    while (!url.empty()) {
        const std::size_t end = std::min(url.find_first_of(separators, 1), url.size());
        const std::string_view part = url.substr(0, end);  // "https://example.com/path", "?name=value", "&name=value"
        const std::size_t equals = part.find('=');
        const bool secret = !text.empty() && equals != std::string_view::npos &&
                            is_secret(part.substr(0, equals), part.substr(equals + 1));
        text += secret ? std::string(part.substr(0, equals)) + "=..." : std::string(part);
        url.remove_prefix(end);
    }
    return text;
}

void add_hop(const std::string& url, const Reply& reply, Probe& probe)
{
    probe.hops.push_back({shown_url(url), reply.status, "", {}});
    read_cookies(reply, url, probe.hops.back());
}

void read_answer(const Reply& reply, std::int64_t now, Probe& probe)
{
    probe.final_url = probe.hops.back().url;
    probe.status = reply.status;
    probe.error_code = reply.error_code;
    probe.error_text = reply.error_text;
    probe.challenges = parse_challenges(values_of(reply, "www-authenticate"), probe.final_url);
    probe.robot_check = is_robot_check(reply);
    probe.retry_after_s = retry_after(reply, now);
    probe.wants_certificate = wants_certificate(reply);
    const std::string age = first_of(reply, "age");
    if (reply.date && (age.empty() || age == "0")) {
        probe.server_date_skew_s = *reply.date - now;
    }
    for (const auto& [name, value] : reply.headers) {
        if (is_correlation(lower(name))) {
            probe.correlation.emplace_back(lower(name), value.substr(0, longest_shown));
        }
    }
}

Probe probe(Host& host, const std::string& url, const ProbeOptions& options, CookieJar* jar)
{
    constexpr std::int64_t longest_wait_s = 30;
    std::int64_t back_off_s = 1;
    for (int attempt = 1;; ++attempt) {
        Probe result;
        result.attempts = attempt;
        result.asked_at = host.now();
        const Reply reply = follow(*host.http(options.http), url, options.max_redirects, result, jar);
        read_answer(reply, host.now(), result);
        const bool expected = options.expect_status && result.status == *options.expect_status;
        if (expected || !is_passing_fault(result) || attempt > options.retries) {
            return result;
        }
        const std::int64_t wait_s = retry_after(reply, host.now()).value_or(back_off_s);
        host.sleep(std::chrono::seconds(std::min(wait_s, longest_wait_s)));
        back_off_s = std::min(2 * back_off_s, longest_wait_s);
    }
}

namespace {

/// Does the browser meet an error where a client that has nothing stored meets none?
bool is_worse_than_clean(const Probe& probe)
{
    return probe.status >= 400 && probe.clean_status && *probe.clean_status > 0 && *probe.clean_status < 400;
}

}  // namespace

Answer answer_of(const Probe& probe, const std::optional<int>& expect_status)
{
    if (probe.status == 0) {
        return Answer::unreachable;
    }
    if (probe.shows_text) {
        return *probe.shows_text ? Answer::page : Answer::refused;
    }
    if (expect_status) {
        return probe.status == *expect_status ? Answer::page : Answer::refused;
    }
    if (!probe.error_code.empty()) {  // a loop and its like: it answers, and leads nowhere
        return Answer::refused;
    }
    if (probe.robot_check) {
        return Answer::page;
    }
    if (probe.from == From::worker || is_worse_than_clean(probe)) {
        return Answer::refused;
    }
    if (probe.status == 407 || probe.status == 429 || probe.status >= 500) {
        return Answer::unreachable;
    }
    if (probe.status == 401) {
        const bool usable = std::any_of(probe.challenges.begin(), probe.challenges.end(),
                                        [](const Challenge& challenge) { return challenge.usable_by_browser; });
        return usable ? Answer::challenge : Answer::refused;
    }
    return probe.status == 403 ? Answer::refused : Answer::page;
}

std::string describe(const Probe& probe, const std::optional<int>& expect_status)
{
    if (probe.status == 0) {
        return fmt::format("{} does not answer: {}.", probe.final_url, probe.error_text);
    }
    if (expect_status) {
        return probe.status == *expect_status
                   ? fmt::format("{} answers {}, as expected.", probe.final_url, probe.status)
                   : fmt::format("{} answers {}, not the expected {}.", probe.final_url, probe.status, *expect_status);
    }
    if (!probe.error_text.empty()) {
        return fmt::format("{} cannot be opened: {}.", probe.hops.front().url, probe.error_text);
    }
    if (probe.shows_text) {
        return fmt::format("{} answers {}, and the page {} the expected text.", probe.final_url, probe.status,
                           *probe.shows_text ? "shows" : "does not show");
    }
    if (probe.from == From::worker) {
        return fmt::format(
            "{}: a service worker answers ({}) with what it keeps in the browser; the site was not asked.",
            probe.final_url, probe.status);
    }
    const std::string what = fmt::format("{} answers {}{}", probe.final_url, probe.status,
                                         probe.from == From::cache ? " (from the browser's cache)" : "");
    if (probe.robot_check) {
        return what + ": it checks for robots first, so this test does not tell what it says to a browser.";
    }
    switch (answer_of(probe, expect_status)) {
        case Answer::page:
            return what + (probe.status >= 400 ? ": reachable, and not a refusal." : ": the site answers.");
        case Answer::challenge:
            return what + ": the site asks for a sign-in that a browser can answer.";
        case Answer::unreachable:
            return what + (probe.retry_after_s
                               ? fmt::format(": it asks to wait; try again in {} seconds.", *probe.retry_after_s)
                           : probe.status == 429 ? ": too many requests; try again later."
                           : probe.status == 407 ? ": the proxy asks for a password."
                                                 : ": the site has a fault of its own.");
        case Answer::refused:
            break;
    }
    if (is_worse_than_clean(probe)) {
        return fmt::format("{}, and {} to a client that has nothing stored.", what, *probe.clean_status);
    }
    if (probe.status == 401 && probe.challenges.empty()) {
        return what + " without saying how to sign in (no WWW-Authenticate): a fault of the site.";
    }
    return what + (probe.status == 401 ? ", and no browser can sign in the way it asks for." : ": access denied.");
}

}  // namespace unstick
