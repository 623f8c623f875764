#pragma once
// What is wrong: the rules (diagnosis/) asked about everything that is known.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/context.h"
#include "diagnosis/finding.h"
#include "inventory/discover.h"
#include "inventory/plan.h"

namespace unstick {

struct Diagnosis {
    std::vector<Finding> findings;          ///< the most likely cause first
    std::vector<CookieProbe> with_cookies;  ///< what was met with a profile's cookies
};

/// From what the profiles hold of the site, and from what the re-test met (`clean`; none: there was no re-test). Asks
/// the site for what the rules need besides: the page with cookies that can be read, and scripts of service workers.
/// `visits`: what the profiles' own browsers met, by index into the inventory.
Diagnosis diagnose(const Context& context, const std::optional<Probe>& clean, std::span<const ProfilePlan> inventory,
                   std::span<const Discovered> profiles, const std::map<std::size_t, Probe>& visits);

/// The same from what a browser recorded instead of a re-test. Nobody is asked.
Diagnosis diagnose_recording(const Context& context, const Recording& recording, std::span<const ProfilePlan> inventory,
                             std::span<const Discovered> profiles);

/// How a command for the request's site starts: "unstick fix example.com", with the options that say which site, and
/// whose home folder. No secret of the address gets into it.
std::string fix_command(const Request& request);

/// The same with the browsers and the profile that the request is narrowed to.
std::string narrow_fix_command(const Request& request);

/// What a command that is to repeat the visits needs of this one's options: " --browser-program ...".
std::string visit_options(const Request& request);

/// What a `fix` was asked to remove, and how, as options: " --least --yes". Empty: by default.
std::string manner_options(const Request& request);

}  // namespace unstick
