#pragma once
// What a host has for all its ports alike, where the site is one of them (Site::is_of_one_port): cookies know no port.

#include <cstdint>
#include <string>
#include <vector>

#include "app/context.h"
#include "app/locked_profiles.h"
#include "diagnosis/finding.h"

namespace unstick {

/// What was left because other ports share it.
struct SparedByPorts {
    std::uint64_t items = 0;
    std::string note;  ///< how many, and the command that takes them; empty if there are none
};

/// Takes what other ports share out of the plans, unless somebody will be asked, whom the question tells. The findings
/// then name what is left of their items.
SparedByPorts spare_shared(const Context& context, std::vector<LockedProfile>& held, std::vector<Finding>& findings);

}  // namespace unstick
