#pragma once
// The families of rules, one file each. For finding.cpp and the families only.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "finding.h"

namespace unstick::findings {

using Findings = std::vector<Finding>;

inline constexpr std::int64_t day_s = 86400;

void twins(const Scene& scene, Findings& findings);
void cookies(const Scene& scene, Findings& findings);
void cookie_answer(const Scene& scene, Findings& findings);
void cookie_load(const Scene& scene, Findings& findings);
void clock(const Scene& scene, Findings& findings);
void tokens(const Scene& scene, Findings& findings);
void cache(const Scene& scene, Findings& findings);
void answers(const Scene& scene, Findings& findings);
void network(const Scene& scene, Findings& findings);
void storage(const Scene& scene, Findings& findings);
void auth(const Scene& scene, Findings& findings);
void provider(const Scene& scene, Findings& findings);

// --- What they share (finding.cpp) ---

struct Seen {
    const Item* item = nullptr;
    ItemRef ref;
};

/// All items of one type in one profile.
std::vector<Seen> items_of(const Scene& scene, std::size_t profile, ItemType type);

/// A finding about items of one profile, with the command that removes them. `items` must not be empty.
Finding about(const Scene& scene, std::string_view rule, Confidence confidence, const std::vector<Seen>& items,
              std::string what);

/// A finding that no removal helps against.
Finding outside(std::string_view rule, Confidence confidence, std::string where, std::string what, std::string advice);

/// "a, b, c and 4 more": names, each once, in order.
std::string list_of(const std::vector<Seen>& items);

/// "3 days", "5 hours", "40 seconds".
std::string age_of(std::int64_t seconds);

/// Is the cookie sent to this host and, if it is not empty, this path (RFC 6265 section 5.4)?
bool is_sent_to(const Item& cookie, std::string_view host, std::string_view path);

/// Is its time over?
bool is_expired(const Item& cookie, std::int64_t now);

/// The cookies of a profile whose time is not over.
std::vector<Seen> live_cookies(const Scene& scene, std::size_t profile);

/// Does the answer set a cookie of this name, from a place that this cookie is sent to?
bool sets(const Hop& hop, const Item& cookie);

/// The hosts whose answers the re-test saw, each once.
std::vector<std::string> hosts_met(const Scene& scene);

/// Without the leading dot of a domain cookie.
std::string_view bare_host(std::string_view host);

}  // namespace unstick::findings
