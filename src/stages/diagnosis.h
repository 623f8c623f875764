#pragma once
// What is wrong: the rules (src/findings/) asked about everything that is known.

#include "../discover.h"
#include "../plan.h"
#include "job.h"

namespace unstick {

/// Fills in the report's findings: from what the profiles hold of the site, and from what the re-test met. Asks the
/// site for what the rules need besides: the page with cookies that can be read, and scripts of service workers.
void diagnose(Job& job, std::span<const ProfilePlan> inventory, std::span<const Discovered> profiles);

/// How a command for the request's site starts: "unstick fix example.com", with the options that say which site, and
/// whose home folder. No secret of the address gets into it.
std::string fix_command(const Request& request);

}  // namespace unstick
