// Cookies of one name that a server gets together. Which cookies it gets: RFC 6265 section 5.4. Servers differ in which
// of two cookies of one name they take, so the pair is reported, not a winner.

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

bool names_session(std::string_view name)
{
    constexpr std::array<std::string_view, 9> words{"sess", "sid", "auth",  "token",   "csrf",
                                                    "xsrf", "jwt", "login", "remember"};
    const std::string lowered = lower(name);
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return lowered.find(word) != std::string::npos; });
}

/// What counts visitors, remembers what they agreed to, or which language they read: no sign-in depends on it.
bool is_of_no_matter(std::string_view name)
{
    constexpr std::array<std::string_view, 27> beginnings{
        "_ga",       "_gid",      "_gat",   "_gcl_",     "__utm",      "_fbp",          "_fbc",
        "_hj",       "_pk_",      "mp_",    "ajs_",      "amp_",       "amplitude",     "_clck",
        "_clsk",     "_uet",      "_tt_",   "_scid",     "optanon",    "cookieconsent", "cookie_consent",
        "cookieyes", "euconsent", "didomi", "usprivacy", "optimizely", "hubspotutk"};
    constexpr std::array<std::string_view, 10> names{"lang",  "language", "locale",   "i18n",         "i18next",
                                                     "theme", "timezone", "currency", "pll_language", "next_locale"};
    const std::string lowered = lower(name);
    return std::find(names.begin(), names.end(), lowered) != names.end() || lowered.ends_with("_language") ||
           lowered.ends_with("_locale") || lowered.ends_with("_lang") ||
           std::any_of(beginnings.begin(), beginnings.end(),
                       [&](std::string_view beginning) { return lowered.starts_with(beginning); });
}

bool hosts_overlap(const Item& a, const Item& b)
{
    return is_sent_to(a, cookie_domain(b.host), {}) || is_sent_to(b, cookie_domain(a.host), {});
}

/// Is every page below one path below the other too?
bool paths_overlap(const ItemView& a, const ItemView& b)
{
    return is_sent_to(*a.item, cookie_domain(a.item->host), b.as<Cookie>().path) ||
           is_sent_to(*b.item, cookie_domain(b.item->host), a.as<Cookie>().path);
}

std::int64_t difference(const std::optional<std::int64_t>& a, const std::optional<std::int64_t>& b)
{
    return a && b ? std::abs(*a - *b) : 0;
}

bool is_set_today(const DiagnosisInput& input, const Item& cookie)
{
    return input.probe && std::any_of(input.probe->hops.begin(), input.probe->hops.end(),
                                      [&](const Hop& hop) { return sets(hop, cookie); });
}

/// The pairs of one rule in one profile.
struct Pairs {
    std::vector<ItemView> items;
    std::vector<ItemView> of_no_matter;
    bool strong = false;  ///< the name sounds like a session, or the two differ in age

    void add(const ItemView& a, const ItemView& b, std::initializer_list<ItemView> removed)
    {
        if (is_of_no_matter(a.item->name)) {
            of_no_matter.insert(of_no_matter.end(), removed);
            return;
        }
        items.insert(items.end(), removed);
        strong = strong || names_session(a.item->name) || difference(a.item->created, b.item->created) > day_s;
    }
    Confidence confidence() const { return strong ? Confidence::high : Confidence::medium; }
};

struct Duplicates {
    Pairs shadowed;
    Pairs by_path;
    Pairs partitioned;
    Pairs outlived;
};

void add_pair(const DiagnosisInput& input, const ItemView& a, const ItemView& b, Duplicates& duplicates)
{
    if (a.ref.store != b.ref.store || !hosts_overlap(*a.item, *b.item) || !paths_overlap(a, b)) {
        return;
    }
    const bool same_host = a.item->host == b.item->host;
    const bool same_path = a.as<Cookie>().path == b.as<Cookie>().path;
    if (a.item->partition != b.item->partition) {
        const ItemView& plain = a.item->partition.empty() ? a : b;
        const ItemView& bound = a.item->partition.empty() ? b : a;
        if (same_host && same_path && plain.item->partition.empty() &&
            input.site.owns_partition(bound.item->partition)) {
            duplicates.partitioned.add(a, b, {plain});
        }
    } else if (same_host && same_path) {
        return;  // they differ in scheme or port only: the browser sends one of them
    } else if (difference(a.as<Cookie>().changed, b.as<Cookie>().changed) > day_s && is_set_today(input, *a.item) &&
               is_set_today(input, *b.item)) {
        duplicates.outlived.add(a, b, {*a.as<Cookie>().changed < *b.as<Cookie>().changed ? a : b});
    } else if (same_host) {
        duplicates.by_path.add(a, b, {a.as<Cookie>().path.size() > b.as<Cookie>().path.size() ? a : b});
    } else {
        duplicates.shadowed.add(a, b, {a, b});
    }
}

void add_finding(const DiagnosisInput& input, const std::vector<ItemView>& items, Confidence confidence,
                 std::string_view rule, std::string_view what, Findings& findings)
{
    if (items.empty()) {
        return;
    }
    Finding finding = about(input, rule, confidence, items, fmt::format(fmt::runtime(what), list_of(items)));
    finding.evidence = {{"names", list_of(items)}};
    for (const ItemView& seen : items) {
        finding.evidence.emplace_back(
            "cookie", fmt::format("{} of {}{}", seen.item->name, seen.item->host, seen.as<Cookie>().path));
    }
    findings.push_back(std::move(finding));
}

void add_duplicates(const DiagnosisInput& input, const Pairs& pairs, std::string_view rule, std::string_view what,
                    Findings& findings)
{
    add_finding(input, pairs.items, pairs.confidence(), rule, what, findings);
    add_finding(input, pairs.of_no_matter, Confidence::low, rule, what, findings);
}

void find_duplicates(const DiagnosisInput& input, const std::vector<ItemView>& cookies, Findings& findings)
{
    std::map<std::string_view, std::vector<ItemView>> by_name;
    for (const ItemView& seen : cookies) {
        by_name[seen.item->name].push_back(seen);
    }
    Duplicates duplicates;
    for (const auto& [name, same] : by_name) {
        for (std::size_t i = 0; i < same.size(); ++i) {
            for (std::size_t j = i + 1; j < same.size(); ++j) {
                add_pair(input, same[i], same[j], duplicates);
            }
        }
    }
    add_duplicates(input, duplicates.outlived, "outlived-cookie",
                   "An old copy of {} is still sent beside the one that the site renews.", findings);
    add_duplicates(input, duplicates.shadowed, "shadowed-cookie",
                   "{}: stored for the site and for a part of it; the server gets both and may take the wrong one.",
                   findings);
    add_duplicates(input, duplicates.by_path, "shadowed-path-cookie",
                   "{}: stored for a page and for a folder above it; the server gets both and may take the wrong one.",
                   findings);
    add_duplicates(input, duplicates.partitioned, "duplicate-partitioned-cookie",
                   "{}: stored twice, once bound to the site and once not; the server gets both.", findings);
}

}  // namespace

void duplicate_cookies(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        find_duplicates(input, live_cookies(input, profile), findings);
    }
}

}  // namespace unstick::findings
