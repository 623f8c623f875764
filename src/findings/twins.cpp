// Cookies of one name that a server gets together. Which cookies it gets: RFC 6265 section 5.4. Servers differ in which
// of two cookies of one name they take, so the pair is reported, not a winner.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "../text.h"
#include "../url.h"
#include "families.h"

namespace unstick::findings {

namespace {

bool names_session(std::string_view name)
{
    constexpr std::array<std::string_view, 9> words{"sess", "sid", "auth",  "token",   "csrf",
                                                    "xsrf", "jwt", "login", "remember"};
    const std::string lowered = lower(name);
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return lowered.find(word) != std::string::npos; });
}

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

}  // namespace

void twins(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        find_twins(scene, live_cookies(scene, profile), findings);
    }
}

}  // namespace unstick::findings
