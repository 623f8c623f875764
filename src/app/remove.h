#pragma once
// Journal, carry out, look again, re-test: what `fix` does for each step of a removal.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/browser_retest.h"
#include "app/context.h"
#include "app/locked_profiles.h"
#include "app/profile_reports.h"
#include "diagnosis/escalate.h"

namespace unstick {

/// What became of it. A number of a profile is its index into what was held.
struct Removal {
    std::string run;                           ///< the journal's id; empty: there is none, or nobody wants it
    std::uint64_t removed = 0;                 ///< items that are not there any more
    std::uint64_t spared = 0;                  ///< items of steps that were not taken any more
    std::map<std::size_t, RemovedItems> gone;  ///< by profile: the same, store by store
    std::optional<Probe> after;            ///< what a client that has nothing stored met in the end, if it was asked
    std::optional<Probe> browser_after;    ///< what the browser met in the end, if it could be asked
    std::optional<Probe> decisive;         ///< of these two the one that was met last
    std::map<std::size_t, Probe> visited;  ///< by profile: what its own browser met
    std::vector<CookieProbe>
        with_cookies;              ///< those that were handed in, and what was met with the cookies that are left
    bool cookies_refused = false;  ///< with the cookies that are left, the site refuses
    std::vector<Error> problems;   ///< what could not be removed
    std::optional<Error> cut_off;  ///< the journal cannot be read any more: it ended there
};

/// How many stages a step has.
std::size_t stages_of_step(const Request& request, std::size_t profiles);

/// Removes step by step, asking the site after each, until it answers or nothing is left. One run, undone as one: each
/// step is written down and durable before anything of it changes. The profiles are released before the site is asked
/// for the last time.
Removal remove_in_steps(const Context& context, std::span<LockedProfile> held, std::span<const Step> steps,
                        RetestBrowsers& browsers, std::vector<CookieProbe> with_cookies);

}  // namespace unstick
