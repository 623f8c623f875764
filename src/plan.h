#pragma once
// What would be removed: pure data. The dry run prints it, apply carries it out; nothing else is ever touched.

#include <set>
#include <string>
#include <vector>

#include "adapter.h"

namespace unstick {

/// One store of a profile, and what of the site is in it.
struct StorePlan {
    const StoreSpec* spec = nullptr;
    fs::path path;
    Found found;
};

struct ProfilePlan {
    const Adapter* adapter = nullptr;
    Profile profile;
    std::vector<StorePlan> stores;  ///< those that are present or have problems, in the order of removal

    std::size_t items() const;
};

/// Whether the HTTP cache goes as a whole (--whole-cache), or the site's part of it.
enum class WholeCache { no, yes };

/// Looks into every store of the chosen kinds. Leaves no trace in the profile. Never follows a symbolic link below the
/// profile (a problem, unsupported).
ProfilePlan plan_profile(const Adapter& adapter, const Profile& profile, const Site& site, const std::set<Kind>& wanted,
                         WholeCache whole_cache = WholeCache::no);

/// Do both name the same items? Asked when time has passed between showing a plan and carrying it out.
bool same_items(const ProfilePlan& a, const ProfilePlan& b);

}  // namespace unstick
