// Cookies that get in each other's way, and cookies that are too many. Which cookies a server gets: RFC 6265 section
// 5.4. Servers differ in which of two cookies of one name they take, so the pair is reported, not a winner.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "../text.h"
#include "../url.h"
#include "families.h"

namespace unstick::findings {

namespace {

constexpr std::int64_t day_s = 86400;

bool is_expired(const Item& cookie, std::int64_t now)
{
    return cookie.expires && *cookie.expires <= now;
}

std::vector<Seen> live_cookies(const Scene& scene, std::size_t profile)
{
    auto cookies = items_of(scene, profile, ItemType::cookie);
    std::erase_if(cookies, [&](const Seen& seen) { return is_expired(*seen.item, scene.now); });
    return cookies;
}

bool names_session(std::string_view name)
{
    constexpr std::array<std::string_view, 9> words{"sess", "sid", "auth",  "token",   "csrf",
                                                    "xsrf", "jwt", "login", "remember"};
    const std::string lowered = lower(name);
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return lowered.find(word) != std::string::npos; });
}

// --- Two of one name ---

bool hosts_overlap(const Item& a, const Item& b)
{
    return is_sent_to(a, bare_host(b.host), {}) || is_sent_to(b, bare_host(a.host), {});
}

/// Is every page below one path below the other too?
bool paths_overlap(const Item& a, const Item& b)
{
    return is_sent_to(a, bare_host(a.host), b.path) || is_sent_to(b, bare_host(b.host), a.path);
}

std::int64_t difference(const std::optional<std::int64_t>& a, const std::optional<std::int64_t>& b)
{
    return a && b ? std::abs(*a - *b) : 0;
}

/// Does an answer set a cookie of this name, from a place that this cookie is sent to?
bool sets(const Hop& hop, const Item& cookie)
{
    return is_sent_to(cookie, host_of(hop.url), {}) &&
           std::find(hop.set_cookie_names.begin(), hop.set_cookie_names.end(), cookie.name) !=
               hop.set_cookie_names.end();
}

bool is_set_today(const Scene& scene, const Item& cookie)
{
    return scene.probe && std::any_of(scene.probe->hops.begin(), scene.probe->hops.end(),
                                      [&](const Hop& hop) { return sets(hop, cookie); });
}

/// The pairs of one rule in one profile.
struct Pairs {
    std::vector<Seen> items;
    bool strong = false;  ///< the name sounds like a session, or the two differ in age

    void add(const Seen& a, const Seen& b, std::initializer_list<Seen> removed)
    {
        items.insert(items.end(), removed);
        strong = strong || names_session(a.item->name) || difference(a.item->created, b.item->created) > day_s;
    }
    Confidence confidence() const { return strong ? Confidence::high : Confidence::medium; }
};

struct Twins {
    Pairs shadowed;
    Pairs by_path;
    Pairs partitioned;
    Pairs outlived;
};

void add_pair(const Scene& scene, const Seen& a, const Seen& b, Twins& twins)
{
    if (a.ref.store != b.ref.store || !hosts_overlap(*a.item, *b.item) || !paths_overlap(*a.item, *b.item)) {
        return;
    }
    const bool same_host = a.item->host == b.item->host;
    const bool same_path = a.item->path == b.item->path;
    if (a.item->partition != b.item->partition) {
        const Seen& plain = a.item->partition.empty() ? a : b;
        const Seen& bound = a.item->partition.empty() ? b : a;
        if (same_host && same_path && plain.item->partition.empty() &&
            scene.site.owns_partition(bound.item->partition)) {
            twins.partitioned.add(a, b, {plain});
        }
    } else if (same_host && same_path) {
        return;  // they differ in scheme or port only: the browser sends one of them
    } else if (difference(a.item->changed, b.item->changed) > day_s && is_set_today(scene, *a.item) &&
               is_set_today(scene, *b.item)) {
        twins.outlived.add(a, b, {*a.item->changed < *b.item->changed ? a : b});
    } else if (same_host) {
        twins.by_path.add(a, b, {a.item->path.size() > b.item->path.size() ? a : b});
    } else {
        twins.shadowed.add(a, b, {a, b});
    }
}

