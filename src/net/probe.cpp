#include "net/probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>

#include "base/text.h"
#include "net/headers.h"
#include "net/judgement.h"
#include "web/asking_browsers.h"
#include "web/cookie_jar.h"
#include "web/masking.h"
#include "web/set_cookie.h"
#include "web/url.h"

namespace unstick {

namespace {

constexpr std::size_t longest_shown = 200;

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
    for (const std::string& value : header_values(reply.headers, "set-cookie")) {
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

/// A page of a protection service in place of the site: only a real browser gets past it.
/// Headers as documented by Cloudflare ("Detect a Challenge Page response") and AWS WAF ("CAPTCHA and Challenge
/// action behavior").
bool is_robot_check(const Reply& reply)
{
    const std::string aws = lower(header_value(reply.headers, "x-amzn-waf-action"));
    return lower(header_value(reply.headers, "cf-mitigated")) == "challenge" || aws == "challenge" || aws == "captcha";
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
    const std::string value = header_value(reply.headers, "retry-after");
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
    for (const std::string& value : header_values(reply.headers, "set-cookie")) {
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
    const std::size_t path_end = std::min(url.find_first_of("?#"), url.size());
    std::string text = bare_url(url.substr(0, path_end));
    url.remove_prefix(path_end);
    while (!url.empty()) {
        const std::size_t end = std::min(url.find_first_of(separators, 1), url.size());
        const std::string_view part = url.substr(0, end);  // "?name=value", "&name=value"
        const std::size_t equals = part.find('=');
        const bool secret =
            equals != std::string_view::npos && is_secret_parameter(part.substr(0, equals), part.substr(equals + 1));
        text += secret ? std::string(part.substr(0, equals)) + "=..." : std::string(part);
        url.remove_prefix(end);
    }
    return text;
}

void add_hop(const std::string& url, const Reply& reply, Probe& probe)
{
    probe.hops.push_back({shown_url(url), reply.status, "", {}});
    read_cookies(reply, url, probe.hops.back());
    probe.hops.back().etag = header_value(reply.headers, "etag");
    probe.hops.back().last_modified = header_value(reply.headers, "last-modified");
}

void read_answer(const Reply& reply, std::int64_t now, Probe& probe)
{
    probe.final_url = probe.hops.back().url;
    probe.status = reply.status;
    probe.error_code = reply.error_code;
    probe.error_text = reply.error_text;
    probe.challenges = parse_challenges(header_values(reply.headers, "www-authenticate"), probe.final_url);
    probe.asked_by = browsers_that_ask(header_values(reply.headers, "www-authenticate"));
    probe.robot_check = is_robot_check(reply);
    probe.retry_after_s = retry_after(reply, now);
    probe.wants_certificate = wants_certificate(reply);
    const std::string age = header_value(reply.headers, "age");
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
        result.asked = url;
        result.asked_at = host.now();
        const Reply reply = follow(*host.http(options.http), url, options.max_redirects, result, jar);
        read_answer(reply, host.now(), result);
        const bool expected = options.expect_status && result.status == *options.expect_status;
        const bool is_without_answer = result.status == 0 && !options.retry_without_answer;
        if (expected || is_without_answer || !is_passing_fault(result) || attempt > options.retries) {
            return result;
        }
        const std::int64_t wait_s = retry_after(reply, host.now()).value_or(back_off_s);
        if (wait_s > longest_wait_s) {  // sooner than it asks for, it would only say the same again
            return result;
        }
        host.sleep(std::chrono::seconds(wait_s));
        back_off_s = std::min(2 * back_off_s, longest_wait_s);
    }
}

namespace {

/// Does the browser meet an error where a client that has nothing stored meets none?
bool is_worse_than_clean(const Probe& probe)
{
    return probe.status >= 400 && probe.clean_status && *probe.clean_status > 0 && *probe.clean_status < 400;
}

/// What the user said about the page, if anything.
std::optional<bool> is_as_expected(const Probe& probe)
{
    if (probe.said_stuck || probe.shows_stuck_text.value_or(false)) {
        return false;
    }
    if (probe.shows_text || probe.at_expected_url) {
        return probe.shows_text.value_or(true) && probe.at_expected_url.value_or(true);
    }
    return std::nullopt;
}

/// "Your browser gets A, a fresh one B": where the two were compared and a sentence of its own says it best.
std::string compared(const Probe& probe)
{
    if (!probe.fresh || probe.robot_check) {
        return {};
    }
    const std::string said = page_in_words(probe);
    switch (judge(probe).state) {
        case PageState::like_fresh:
            return fmt::format("{} shows {}, the same as to a fresh browser.", probe.final_url, said);
        case PageState::sign_in_form:
            return fmt::format("{} shows {}; a fresh browser gets {}.", probe.final_url, said,
                               is_alike(probe, *probe.fresh) ? "the same" : page_in_words(*probe.fresh));
        case PageState::signed_in:
            return fmt::format("{} shows {}, as to somebody who is signed in.", probe.final_url, said);
        case PageState::kept:
            return fmt::format(
                "{} shows a page that the browser keeps ({}); the site itself gives what a fresh browser gets, {}.",
                probe.final_url, probe.from == From::cache ? "in its cache" : "in a service worker",
                page_in_words(*probe.fresh));
        case PageState::own:
        case PageState::broken:
            return fmt::format("{} shows {}; a fresh browser gets {}.", probe.final_url, said,
                               page_in_words(*probe.fresh));
        case PageState::circles:
        case PageState::refused:
        case PageState::error:
        case PageState::no_answer:
            break;
    }
    return {};
}

}  // namespace

Answer answer_of(const Probe& probe, const std::optional<int>& expect_status)
{
    if (probe.status == 0) {
        return Answer::unreachable;
    }
    if (const auto as_expected = is_as_expected(probe)) {
        return *as_expected ? Answer::page : Answer::refused;
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
    if (probe.fresh && !probe.robot_check) {
        const Judgement judgement = judge(probe);
        if (judgement.stuck) {
            return *judgement.stuck ? Answer::refused : Answer::page;
        }
    }
    if (is_worse_than_clean(probe)) {
        return Answer::refused;
    }
    if (probe.status == 407 || probe.status == 429 || probe.status >= 500) {
        return Answer::unreachable;
    }
    if (probe.status == 401) {
        return asks_for_password(probe) ? Answer::challenge : Answer::refused;
    }
    return probe.status == 403 ? Answer::refused : Answer::page;
}

bool asks_for_password(const Probe& probe)
{
    return std::any_of(probe.challenges.begin(), probe.challenges.end(),
                       [](const Challenge& challenge) { return challenge.usable_by_browser; });
}

bool goes_in_circles(const Probe& probe)
{
    return probe.error_code == "loop" || probe.error_code == "too_many_redirects";
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
    if (probe.shows_stuck_text.value_or(false)) {
        return fmt::format("{} answers {}, and the page shows the text that means stuck.", probe.final_url,
                           probe.status);
    }
    if (probe.shows_text) {
        return fmt::format("{} answers {}, and the page {} the expected text.", probe.final_url, probe.status,
                           *probe.shows_text ? "shows" : "does not show");
    }
    if (probe.at_expected_url) {
        return fmt::format("{} answers {}; the browser {} at the expected address.", probe.final_url, probe.status,
                           *probe.at_expected_url ? "ended" : "did not end");
    }
    if (const std::string said = compared(probe); !said.empty()) {
        return said;
    }
    if (probe.from == From::worker) {
        return fmt::format(
            "{}: a service worker answers ({}) with what it keeps in the browser; the site was not asked.",
            probe.final_url, probe.status);
    }
    const std::string cached = probe.from == From::cache ? " (from the browser's cache)" : "";
    const std::string what = fmt::format("{} answers {}{}", probe.final_url, probe.status, cached);
    if (probe.robot_check) {
        return what + ": it checks for robots first, so this test does not tell what it says to a browser.";
    }
    switch (answer_of(probe, expect_status)) {
        case Answer::page:
            return probe.status >= 400 ? what + ": reachable, and not a refusal."
                                       : fmt::format("{} works ({}){}.", probe.final_url, probe.status, cached);
        case Answer::challenge:
            return what + ": the site asks for a sign-in that a browser can answer.";
        case Answer::unreachable:
            return what + (probe.retry_after_s
                               ? fmt::format(": it asks to wait; try again in {} seconds.", *probe.retry_after_s)
                           : probe.status == 429 ? ": too many requests; try again later."
                           : probe.status == 407 ? ": the proxy asks for a password."
                           : probe.status == 511
                               ? ": this network wants a sign-in of its own first, as in a hotel or on "
                                 "a train. Open any page with your browser, sign in there, and try "
                                 "again."
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
