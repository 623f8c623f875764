#pragma once
// Profiles and their stores, as the report shows them. Pure, but for who has a profile open.

#include <map>
#include <vector>

#include "inventory/discover.h"
#include "inventory/plan.h"
#include "report/report.h"

namespace unstick {

/// A profile as it is shown, without stores.
ProfileReport report_of(const Adapter& adapter, const Profile& profile);
/// A profile that could not be held, with the reason.
ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Error& not_held);
/// A profile that was only looked at, and whether a browser has it open.
ProfileReport report_of(const Adapter& adapter, const Profile& profile, const LockState& use);
StoreReport report_of(const StorePlan& store, const Profile& profile);

/// What says which stores are in a profile, and whether they are known, whoever's data they hold.
ProfilePlan plan_of_survey(const Discovered& found);
/// A profile with every store that is in it.
struct Survey {
    ProfileReport profile;
    std::vector<Error> problems;  ///< what is wrong with its stores
};
Survey survey_of(const ProfilePlan& plan, const Host& host);

/// How many items of a plan's stores are gone, by the index into ProfilePlan::stores.
using RemovedItems = std::map<std::size_t, std::uint64_t>;

/// `shown` with the stores of the plan that have items.
ProfileReport with_stores(ProfileReport shown, const ProfilePlan& plan, const RemovedItems& removed = {});
/// The site's hosts that these plans have items of, sorted.
std::vector<std::string> hosts_in(std::span<const ProfilePlan> plans, const Site& site);
/// What is wrong with the stores of a plan.
std::vector<Error> problems_of(const ProfilePlan& plan);
/// What there is to know about the stores of these plans, each once.
std::vector<std::string> notes_of(std::span<const ProfilePlan> plans);

/// A store's path as shown: below the profile where it is, else whole.
std::string shown_path(const fs::path& path, const Profile& profile);

}  // namespace unstick