void add_twins(const Scene& scene, const Pairs& pairs, std::string_view rule, std::string_view what, Findings& findings)
{
    if (pairs.items.empty()) {
        return;
    }
    Finding finding =
        about(scene, rule, pairs.confidence(), pairs.items, fmt::format(fmt::runtime(what), list_of(pairs.items)));
    finding.evidence = {{"names", list_of(pairs.items)}};
    for (const Seen& seen : pairs.items) {
        finding.evidence.emplace_back("cookie",
                                      fmt::format("{} of {}{}", seen.item->name, seen.item->host, seen.item->path));
    }
    findings.push_back(std::move(finding));
}

void find_twins(const Scene& scene, const std::vector<Seen>& cookies, Findings& findings)
{
    std::map<std::string_view, std::vector<Seen>> by_name;
    for (const Seen& seen : cookies) {
        by_name[seen.item->name].push_back(seen);
    }
    Twins twins;
    for (const auto& [name, same] : by_name) {
        for (std::size_t i = 0; i < same.size(); ++i) {
            for (std::size_t j = i + 1; j < same.size(); ++j) {
                add_pair(scene, same[i], same[j], twins);
            }
        }
    }
    add_twins(scene, twins.outlived, "outlived-cookie",
              "An old copy of {} is still sent beside the one that the site renews.", findings);
    add_twins(scene, twins.shadowed, "shadowed-cookie",
              "{}: stored for the site and for a part of it; the server gets both and may take the wrong one.",
              findings);
    add_twins(scene, twins.by_path, "shadowed-path-cookie",
              "{}: stored for a page and for a folder above it; the server gets both and may take the wrong one.",
              findings);
    add_twins(scene, twins.partitioned, "partitioned-twin",
              "{}: stored twice, once bound to the site and once not; the server gets both.", findings);
}

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

// --- Too old ---

void find_secure_blockers(const Scene& scene, const std::vector<Seen>& cookies, Findings& findings)
{
    std::vector<Seen> blockers;
    for (const Seen& seen : cookies) {
        const bool blocks = scene.probe && seen.item->secure &&
                            std::any_of(scene.probe->hops.begin(), scene.probe->hops.end(), [&](const Hop& hop) {
                                return hop.url.starts_with("http://") && sets(hop, *seen.item);
                            });
        if (blocks) {
            blockers.push_back(seen);
        }
    }
    if (!blockers.empty()) {
        Finding finding = about(scene, "secure-cookie-blocks", Confidence::high, blockers,
                                fmt::format("{}: an old cookie from https keeps the site's http pages from setting it.",
                                            list_of(blockers)));
        finding.evidence = {{"names", list_of(blockers)}};
        findings.push_back(std::move(finding));
    }
}

void find_undead(const Scene& scene, const std::vector<Seen>& cookies, Findings& findings)
{
    constexpr std::int64_t old_s = 7 * day_s;
    std::vector<Seen> undead;
    std::int64_t oldest = 0;
    for (const Seen& seen : cookies) {
        const std::int64_t age = scene.now - seen.item->created.value_or(scene.now);
        if (!seen.item->persistent && age > old_s) {
            undead.push_back(seen);
            oldest = std::max(oldest, age);
        }
    }
    if (!undead.empty()) {
        Finding finding =
            about(scene, "undead-session-cookie", Confidence::low, undead,
                  fmt::format("{}: should end with the browser, but lives for {}.", list_of(undead), age_of(oldest)));
        finding.evidence = {{"names", list_of(undead)}, {"age", age_of(oldest)}};
        findings.push_back(std::move(finding));
    }
}

void find_expired(const Scene& scene, std::size_t profile, Findings& findings)
{
    auto expired = items_of(scene, profile, ItemType::cookie);
    std::erase_if(expired, [&](const Seen& seen) { return !is_expired(*seen.item, scene.now); });
    if (!expired.empty()) {
        Finding finding =
            about(scene, "expired-cookie", Confidence::low, expired,
                  fmt::format("{} past {} time: {}.", count_of(expired.size(), "cookie is", "cookies are"),
                              expired.size() == 1 ? "its" : "their", list_of(expired)));
        finding.evidence = {{"names", list_of(expired)}, {"count", std::to_string(expired.size())}};
        findings.push_back(std::move(finding));
    }
}

}  // namespace

void cookies(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        const auto live = live_cookies(scene, profile);
        find_twins(scene, live, findings);
        find_secure_blockers(scene, live, findings);
        find_litter(scene, live, findings);
        find_large_header(scene, live, findings);
        find_too_many(scene, live, findings);
        find_undead(scene, live, findings);
        find_expired(scene, profile, findings);
    }
}

}  // namespace unstick::findings
