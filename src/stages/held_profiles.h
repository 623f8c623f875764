#pragma once
// Hold and plan: profiles that are ours while we work, and what is to be removed from them.

#include <optional>
#include <span>
#include <vector>

#include "../discover.h"
#include "../hold.h"
#include "../plan.h"
#include "job.h"
#include "own_browsers.h"

namespace unstick {

/// A profile that no browser opens as long as the locks live, and what is to be removed from it.
struct HeldProfile {
    ProfilePlan plan;
    HeldLocks locks;
};

/// Takes a profile's locks. None: it could not be held, and the report says why.
std::optional<HeldLocks> hold_or_report(Job& job, const Adapter& adapter, const Profile& profile, Closing& closing);

/// Holds every profile and looks into it. Those that cannot be held are reported and left out. Those that a browser has
/// open and that hold nothing of the site are left out and shown, and are no problem.
std::vector<HeldProfile> hold_and_plan(Job& job, std::span<const Discovered> found, Closing& closing);

/// What is to be removed, one plan for each profile.
std::vector<ProfilePlan> plans_of(std::span<const HeldProfile> held);

/// Asks the user, with the profiles released meanwhile: a browser that is started while the question waits must find
/// its files free. True if they are held again and the same plans may be carried out now.
bool agreed(Job& job, std::span<HeldProfile> held);

/// Copies each profile that holds something of the site, for its own browser to be opened on.
void copy_all(std::span<const HeldProfile> held, OwnBrowsers& browsers);

/// Gives the locks back.
void release(std::span<HeldProfile> held);

}  // namespace unstick
