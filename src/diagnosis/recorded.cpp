// What a browser recorded (a HAR file): what it really sent, and what it was really answered.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "diagnosis/rules.h"
#include "web/set_cookie.h"
#include "web/url.h"

namespace unstick::findings {

namespace {

std::uint64_t header_size(const Exchange& exchange)
{
    constexpr std::uint64_t around = 3;  // "=", and "; " before the next
    std::uint64_t size = 0;
    for (const SentCookie& cookie : exchange.sent) {
        size += cookie.name.size() + cookie.size + around;
    }
    return size;
}

/// The cookies of the profiles that went with the request, as far as they are still there.
std::vector<ItemView> sent_from(const DiagnosisInput& input, std::size_t profile, const Exchange& exchange)
{
    const auto url = parse_url(exchange.url);
    auto cookies = live_cookies(input, profile);
    std::erase_if(cookies, [&](const ItemView& seen) {
        const bool was_sent = std::any_of(exchange.sent.begin(), exchange.sent.end(),
                                          [&](const SentCookie& sent) { return sent.name == seen.item->name; });
        return !was_sent || !url || !is_sent_to(*seen.item, url->host, url->path);
    });
    return cookies;
}

bool is_of_site(const DiagnosisInput& input, const Exchange& exchange)
{
    return input.site.owns_host(host_of(exchange.url));
}

/// The rule about what is stored says it first, where a profile holds these cookies.
void find_large_headers(const DiagnosisInput& input, Findings& findings)
{
    constexpr std::uint64_t usual_limit = 8190;
    constexpr std::string_view rule = "cookie-header-too-big";
    const bool is_known =
        std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.rule == rule; });
    const Exchange* largest = nullptr;
    for (const Exchange& exchange : input.recording->exchanges) {
        if (is_of_site(input, exchange) && (largest == nullptr || header_size(exchange) > header_size(*largest))) {
            largest = &exchange;
        }
    }
    if (is_known || largest == nullptr || header_size(*largest) < usual_limit) {
        return;
    }
    const int status = largest->reply.status;
    const bool is_refused = status == 400 || status == 413 || status == 431 || status == 494;
    findings.push_back(outside(
        rule, is_refused ? Confidence::high : Confidence::medium, std::string(host_of(largest->url)),
        fmt::format("The browser sent {} of cookies with one request{}; many servers refuse more than 8 KB.",
                    size_of(header_size(*largest)), is_refused ? fmt::format(", and was answered {}", status) : ""),
        "remove the site's cookies on the computer that this was recorded on: " + input.command + " --only cookies"));
    findings.back().evidence = {{"bytes", std::to_string(header_size(*largest))},
                                {"cookies", std::to_string(largest->sent.size())}};
}

void find_doubles(const DiagnosisInput& input, Findings& findings)
{
    std::map<std::string, std::string> doubles;  // name and host
    for (const Exchange& exchange : input.recording->exchanges) {
        std::map<std::string_view, int> counts;
        for (const SentCookie& cookie : exchange.sent) {
            if (is_of_site(input, exchange) && ++counts[cookie.name] == 2 && !cookie.name.empty()) {
                doubles.emplace(cookie.name, host_of(exchange.url));
            }
        }
    }
    if (doubles.empty()) {
        return;
    }
    // What is stored twice in a profile of this computer has a finding and a command of its own.
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        const auto cookies = live_cookies(input, profile);
        std::erase_if(doubles, [&](const auto& one) {
            return std::count_if(cookies.begin(), cookies.end(),
                                 [&](const ItemView& seen) { return seen.item->name == one.first; }) > 1;
        });
    }
    if (doubles.empty()) {
        return;
    }
    std::string names;
    for (const auto& [name, host] : doubles) {
        names += (names.empty() ? "" : ", ") + name;
    }
    const bool is_stuck = input.probe && (!input.probe->error_code.empty() || input.probe->status >= 400);
    findings.push_back(outside(
        "cookie-sent-twice", is_stuck ? Confidence::high : Confidence::medium, doubles.begin()->second,
        fmt::format("The browser sent a cookie twice in one request ({}); the server may take the wrong one.", names),
        "on the computer that this was recorded on: " + input.command + " --stale"));
    findings.back().evidence = {{"names", names}};
}

/// Those of the page and the way to it are looked at as those of any test.
void find_recorded_refusals(const DiagnosisInput& input, Findings& findings)
{
    std::string list;
    std::vector<std::pair<std::string, std::string>> evidence;
    std::string where;
    for (const Exchange& exchange : input.recording->exchanges) {
        if (exchange.is_page || !is_of_site(input, exchange)) {
            continue;
        }
        for (const auto& [header, value] : exchange.reply.headers) {
            const std::string_view reason = lower(header) == "set-cookie" ? refusal_of(value, exchange.url) : "";
            const std::string name(cookie_name(value));
            const auto seen = std::pair<std::string, std::string>(
                "cookie", fmt::format("{} {} of {}", reason, name, host_of(exchange.url)));
            if (!reason.empty() && std::find(evidence.begin(), evidence.end(), seen) == evidence.end()) {
                list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", name.empty() ? "one without a name" : name,
                                    explain_refusal(reason));
                evidence.push_back(seen);
                where = host_of(exchange.url);
            }
        }
    }
    if (!list.empty()) {
        findings.push_back(outside("refused-set-cookie", Confidence::medium, where,
                                   fmt::format("The site sets cookies that no browser stores: {}.", list),
                                   "tell the site's administrator; nothing in the browser helps"));
        findings.back().evidence = std::move(evidence);
    }
}

/// The site refused a request that went with cookies of a profile here.
void find_refused_requests(const DiagnosisInput& input, Findings& findings)
{
    const auto refused = [&](const Exchange& exchange) {
        const int status = exchange.reply.status;
        return exchange.is_page && is_of_site(input, exchange) && !exchange.sent.empty() &&
               (status == 400 || status == 401 || status == 403 || status == 431 || status == 500);
    };
    const auto& exchanges = input.recording->exchanges;
    const auto last = std::find_if(exchanges.rbegin(), exchanges.rend(), refused);
    for (std::size_t profile = 0; last != exchanges.rend() && profile < input.inventory.size(); ++profile) {
        const auto sent = sent_from(input, profile, *last);
        if (!sent.empty()) {
            findings.push_back(about(input, "cookies-refused", Confidence::low, sent,
                                     fmt::format("With these cookies the site answered {} in the recording: {}.",
                                                 last->reply.status, list_of(sent))));
            findings.back().evidence = {{"names", list_of(sent)}, {"status_with", std::to_string(last->reply.status)}};
        }
    }
}

}  // namespace

void recorded(const DiagnosisInput& input, Findings& findings)
{
    if (input.recording != nullptr) {
        find_large_headers(input, findings);
        find_doubles(input, findings);
        find_recorded_refusals(input, findings);
        find_refused_requests(input, findings);
    }
}

}  // namespace unstick::findings
