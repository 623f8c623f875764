#pragma once
// The re-test by a client that has nothing stored (--retest http), and what is compared with it.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/context.h"
#include "app/scheme.h"
#include "diagnosis/finding.h"
#include "inventory/plan.h"

namespace unstick {

/// The address that was asked: `clean` says by which scheme it is (scheme.h); else as it was typed.
Url target_of(const Request& request, const std::optional<Probe>& clean);

/// The re-test before anything is changed. `profiles`: where to look for what decides how it is asked.
SiteAnswer ask_site(const Context& context, std::span<const Discovered> profiles);
/// The same; none with --retest none.
std::optional<SiteAnswer> ask_if_wanted(const Context& context, std::span<const Discovered> profiles);

/// The re-test with the cookies of each profile that keeps them readable, if the site lets a client without any in.
/// `clean`: what such a client met.
std::vector<CookieProbe> ask_with_cookies(const Request& request, Host& host, const std::optional<Probe>& clean,
                                          std::span<const ProfilePlan> inventory);

/// What the site answers for the scripts of the service workers that the inventory holds, by address. Asks for ten at
/// most, and for none if the site did not answer at all.
std::map<std::string, ScriptAnswer> ask_for_scripts(const Request& request, Network& network,
                                                    const std::optional<Probe>& clean,
                                                    std::span<const ProfilePlan> inventory);

}  // namespace unstick
