#include "probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

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

std::vector<std::string> cookie_names(const Reply& reply)
{
    std::vector<std::string> names;
    for (const std::string& value : values_of(reply, "set-cookie")) {
        const std::size_t end = value.find_first_of("=;");
        // A cookie without '=' is all value: it has no name to tell.
        names.push_back(end != std::string::npos && value[end] == '=' ? value.substr(0, end) : "");
    }
    return names;
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
    return probe.error_code == "connect" || probe.error_code == "timeout" || probe.error_code == "dns" ||
           std::find(passing.begin(), passing.end(), probe.status) != passing.end();
}

/// Retry-After in seconds or as a date; std::nullopt if absent or not understood.
std::optional<std::int64_t> retry_after(const Reply& reply, std::int64_t now)
{
    const std::string value = first_of(reply, "retry-after");
    std::int64_t seconds = 0;
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (!value.empty() && code == std::errc() && end == value.data() + value.size() && seconds >= 0) {
        return seconds;
    }
    return reply.retry_at ? std::optional(std::max<std::int64_t>(0, *reply.retry_at - now)) : std::nullopt;
}

/// One pass along the redirects.
Probe follow(Host& host, const std::string& start, const ProbeOptions& options, std::optional<std::int64_t>& wait)
{
    Probe probe;
    const auto client = host.http(options.http);
    std::map<std::string, std::size_t> cookies_when_seen;
    std::size_t cookies = 0;
    std::string url = start;
    while (true) {
        cookies_when_seen[url] = cookies;
        const Reply reply = client->get(url);
        probe.final_url = url;
        probe.status = reply.status;
        probe.error_code = reply.error_code;
        probe.error_text = reply.error_text;
        probe.hops.push_back({url, reply.status, reply.redirect_url, cookie_names(reply)});
        cookies += probe.hops.back().set_cookie_names.size();
        if (!is_redirect(reply)) {
            probe.challenges = parse_challenges(values_of(reply, "www-authenticate"), url);
            if (reply.date && first_of(reply, "age").empty()) {
                probe.server_date_skew_s = *reply.date - host.now();
            }
            for (const auto& [key, value] : reply.headers) {
                if (is_correlation(lower(key))) {
                    probe.correlation.emplace_back(lower(key), value.substr(0, longest_shown));
                }
            }
            wait = retry_after(reply, host.now());
            return probe;
        }
        url = reply.redirect_url;
        if (!url.starts_with("http://") && !url.starts_with("https://")) {
            probe.error_code = "scheme";
            probe.error_text = "the site redirects to an address that is not http or https";
            return probe;
        }
        const auto seen = cookies_when_seen.find(url);
        if (seen != cookies_when_seen.end() && seen->second == cookies) {
            probe.error_code = "loop";
            probe.error_text = fmt::format(
                "the redirects go in a circle of {}",
                count_of(static_cast<std::uint64_t>(std::count_if(probe.hops.begin(), probe.hops.end(),
                                                                  [&, inside = false](const Hop& hop) mutable {
                                                                      inside = inside || hop.url == url;
                                                                      return inside;
                                                                  })),
                         "page", "pages"));
            return probe;
        }
        if (probe.hops.size() > static_cast<std::size_t>(options.max_redirects)) {
            probe.error_code = "too_many_redirects";
            probe.error_text = fmt::format("more than {} redirects", options.max_redirects);
            return probe;
        }
    }
}

}  // namespace

Probe probe(Host& host, const std::string& url, const ProbeOptions& options)
{
    constexpr std::int64_t longest_wait_s = 30;
    std::int64_t back_off_s = 1;
    for (int attempt = 1;; ++attempt) {
        std::optional<std::int64_t> asked_s;
        Probe result = follow(host, url, options, asked_s);
        result.attempts = attempt;
        const bool expected = options.expect_status && result.status == *options.expect_status;
        if (expected || !is_passing_fault(result) || attempt > options.retries) {
            return result;
        }
        host.sleep(std::chrono::seconds(std::min(asked_s.value_or(back_off_s), longest_wait_s)));
        back_off_s *= 2;
    }
}

Answer answer_of(const Probe& probe, const std::optional<int>& expect_status)
{
    if (expect_status && probe.status != 0) {
        return probe.status == *expect_status ? Answer::page : Answer::refused;
    }
    if (probe.error_code == "loop" || probe.error_code == "too_many_redirects" || probe.error_code == "scheme") {
        return Answer::refused;
    }
    if (probe.status == 0 || probe.status == 407 || probe.status == 429 || probe.status >= 500) {
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
    if (!probe.error_text.empty() && probe.status == 0) {
        return fmt::format("{} does not answer: {}.", probe.final_url, probe.error_text);
    }
    if (!probe.error_text.empty()) {
        return fmt::format("{} cannot be opened: {}.", probe.hops.front().url, probe.error_text);
    }
    const std::string what = fmt::format("{} answers {}", probe.final_url, probe.status);
    switch (answer_of(probe, expect_status)) {
        case Answer::page:
            return what +
                   (probe.status >= 400 && !expect_status ? ": reachable, and not a refusal." : ": the site answers.");
        case Answer::challenge:
            return what + ": the site asks for a user name and password, which a browser can do.";
        case Answer::unreachable:
            return what + (probe.status == 429   ? ": too many requests; try again later."
                           : probe.status == 407 ? ": the proxy asks for a password."
                                                 : ": the site has a fault of its own.");
        case Answer::refused:
            break;
    }
    if (expect_status) {
        return what + fmt::format(", not the expected {}.", *expect_status);
    }
    if (probe.status == 401 && probe.challenges.empty()) {
        return what + " without saying how to sign in (no WWW-Authenticate): a fault of the site.";
    }
    return what + (probe.status == 401 ? ", and no browser can sign in the way it asks for." : ": access denied.");
}

}  // namespace unstick
