// Tokens and flags that a site's own scripts keep, and believe in.

#include <fmt/format.h>

#include <algorithm>

#include "../text.h"
#include "families.h"

namespace unstick::findings {

namespace {

constexpr std::int64_t tolerance_s = 60;

bool is_dead(const Item& entry, std::int64_t now)
{
    return (entry.expires && *entry.expires < now - tolerance_s) ||
           (entry.valid_from && *entry.valid_from > now + tolerance_s);
}

bool says_refresh(std::string_view name)
{
    return lower(name).find("refresh") != std::string::npos;
}

/// Is there something, in it or beside it, to get a new token with? Then an expired one is nothing unusual.
bool is_renewable(const Item& entry, const std::vector<Seen>& entries)
{
    return entry.renewable || std::any_of(entries.begin(), entries.end(), [&](const Seen& other) {
               return other.item->host == entry.host && other.item->partition == entry.partition &&
                      (other.item->renewable || says_refresh(other.item->name) ||
                       std::any_of(other.item->entries.begin(), other.item->entries.end(), says_refresh));
           });
}

/// Does the site itself say that a token is not valid (RFC 6750 section 3.1)?
bool says_invalid_token(const Scene& scene)
{
    return scene.probe &&
           std::any_of(scene.probe->challenges.begin(), scene.probe->challenges.end(), [](const Challenge& challenge) {
               return lower(challenge.scheme) == "bearer" && challenge.param("error") == "invalid_token";
           });
}

void find_dead_tokens(const Scene& scene, std::size_t profile, Findings& findings)
{
    auto entries = items_of(scene, profile, ItemType::storage_entry);
    const auto whole = items_of(scene, profile, ItemType::origin_storage);  // WebKit: an origin's, as one thing
    entries.insert(entries.end(), whole.begin(), whole.end());
    std::vector<Seen> dead;
    std::int64_t age = 0;
    for (const Seen& seen : entries) {
        if (is_dead(*seen.item, scene.now) && !is_renewable(*seen.item, entries)) {
            dead.push_back(seen);
            age = std::max(age, scene.now - seen.item->expires.value_or(scene.now));
        }
    }
    if (dead.empty()) {
        return;
    }
    const bool early = age == 0;
    Finding finding =
        about(scene, "dead-token", says_invalid_token(scene) ? Confidence::high : Confidence::medium, dead,
              early ? fmt::format("{}: the site's scripts keep a sign-in token that is not valid yet.", list_of(dead))
                    : fmt::format("{}: the site's scripts keep a sign-in token that expired {} ago.", list_of(dead),
                                  age_of(age)));
    finding.evidence = {{"names", list_of(dead)}, {"expired_for_s", std::to_string(age)}};
    findings.push_back(std::move(finding));
}

/// What MSAL and its like call the mark of a sign-in that is going on.
bool is_progress_flag(std::string_view name)
{
    const std::string lowered = lower(name);
    return lowered.ends_with("interaction.status") || lowered.find("interaction_in_progress") != std::string::npos;
}

void find_progress_flags(const Scene& scene, std::size_t profile, Findings& findings)
{
    std::vector<Seen> flags;
    for (const ItemType type : {ItemType::cookie, ItemType::storage_entry}) {
        for (const Seen& seen : items_of(scene, profile, type)) {
            if (is_progress_flag(seen.item->name)) {
                flags.push_back(seen);
            }
        }
    }
    for (const ItemType type : {ItemType::tab_storage, ItemType::origin_storage}) {
        for (const Seen& seen : items_of(scene, profile, type)) {
            if (std::any_of(seen.item->entries.begin(), seen.item->entries.end(), is_progress_flag)) {
                flags.push_back(seen);
            }
        }
    }
    if (!flags.empty()) {
        Finding finding = about(scene, "login-in-progress", Confidence::high, flags,
                                "A sign-in was cut off and is still marked as going on, so no new one starts.");
        for (const Seen& seen : flags) {
            finding.evidence.emplace_back("item", seen.item->label);
        }
        findings.push_back(std::move(finding));
    }
}

}  // namespace

void tokens(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        find_dead_tokens(scene, profile, findings);
        find_progress_flags(scene, profile, findings);
    }
}

}  // namespace unstick::findings
