#pragma once
// The families of rules, one file each. For finding.cpp and the families only.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnosis/finding.h"

namespace unstick::findings {

using Findings = std::vector<Finding>;

inline constexpr std::int64_t day_s = 86400;

void duplicate_cookies(const DiagnosisInput& input, Findings& findings);
void cookies(const DiagnosisInput& input, Findings& findings);
void cookies_refused(const DiagnosisInput& input, Findings& findings);
void cookie_limits(const DiagnosisInput& input, Findings& findings);
void clock(const DiagnosisInput& input, Findings& findings);
void tokens(const DiagnosisInput& input, Findings& findings);
void cache(const DiagnosisInput& input, Findings& findings);
void set_cookie(const DiagnosisInput& input, Findings& findings);
void network(const DiagnosisInput& input, Findings& findings);
void storage(const DiagnosisInput& input, Findings& findings);
void auth(const DiagnosisInput& input, Findings& findings);
void provider(const DiagnosisInput& input, Findings& findings);
void recorded(const DiagnosisInput& input, Findings& findings);
void visited(const DiagnosisInput& input, Findings& findings);

// --- What they share (finding.cpp) ---

struct ItemView {
    const Item* item = nullptr;
    ItemRef ref;

    /// What only items of its type have; it must be one of them.
    template <class Type>
    const Type& as() const
    {
        return std::get<Type>(item->traits);
    }
};

/// The items of one profile for which `is_one` says yes.
std::vector<ItemView> items_that(const DiagnosisInput& input, std::size_t profile, bool (*is_one)(const Item& item));

/// All items of these types in one profile, type after type: items_of<Cookie>(input, profile).
template <class... Types>
std::vector<ItemView> items_of(const DiagnosisInput& input, std::size_t profile)
{
    std::vector<ItemView> all;
    const auto add = [&](const std::vector<ItemView>& items) { all.insert(all.end(), items.begin(), items.end()); };
    (add(items_that(input, profile, [](const Item& item) { return item.as<Types>() != nullptr; })), ...);
    return all;
}

/// A finding about items of one profile, with the command that removes them. `items` must not be empty.
Finding about(const DiagnosisInput& input, std::string_view rule, Confidence confidence,
              const std::vector<ItemView>& items, std::string what);

/// A finding that no removal helps against.
Finding outside(std::string_view rule, Confidence confidence, std::string where, std::string what, std::string advice);

/// "a, b, c and 4 more": names, each once, in order.
std::string list_of(const std::vector<ItemView>& items);

/// "3 days", "5 hours", "40 seconds".
std::string age_of(std::int64_t seconds);

/// Is the cookie sent to this host and, if it is not empty, this path (RFC 6265 section 5.4)?
bool is_sent_to(const Item& cookie, std::string_view host, std::string_view path);

/// Is its time over?
bool is_expired(const Item& cookie, std::int64_t now);

/// The cookies of a profile whose time is not over.
std::vector<ItemView> live_cookies(const DiagnosisInput& input, std::size_t profile);

/// Does the answer set a cookie of this name, from a place that this cookie is sent to?
bool sets(const Hop& hop, const Item& cookie);

/// The hosts whose answers the re-test saw, each once.
std::vector<std::string> hosts_met(const DiagnosisInput& input);

// --- tokens.cpp ---

/// Is it there to get a new token with (a refresh token, or an entry that holds one)? A cookie or something in storage.
bool is_kept_to_renew(const Item& item);

/// Is it called like a part of a sign-in ("auth.access_token", "expires_at")? Something in storage.
bool is_part_of_sign_in(const Item& item);

}  // namespace unstick::findings
