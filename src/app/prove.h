#pragma once
// The search for what keeps a browser out, in visits on copies of its profile with some items taken away.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/browser_retest.h"
#include "app/context.h"
#include "app/diagnose.h"
#include "diagnosis/proof.h"

namespace unstick {

/// Searches the profiles whose browsers are stuck, one after the other, as long as there may be visits; then, with
/// requests of our own, those whose browsers were not asked and to whose cookies the site refuses. `inventory`: what is
/// known of the profiles, by their numbers. The copies that `browsers` kept are erased.
std::vector<Proof> prove_each(const Context& context, RetestBrowsers& browsers, const Visits& visits,
                              const std::optional<Probe>& clean, std::span<const ProfilePlan> inventory,
                              const Diagnosis& diagnosis);

/// Asks the person at the terminal, if one is there, about pages that do not tell whether the browser is stuck; what is
/// answered is noted in the visits.
void ask_about_pages(const Context& context, Visits& visits);

}  // namespace unstick
