#pragma once
// The profiles that a command is about, and what can be said if they have nothing of the site.

#include <optional>

#include "../discover.h"
#include "job.h"

namespace unstick {

/// The profiles that the request chooses, on this computer or in the home folder that it names. None: there is no such
/// place, and the command is refused.
std::optional<Discovery> discover_for(Job& job);

/// If there is no browser profile at all and nothing else went wrong, that is the verdict: exit code 9.
void note_no_profiles(Job& job, const Discovery& discovery);

/// Names a site that the profiles know and whose name is one letter away from the request's: a next step in the report.
void suggest_near_miss(Job& job, std::span<const Discovered> profiles);

}  // namespace unstick
