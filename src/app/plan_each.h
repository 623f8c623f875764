#pragma once
// Looking into several profiles at once.

#include <functional>
#include <set>
#include <span>
#include <vector>

#include "app/context.h"
#include "inventory/discover.h"
#include "inventory/plan.h"

namespace unstick {

/// `look` for each of the profiles, by its number, several at a time; and in their order what it found. `stages` are
/// told of each as it is begun, in that order, too. What `look` uses it only reads: several threads call it.
std::vector<ProfilePlan> plan_each(std::span<const Discovered> profiles,
                                   const std::function<ProfilePlan(std::size_t number)>& look,
                                   Stages* stages = nullptr);

/// Does one of the profiles have something of the site in stores of the wanted kinds?
bool have_items(std::span<const Discovered> profiles, const Site& site, const std::set<Kind>& wanted);

}  // namespace unstick
