#pragma once
// The re-test by a client that has nothing stored (--retest http), and what is compared with it.

#include <map>

#include "../findings/finding.h"
#include "../plan.h"
#include "job.h"

namespace unstick {

/// The re-test before anything is changed. Sets the report's target and `before`.
void ask_site(Job& job);

/// The re-test with the cookies of each profile that keeps them readable, if the site lets a client without any in.
void ask_with_cookies(Job& job, std::span<const ProfilePlan> inventory);

/// What the site answers for the scripts of the service workers that the inventory holds, by address. Asks for ten at
/// most.
std::map<std::string, ScriptAnswer> ask_for_scripts(const Job& job, std::span<const ProfilePlan> inventory);

}  // namespace unstick
