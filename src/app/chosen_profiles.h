#pragma once
// The profiles that a command is about, and what can be said if they have nothing of the site.

#include <span>
#include <string>
#include <vector>

#include "app/context.h"
#include "inventory/discover.h"

namespace unstick {

/// The profiles that the request chooses, on this computer or in the home folder that it names. Errors: there is no
/// such place, or the site is none (Site::is_in_doubt), and the command is to be refused.
Result<Discovery> discover_for(const Context& context);

/// Next steps: what may be missing of the profiles; and, unless some were chosen, folders that look like those of
/// browsers which unstick does not know.
std::vector<std::string> advice_on(const Context& context, const Discovery& discovery);

/// Next steps: the sites that the profiles know and whose names are one letter away from this one's.
std::vector<std::string> near_misses_in(std::span<const Discovered> profiles, const Site& site);

}  // namespace unstick
