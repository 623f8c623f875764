#pragma once
// Hold and plan: profiles that are ours while we work, and what is to be removed from them.

#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "app/browser_retest.h"
#include "app/context.h"
#include "inventory/discover.h"
#include "inventory/plan.h"
#include "inventory/profile_lock.h"

namespace unstick {

/// A profile that no browser opens as long as the locks live, and what is to be removed from it.
struct LockedProfile {
    ProfilePlan plan;
    HeldLocks locks;
};

/// A profile that was left out because a browser has it open, and how much of the site is in it.
struct OpenProfile {
    std::string label;         ///< the browser's
    std::uint64_t items = 0;   ///< as far as the browser has written them
    bool can_be_asked = true;  ///< to quit
};

/// The profiles of a command, with their numbers: an index into `held` says of what belongs to it which profile that
/// is.
struct Inventory {
    std::vector<LockedProfile> held;
    std::vector<ProfileReport> left_out;  ///< those that could not be held, or need not be, as they are shown
    std::vector<Error> problems;          ///< why they could not be held
    std::vector<std::string> next;
    std::vector<OpenProfile> open;  ///< of `left_out`, those that hold something of the site
};

/// Offers to close browsers that are open, and to start them again at the end, where somebody is there to answer: yes
/// is noted in `closing`. `why`: what is in them. Nothing is asked if they may be closed anyway.
void offer_to_close(const Context& context, const std::set<std::string>& labels, std::string_view why,
                    Closing& closing);

/// Holds every profile and looks into it. Those that cannot be held are left out, which is a problem. Those that a
/// browser has open and that hold nothing of the site are left out, too, which is none.
/// The user may be asked whether to close those that hold something.
Inventory lock_and_plan(const Context& context, std::span<const Discovered> found, Closing& closing);

/// What is to be removed, one plan for each profile.
std::vector<ProfilePlan> plans_of(std::span<const LockedProfile> held);

/// Asks the user, with the profiles released meanwhile: a browser that is started while the question waits must find
/// its files free. True if they are held again and the same plans may be carried out now. Errors: nobody can be asked;
/// a profile is not as it was shown.
Result<bool> agreed(const Context& context, std::span<LockedProfile> held, const Report& plan);

/// Holds a profile again, if need be with its browser asked to quit, and looks into it anew. Errors: as lock_profile.
Result<void> hold_again(const Context& context, LockedProfile& held, Closing& closing);

/// Copies each profile that holds something of the site, for its own browser to be opened on; its number is its
/// index.
void copy_all(std::span<const LockedProfile> held, RetestBrowsers& browsers);

/// Gives the locks back.
void release(std::span<LockedProfile> held);

}  // namespace unstick
