#pragma once
// The search for what keeps a browser out by a client of our own, for browsers that keep cookies as they are sent.

#include <cstddef>
#include <span>

#include "app/context.h"
#include "diagnosis/cookie_probe.h"
#include "diagnosis/proof.h"

namespace unstick {

/// Searches the cookies of a profile for those that make the site refuse: asks for the page with all of them but some,
/// `visits` times at most. `clean`: what a client with nothing stored met, which was let in; `refused`: what one with
/// all of the profile's cookies met, which was kept out; `inventory` and `findings`: as find_causes has them.
Proof prove_by_cookies(const Context& context, const Probe& clean, const CookieProbe& refused,
                       std::span<const ProfilePlan> inventory, std::span<const Finding> findings, std::size_t visits);

}  // namespace unstick
