// Cookies that are too many or too large together.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "../text.h"
#include "../url.h"
#include "families.h"

namespace unstick::findings {

namespace {

// --- Litter ---

/// What the sign-in frameworks themselves call the cookies of one attempt, with something random behind.
constexpr std::array<std::string_view, 4> litter_prefixes{
    ".AspNetCore.OpenIdConnect.Nonce.", ".AspNetCore.Correlation.", "OpenIdConnect.nonce.", "SignInMessage."};

struct Litter {
    std::vector<Seen> items;
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
std::vector<Litter> litter_among(const std::vector<Seen>& cookies)
{
    constexpr std::size_t least_known = 5;
    constexpr std::size_t least_unknown = 8;
    constexpr std::size_t shortest_prefix = 10;
    std::map<std::pair<std::string_view, std::string_view>, Litter> groups;  // by host and start of the name
    for (const Seen& seen : cookies) {
        const std::string_view name = seen.item->name;
        const auto* const known = std::find_if(litter_prefixes.begin(), litter_prefixes.end(),
                                               [&](std::string_view prefix) { return name.starts_with(prefix); });
        if (known == litter_prefixes.end() && name.size() <= shortest_prefix) {
            continue;
        }
        const bool is_known = known != litter_prefixes.end();
        Litter& group = groups[{seen.item->host, is_known ? *known : name.substr(0, shortest_prefix)}];
        group.known = is_known;
        group.prefix = is_known              ? std::string(*known)
                       : group.items.empty() ? std::string(name)
                                             : std::string(common_start(group.prefix, name));
        group.items.push_back(seen);
    }
    std::vector<Litter> litter;
    for (auto& [place, group] : groups) {
        const bool random = std::all_of(
            group.items.begin(), group.items.end(),
            [&, &prefix = group.prefix](const Seen& s) { return has_random_tail(s.item->name, prefix.size()); });
        if (group.known ? group.items.size() >= least_known : random && group.items.size() >= least_unknown) {
            litter.push_back(std::move(group));
        }
    }
    return litter;
}

void find_litter(const Scene& scene, const std::vector<Seen>& cookies, Findings& findings)
{
    std::vector<Seen> items;
    std::string prefixes;
    bool known = false;
    for (const Litter& group : litter_among(cookies)) {
        items.insert(items.end(), group.items.begin(), group.items.end());
        prefixes += (prefixes.empty() ? "" : ", ") + group.prefix + "...";
        known = known || group.known;
    }
    if (!items.empty()) {
        Finding finding = about(scene, "login-litter", known ? Confidence::high : Confidence::medium, items,
                                fmt::format("{} of sign-ins that were not completed are still stored ({}).",
                                            count_of(items.size(), "cookie", "cookies"), prefixes));
        finding.evidence = {{"names", prefixes}, {"count", std::to_string(items.size())}};
        findings.push_back(std::move(finding));
    }
}

// --- Too much ---

std::uint64_t header_size(const Item& cookie)
{
    constexpr std::uint64_t around = 3;  // "=", and "; " before the next
    return cookie.name.size() + cookie.value_size.value_or(0) + around;
}

std::uint64_t header_size(const std::vector<Seen>& cookies)
{
    std::uint64_t size = 0;
    for (const Seen& seen : cookies) {
        size += header_size(*seen.item);
    }
    return size;
}

/// What is sent with the request that takes most.
std::vector<Seen> largest_header(const Scene& scene, const std::vector<Seen>& cookies)
{
    std::vector<std::pair<std::string, std::string>> requests{{scene.site.target().host, scene.site.target().path}};
    if (scene.probe) {
        for (const Hop& hop : scene.probe->hops) {
            if (const auto url = parse_url(hop.url)) {
                requests.emplace_back(url->host, url->path);
            }
        }
    }
    std::vector<Seen> largest;
    for (const auto& [host, path] : requests) {
        std::vector<Seen> sent;
        for (const Seen& seen : cookies) {
            const bool in_partition = seen.item->partition.empty() || scene.site.owns_partition(seen.item->partition);
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

void find_large_header(const Scene& scene, const std::vector<Seen>& cookies, Findings& findings)
{
    constexpr std::uint64_t usual_limit = 8190;    // of one header field in Apache; nginx 8192
    constexpr std::uint64_t larger_limit = 16384;  // what hardly any server accepts
    constexpr std::uint64_t wanted = 4096;
    auto sent = largest_header(scene, cookies);
    const std::uint64_t size = header_size(sent);
    if (size < usual_limit) {
        return;
    }
    std::set<ItemRef> litter;
    for (const Litter& group : litter_among(sent)) {
        for (const Seen& seen : group.items) {
            litter.insert(seen.ref);
        }
    }
    std::sort(sent.begin(), sent.end(), [&](const Seen& a, const Seen& b) {
        return std::pair(litter.contains(b.ref), header_size(*b.item)) <
               std::pair(litter.contains(a.ref), header_size(*a.item));
    });
    std::vector<Seen> removed;
    for (std::uint64_t left = size; left > wanted && removed.size() < sent.size();) {
        left -= header_size(*sent[removed.size()].item);
        removed.push_back(sent[removed.size()]);
    }
    Finding finding =
        about(scene, "cookie-header-too-big", size >= larger_limit ? Confidence::high : Confidence::medium, removed,
              fmt::format("The site's cookies are {} together; many servers refuse more than 8 KB.", size_of(size)));
    finding.evidence = {
        {"bytes", std::to_string(size)}, {"cookies", std::to_string(sent.size())}, {"largest", list_of(removed)}};
    findings.push_back(std::move(finding));
}

void find_too_many(const Scene& scene, const std::vector<Seen>& cookies, Findings& findings)
{
    constexpr std::size_t many = 150;  // Chromium keeps 180 for a registrable domain, and then removes 30
    constexpr std::size_t wanted = 120;
    std::map<std::string, std::vector<Seen>> by_domain;
    for (const Seen& seen : cookies) {
        if (seen.item->partition.empty()) {
            by_domain[registrable_domain(bare_host(seen.item->host))].push_back(seen);
        }
    }
    std::vector<Seen> removed;
    std::size_t most = 0;
    for (auto& [domain, same] : by_domain) {
        if (same.size() < many) {
            continue;
        }
        most = std::max(most, same.size());
        std::stable_sort(same.begin(), same.end(), [](const Seen& a, const Seen& b) {
            return a.item->used.value_or(0) < b.item->used.value_or(0);
        });
        removed.insert(removed.end(), same.begin(), same.end() - wanted);
    }
    if (!removed.empty()) {
        Finding finding = about(
            scene, "too-many-cookies", Confidence::medium, removed,
            fmt::format("The site has {} cookies; near 180 the browser throws some away, the session perhaps.", most));
        finding.evidence = {{"count", std::to_string(most)}};
        findings.push_back(std::move(finding));
    }
}

}  // namespace

void cookie_load(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        const auto live = live_cookies(scene, profile);
        find_litter(scene, live, findings);
        find_large_header(scene, live, findings);
        find_too_many(scene, live, findings);
    }
}

}  // namespace unstick::findings
