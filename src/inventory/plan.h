#pragma once
// What would be removed: pure data. The dry run prints it, apply carries it out; nothing else is ever touched.

#include <set>
#include <string>
#include <vector>

#include "model/adapter.h"

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
    Site site;                      ///< the site as asked for, with all its host names that were met in the profile
    std::vector<StorePlan> stores;  ///< those that are present or have problems, in the order of removal

    std::size_t items() const;
};

/// Whether the HTTP cache goes as a whole (--whole-cache), or the site's part of it.
enum class WholeCache { no, yes };

/// Looks into every store of the chosen kinds; for the sake of hashed ones also into all before them, for names. Leaves
/// no trace in the profile. Never follows a symbolic link below the profile (a problem, unsupported). Without
/// `programs`, stores that only they can look into are left out.
ProfilePlan plan_profile(const Adapter& adapter, const Profile& profile, const Site& site, const std::set<Kind>& wanted,
                         WholeCache whole_cache = WholeCache::no, Programs* programs = nullptr);

/// What the stores of one kind hold of the names that the site has (Site::known_hosts), without a look into others for
/// more names. Problems are left out: it is not there for who asks.
std::vector<Item> items_in(const Adapter& adapter, const Profile& profile, const Site& site, Kind kind);

/// Do both name the same items? Asked when time has passed between showing a plan and carrying it out.
bool same_items(const ProfilePlan& a, const ProfilePlan& b);

/// `plan` with only those items that have a piece in common with one of `chosen`.
ProfilePlan in_common(ProfilePlan plan, const ProfilePlan& chosen);

/// What is still there of a store's items after they were to be removed, and problems that were not there before.
/// Where items are nothing but files their names are asked for; every other store is searched anew.
Found rescan(const StorePlan& store, const Site& site, Programs* programs = nullptr);

}  // namespace unstick
