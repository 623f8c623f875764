// Cookies that are too many or too large together.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "diagnosis/rules.h"
#include "web/cookie_match.h"
#include "web/url.h"

namespace unstick::findings {

namespace {

// --- Abandoned ---

/// What the sign-in frameworks themselves call the cookies of one attempt, with something random behind.
constexpr std::array<std::string_view, 8> login_prefixes{
    ".AspNetCore.OpenIdConnect.Nonce.",
    ".AspNetCore.Correlation.",
    "OpenIdConnect.nonce.",
    "SignInMessage.",
    "_oauth2_proxy_csrf_",
    "_forward_auth_csrf_",
    "mod_auth_openidc_state_",
    "com.auth0.auth.",
};

struct Abandoned {
    std::vector<ItemView> items;
    std::string prefix;
    bool known = false;
};

std::string_view common_start(std::string_view a, std::string_view b)
{
    const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
    return a.substr(0, static_cast<std::size_t>(end - a.begin()));
}

/// Numbered pieces of one large cookie ("session.0", "session.1") have short tails.
bool has_random_tail(std::string_view name, std::size_t prefix)
{
    constexpr std::size_t shortest_tail = 8;
    return name.size() >= prefix + shortest_tail && !is_number(name.substr(prefix));
}

/// Cookies of one host whose names start alike and end at random.
std::vector<Abandoned> abandoned_among(const std::vector<ItemView>& cookies)
{
    constexpr std::size_t least_known = 5;
    constexpr std::size_t least_unknown = 8;
    constexpr std::size_t shortest_prefix = 10;
    std::map<std::pair<std::string_view, std::string_view>, Abandoned> groups;  // by host and start of the name
    for (const ItemView& seen : cookies) {
        const std::string_view name = seen.item->name;
        const auto* const known = std::find_if(login_prefixes.begin(), login_prefixes.end(),
                                               [&](std::string_view prefix) { return name.starts_with(prefix); });
        if (known == login_prefixes.end() && name.size() <= shortest_prefix) {
            continue;
        }
        const bool is_known = known != login_prefixes.end();
        Abandoned& group = groups[{seen.item->host, is_known ? *known : name.substr(0, shortest_prefix)}];
        group.known = is_known;
        group.prefix = is_known              ? std::string(*known)
                       : group.items.empty() ? std::string(name)
                                             : std::string(common_start(group.prefix, name));
        group.items.push_back(seen);
    }
    std::vector<Abandoned> abandoned;
    for (auto& [place, group] : groups) {
        const bool random = std::all_of(
            group.items.begin(), group.items.end(),
            [&, &prefix = group.prefix](const ItemView& s) { return has_random_tail(s.item->name, prefix.size()); });
        if (group.known ? group.items.size() >= least_known : random && group.items.size() >= least_unknown) {
            abandoned.push_back(std::move(group));
        }
    }
    return abandoned;
}

/// Has it digits among letters, or capitals among small ones, as what chance makes has?
bool looks_random(std::string_view tail)
{
    const auto has = [&](char first, char last) {
        return std::any_of(tail.begin(), tail.end(), [&](char c) { return c >= first && c <= last; });
    };
    return (has('0', '9') && (has('a', 'z') || has('A', 'Z'))) || (has('a', 'z') && has('A', 'Z'));
}

/// The rest: twenty of one host that are alike up to the last sign in their names, and random behind it.
std::vector<Abandoned> many_alike_among(const std::vector<ItemView>& cookies, const std::vector<Abandoned>& known)
{
    constexpr std::size_t least = 20;
    std::set<ItemRef> taken;
    for (const Abandoned& group : known) {
        for (const ItemView& seen : group.items) {
            taken.insert(seen.ref);
        }
    }
    std::map<std::pair<std::string_view, std::string_view>, Abandoned> groups;
    for (const ItemView& seen : cookies) {
        const std::string_view name = seen.item->name;
        const std::size_t sign = name.find_last_of("._-:");
        if (sign == name.npos || taken.contains(seen.ref) || !has_random_tail(name, sign + 1) ||
            !looks_random(name.substr(sign + 1))) {
            continue;
        }
        Abandoned& group = groups[{seen.item->host, name.substr(0, sign + 1)}];
        group.prefix = name.substr(0, sign + 1);
        group.items.push_back(seen);
    }
    std::vector<Abandoned> many;
    for (auto& [place, group] : groups) {
        if (group.items.size() >= least) {
            many.push_back(std::move(group));
        }
    }
    return many;
}

void find_abandoned(const DiagnosisInput& input, const std::vector<ItemView>& cookies, Findings& findings)
{
    std::vector<ItemView> items;
    std::string prefixes;
    bool known = false;
    std::vector<Abandoned> groups = abandoned_among(cookies);
    for (Abandoned& group : many_alike_among(cookies, groups)) {
        groups.push_back(std::move(group));
    }
    for (const Abandoned& group : groups) {
        items.insert(items.end(), group.items.begin(), group.items.end());
        prefixes += (prefixes.empty() ? "" : ", ") + group.prefix + "...";
        known = known || group.known;
    }
    if (!items.empty()) {
        Finding finding = about(input, "abandoned-login-cookies", known ? Confidence::high : Confidence::medium, items,
                                fmt::format("{} of sign-ins that were not completed are still stored ({}).",
                                            count_of(items.size(), "cookie", "cookies"), prefixes));
        finding.evidence = {{"names", prefixes}, {"count", std::to_string(items.size())}};
        findings.push_back(std::move(finding));
    }
}

// --- Too much ---

std::uint64_t header_size(const ItemView& cookie)
{
    constexpr std::uint64_t around = 3;  // "=", and "; " before the next
    return cookie.item->name.size() + cookie.as<Cookie>().value_size.value_or(0) + around;
}

std::uint64_t header_size(const std::vector<ItemView>& cookies)
{
    std::uint64_t size = 0;
    for (const ItemView& seen : cookies) {
        size += header_size(seen);
    }
    return size;
}

/// What is sent with the request that takes most.
std::vector<ItemView> largest_header(const DiagnosisInput& input, const std::vector<ItemView>& cookies)
{
    std::vector<std::pair<std::string, std::string>> requests{{input.site.target().host, input.site.target().path}};
    if (input.probe) {
        for (const Hop& hop : input.probe->hops) {
            if (const auto url = parse_url(hop.url)) {
                requests.emplace_back(url->host, url->path);
            }
        }
    }
    std::vector<ItemView> largest;
    for (const auto& [host, path] : requests) {
        std::vector<ItemView> sent;
        for (const ItemView& seen : cookies) {
            const bool in_partition = seen.item->partition.empty() || input.site.owns_partition(seen.item->partition);
            if (in_partition && is_sent_to(*seen.item, host, path)) {
                sent.push_back(seen);
            }
        }
        if (header_size(sent) > header_size(largest)) {
            largest = std::move(sent);
        }
    }
    return largest;
}

void find_large_header(const DiagnosisInput& input, const std::vector<ItemView>& cookies, Findings& findings)
{
    constexpr std::uint64_t usual_limit = 8190;  // of one header field in Apache; nginx 8192
    constexpr std::uint64_t near_limit = usual_limit * 9 / 10;
    constexpr std::uint64_t at_limit = usual_limit * 98 / 100;  // sizes are estimated where values are encrypted
    constexpr std::uint64_t larger_limit = 16384;               // what hardly any server accepts
    constexpr std::uint64_t wanted = 4096;
    auto sent = largest_header(input, cookies);
    const std::uint64_t size = header_size(sent);
    if (size < near_limit) {
        return;
    }
    std::set<ItemRef> abandoned;
    for (const Abandoned& group : abandoned_among(sent)) {
        for (const ItemView& seen : group.items) {
            abandoned.insert(seen.ref);
        }
    }
    std::sort(sent.begin(), sent.end(), [&](const ItemView& a, const ItemView& b) {
        return std::pair(abandoned.contains(b.ref), header_size(b)) <
               std::pair(abandoned.contains(a.ref), header_size(a));
    });
    std::vector<ItemView> removed;
    for (std::uint64_t left = size; left > wanted && removed.size() < sent.size();) {
        left -= header_size(sent[removed.size()]);
        removed.push_back(sent[removed.size()]);
    }
    Finding finding = about(
        input, "cookie-header-too-big",
        size >= larger_limit ? Confidence::high
        : size >= at_limit   ? Confidence::medium
                             : Confidence::low,
        removed, fmt::format("The site's cookies are {} together; many servers refuse more than 8 KB.", size_of(size)));
    finding.evidence = {
        {"bytes", std::to_string(size)}, {"cookies", std::to_string(sent.size())}, {"largest", list_of(removed)}};
    findings.push_back(std::move(finding));
}

/// Where the browser would remove some after one or two more sign-ins, those used least go, and as many again.
void find_too_many(const DiagnosisInput& input, std::size_t profile, const std::vector<ItemView>& cookies,
                   Findings& findings)
{
    const CookieLimit limit = input.inventory[profile].adapter->limits.cookies_of_domain;
    if (limit.most == 0) {
        return;
    }
    const std::size_t reserve = limit.removed + limit.removed / 3;  // one sign-in can set ten
    const std::size_t many = limit.most - reserve;
    if (cookies.size() < many) {
        return;
    }
    const std::size_t wanted = limit.most - 2 * limit.removed;
    std::map<std::string, std::vector<ItemView>> by_domain;
    for (const ItemView& seen : cookies) {
        if (seen.item->partition.empty()) {
            by_domain[registrable_domain(cookie_domain(seen.item->host))].push_back(seen);
        }
    }
    std::vector<ItemView> removed;
    std::size_t most = 0;
    for (auto& [domain, same] : by_domain) {
        if (same.size() < many) {
            continue;
        }
        most = std::max(most, same.size());
        std::stable_sort(same.begin(), same.end(), [](const ItemView& a, const ItemView& b) {
            return a.item->used.value_or(0) < b.item->used.value_or(0);
        });
        removed.insert(removed.end(), same.begin(), same.end() - static_cast<std::ptrdiff_t>(wanted));
    }
    if (!removed.empty()) {
        Finding finding =
            about(input, "too-many-cookies", Confidence::medium, removed,
                  fmt::format("The site has {} cookies; near {} the browser throws some away, the session perhaps.",
                              most, limit.most));
        finding.evidence = {{"count", std::to_string(most)}};
        findings.push_back(std::move(finding));
    }
}

}  // namespace

void cookie_limits(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        const auto live = live_cookies(input, profile);
        find_abandoned(input, live, findings);
        find_large_header(input, live, findings);
        find_too_many(input, profile, live, findings);
    }
}

}  // namespace unstick::findings
