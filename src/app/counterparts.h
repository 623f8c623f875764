#pragma once
// Finding the items of a profile again in a copy of it, or in itself after something was put back: there the same item
// may lie at another place.

#include <cstddef>
#include <map>

#include "diagnosis/finding.h"
#include "inventory/plan.h"

namespace unstick {

/// Where the items of `copy` are in `known`, which is number `profile`: both references have that. Alike ones are told
/// by their order, which is the files'.
std::map<ItemRef, ItemRef> counterparts(const ProfilePlan& copy, const ProfilePlan& known, std::size_t profile);

}  // namespace unstick
