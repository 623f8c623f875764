#pragma once
// Profiles and their stores, as the report shows them.

#include "../discover.h"
#include "../plan.h"
#include "../report.h"

namespace unstick {

/// A profile as it is shown, without stores.
ProfileReport report_of(const Adapter& adapter, const Profile& profile);
/// A profile that could not be held, with the reason.
ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Error& not_held);
/// A profile that was only looked at, and whether a browser has it open.
ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Use& use);
StoreReport report_of(const StorePlan& store, const Profile& profile);
/// A profile with every store that is in it, whoever's data it holds; appends what is wrong with them.
ProfileReport survey_of(const Discovered& found, const Host& host, std::vector<Error>& problems);

/// Adds what a plan names to the report: `shown` with its stores, if any has items, and all problems.
void add_plan(const ProfilePlan& plan, ProfileReport shown, Report& report);

/// A store's path as shown: below the profile where it is, else whole.
std::string shown_path(const fs::path& path, const Profile& profile);

}  // namespace unstick
