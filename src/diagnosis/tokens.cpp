// Tokens and flags that a site's own scripts keep, and believe in.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "diagnosis/rules.h"

namespace unstick::findings {

namespace {

constexpr std::int64_t tolerance_s = 60;

/// Calls `visit` with the name and the tokens of each entry of local storage in an item: one, or all of an origin
/// (Firefox, WebKit).
template <class Visit>
void each_entry(const Item& item, const Visit& visit)
{
    if (const auto* const storage = item.as<OriginStorage>(); storage != nullptr) {
        for (const OriginStorage::Entry& entry : storage->entries) {
            visit(entry.name, entry.tokens);
        }
    } else if (const auto* const entry = item.as<StorageEntry>(); entry != nullptr) {
        visit(item.name, entry->tokens);
    }
}

TokenTimes tokens_of(const Item& item)
{
    TokenTimes whole;
    each_entry(item, [&](const std::string&, const TokenTimes& tokens) { add_tokens(whole, tokens); });
    return whole;
}

bool is_dead(const TokenTimes& tokens, std::int64_t now)
{
    return (tokens.expires && *tokens.expires < now - tolerance_s) ||
           (tokens.valid_from && *tokens.valid_from > now + tolerance_s);
}

/// Is one of the names that the site's scripts gave so: of an item, or of the entries in it?
template <class Is>
bool has_name(const Item& item, const Is& is)
{
    if (const auto* const tab = item.as<TabStorage>(); tab != nullptr) {
        return std::any_of(tab->names.begin(), tab->names.end(), is);
    }
    if (const auto* const storage = item.as<OriginStorage>(); storage != nullptr) {
        return std::any_of(storage->entries.begin(), storage->entries.end(),
                           [&](const OriginStorage::Entry& entry) { return is(entry.name); });
    }
    return is(item.name);
}

bool says_refresh(std::string_view name)
{
    return lower(name).find("refresh") != std::string::npos;
}

/// Where a sign-in is kept: what a site's scripts of one origin see together.
using Place = std::pair<std::string, std::string>;  // host, partition

Place place_of(const ItemView& entry)
{
    return {entry.item->host, entry.item->partition};
}

/// Where something is kept to get a new token with.
std::set<Place> renewable_places(const std::vector<ItemView>& entries)
{
    std::set<Place> places;
    for (const ItemView& entry : entries) {
        if (is_kept_to_renew(*entry.item)) {
            places.insert(place_of(entry));
        }
    }
    return places;
}

// --- Entries that make up one sign-in ---

/// What programs keep of a sign-in, each under a name of its own ("auth.access_token", "auth.expires_at").
enum class Part { none, token, time, other };

struct PartName {
    std::string_view letters;  ///< of the end of a name
    Part part;
};

/// The longer ones first.
constexpr std::array part_names{
    PartName{"accesstoken", Part::token},   PartName{"authtoken", Part::token}, PartName{"idtoken", Part::token},
    PartName{"sessiontoken", Part::token},  PartName{"token", Part::token},     PartName{"jwt", Part::token},
    PartName{"expirationtime", Part::time}, PartName{"expiration", Part::time}, PartName{"expirytime", Part::time},
    PartName{"expiresat", Part::time},      PartName{"expireson", Part::time},  PartName{"expiresin", Part::other},
    PartName{"expires", Part::time},        PartName{"expiry", Part::time},     PartName{"tokentype", Part::other},
    PartName{"scopes", Part::other},        PartName{"scope", Part::other},     PartName{"sessionstate", Part::other},
};

/// Which sign-in an entry belongs to, and as what. "token_expires_at" is the time of the sign-in without a name.
struct Membership {
    std::string sign_in;
    Part part = Part::none;
};

Membership membership_of(std::string_view name)
{
    std::string letters = lower(name);
    std::erase_if(letters, [](char c) { return c == '_' || c == '-'; });
    const auto take_end = [&](Part wanted) {
        for (const auto& [end, part] : part_names) {
            if (letters.ends_with(end) && (wanted == Part::none || part == wanted)) {
                letters.erase(letters.size() - end.size());
                return part;
            }
        }
        return Part::none;
    };
    const Part part = take_end(Part::none);
    if (part == Part::time) {
        take_end(Part::token);
    }
    return {std::move(letters), part};
}

/// The entries that make up one sign-in.
struct SignIn {
    std::vector<ItemView> entries;
    std::optional<std::int64_t> ended;  ///< when its tokens ended, told by an entry that holds nothing but a time
    bool is_dead = false;
};

/// By where it is kept, and its name.
using SignIns = std::map<std::pair<Place, std::string>, SignIn>;

/// Calls `visit` for each entry in an item that is a part of a sign-in, which is put in if it is not there yet.
template <class Visit>
void each_part(const ItemView& seen, SignIns& sign_ins, const Visit& visit)
{
    each_entry(*seen.item, [&](const std::string& name, const TokenTimes& tokens) {
        if (const Membership membership = membership_of(name); membership.part != Part::none) {
            visit(membership.part, tokens, sign_ins[{place_of(seen), membership.sign_in}]);
        }
    });
}

SignIns sign_ins_in(const std::vector<ItemView>& entries, std::int64_t now)
{
    SignIns sign_ins;
    for (const ItemView& seen : entries) {
        each_part(seen, sign_ins, [&](Part part, const TokenTimes& tokens, SignIn& sign_in) {
            if (sign_in.entries.empty() || sign_in.entries.back().item != seen.item) {
                sign_in.entries.push_back(seen);
            }
            if (part == Part::time && tokens.bare_time && *tokens.bare_time < now - tolerance_s && !sign_in.ended) {
                sign_in.ended = tokens.bare_time;
            }
        });
    }
    return sign_ins;
}

/// Does the site itself say that a token is not valid (RFC 6750 section 3.1)?
bool says_invalid_token(const DiagnosisInput& input)
{
    return input.probe &&
           std::any_of(input.probe->challenges.begin(), input.probe->challenges.end(), [](const Challenge& challenge) {
               return lower(challenge.scheme) == "bearer" && challenge.param("error") == "invalid_token";
           });
}

void find_dead_tokens(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    const auto entries = items_of<StorageEntry, OriginStorage>(input, profile);
    auto cookies = live_cookies(input, profile);
    std::erase_if(cookies, [](const ItemView& cookie) { return !says_refresh(cookie.item->name); });
    const auto renewable = renewable_places(entries);
    SignIns sign_ins = sign_ins_in(entries, input.now);
    // With something to get a new token with, an expired one is nothing unusual.
    const auto is_renewable = [&](const ItemView& entry) {
        return renewable.contains(place_of(entry)) ||
               std::any_of(cookies.begin(), cookies.end(),
                           [&](const ItemView& cookie) { return is_sent_to(*cookie.item, entry.item->host, {}); });
    };

    std::vector<ItemView> dead;
    std::int64_t age = 0;
    for (const ItemView& seen : entries) {
        const TokenTimes times = tokens_of(*seen.item);
        std::optional<std::int64_t> told_beside;
        if (!times.expires) {
            each_part(seen, sign_ins, [&](Part part, const TokenTimes&, const SignIn& sign_in) {
                if (part == Part::token && sign_in.ended) {
                    told_beside = sign_in.ended;
                }
            });
        }
        if ((told_beside || is_dead(times, input.now)) && !is_renewable(seen)) {
            dead.push_back(seen);
            age = std::max(age, input.now - times.expires.value_or(told_beside.value_or(input.now)));
            each_part(seen, sign_ins, [](Part, const TokenTimes&, SignIn& sign_in) { sign_in.is_dead = true; });
        }
    }
    if (dead.empty()) {
        return;
    }
    // With half a sign-in left a program still takes itself for signed in.
    std::vector<ItemView> goes = dead;
    for (const auto& entry : sign_ins) {
        const SignIn& sign_in = entry.second;
        std::copy_if(sign_in.entries.begin(), sign_in.entries.end(), std::back_inserter(goes),
                     [&](const ItemView& seen) {
                         const auto expires = tokens_of(*seen.item).expires;
                         return sign_in.is_dead && !(expires && *expires > input.now);
                     });
    }
    const bool early = age == 0;
    Finding finding =
        about(input, "dead-token", says_invalid_token(input) ? Confidence::high : Confidence::medium, goes,
              early ? fmt::format("{}: the site's scripts keep a sign-in token that is not valid yet.", list_of(dead))
                    : fmt::format("{}: the site's scripts keep a sign-in token that expired {} ago.", list_of(dead),
                                  age_of(age)));
    finding.evidence = {{"names", list_of(goes)}, {"expired_for_s", std::to_string(age)}};
    findings.push_back(std::move(finding));
}

/// What MSAL and its like call the mark of a sign-in that is going on.
bool is_progress_flag(std::string_view name)
{
    const std::string lowered = lower(name);
    return lowered.ends_with("interaction.status") || lowered.find("interaction_in_progress") != std::string::npos;
}

void find_progress_flags(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    auto flags = items_of<Cookie, StorageEntry, TabStorage, OriginStorage>(input, profile);
    std::erase_if(flags, [](const ItemView& seen) { return !has_name(*seen.item, is_progress_flag); });
    if (!flags.empty()) {
        Finding finding = about(input, "login-in-progress", Confidence::high, flags,
                                "A sign-in was cut off and is still marked as going on, so no new one starts.");
        for (const ItemView& seen : flags) {
            finding.evidence.emplace_back("item", seen.item->label);
        }
        findings.push_back(std::move(finding));
    }
}

/// Entra ID answers AADSTS50196 to a program that asks again and again, and MSAL keeps a note that begins so for as
/// long as it is not to ask.
void find_back_off(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    auto notes = items_of<StorageEntry, TabStorage, OriginStorage>(input, profile);
    std::erase_if(notes, [](const ItemView& seen) {
        return !has_name(*seen.item, [](std::string_view name) { return name.starts_with("throttling."); });
    });
    const auto said = [&]() -> std::string {
        for (const Hop& hop : input.probe ? input.probe->hops : std::vector<Hop>{}) {
            if (hop.url.find("AADSTS50196") != std::string::npos) {
                return std::string(host_of(hop.url));
            }
        }
        return {};
    }();
    if (notes.empty() && (said.empty() || profile > 0)) {
        return;
    }
    Finding finding =
        outside("provider-back-off", said.empty() ? Confidence::medium : Confidence::high,
                said.empty() ? notes.front().item->host : said,
                "The sign-in provider was asked too often in a short time, and refuses for a while.",
                "close the site's tabs, wait 5 to 10 minutes, and sign in once; if it comes back, tell the "
                "site's administrator: its program asks in a circle");
    finding.evidence = {{said.empty() ? "note" : "error", said.empty() ? list_of(notes) : "AADSTS50196"}};
    findings.push_back(std::move(finding));
}

}  // namespace

bool is_kept_to_renew(const Item& item)
{
    return tokens_of(item).renewable || has_name(item, says_refresh);
}

bool is_part_of_sign_in(const Item& item)
{
    return has_name(item, [](std::string_view name) { return membership_of(name).part != Part::none; });
}

void tokens(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        find_dead_tokens(input, profile, findings);
        find_progress_flags(input, profile, findings);
        find_back_off(input, profile, findings);
    }
}

}  // namespace unstick::findings
