#pragma once
// The order in which --escalate removes: what is most likely at fault and least missed comes first. Pure.

#include "diagnosis/finding.h"

namespace unstick {

/// What is removed before the site is asked again: one plan for each of the inventory.
using Step = std::vector<ProfilePlan>;

/// The steps: what findings of high confidence name, what the other findings name, then all that is left of the
/// cookies, the cache, the storage, and everything else. Together they hold each item of the inventory once; none is
/// empty.
std::vector<Step> escalation(std::span<const ProfilePlan> inventory, std::span<const Finding> findings);

}  // namespace unstick
