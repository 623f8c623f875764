#pragma once
// What a profile's own browser showed on a copy of the profile, as far as rules look at it. Pure.

#include <set>
#include <string>
#include <vector>

#include "net/probe.h"

namespace unstick {

/// Names and numbers only, no text of a page. Signs that a fresh browser shows as well are left out: they are no fault
/// of what is stored. Cookies that were kept out are not: a browser may do that unless it is told not to.
struct VisitSeen {
    std::set<std::string> hosts = {};  ///< on the way of the page
    bool may_be_stuck = true;          ///< not known to be fine: signed in, like fresh, or a form for a password
    bool is_signed_in = false;         ///< a page with a way to sign out
    bool shows_little = false;         ///< hardly any text, an error, or no end at all
    VisitSigns signs = {};
};

VisitSeen seen_in(const Probe& visit);

}  // namespace unstick
