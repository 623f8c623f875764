#pragma once
// Journal, carry out, look again, re-test: what `fix` does for each step of a removal.

#include <cstdint>
#include <optional>
#include <span>

#include "../escalate.h"
#include "held_profiles.h"
#include "job.h"
#include "own_browsers.h"

namespace unstick {

/// What became of it.
struct Removal {
    std::uint64_t removed = 0;     ///< items that are not there any more
    std::uint64_t spared = 0;      ///< items of steps that were not taken any more
    std::optional<Probe> after;    ///< what was met in the end: by the browser, if it could be asked
    bool cookies_refused = false;  ///< with the cookies that are left, the site refuses
};

/// How many stages a step has.
std::size_t stages_of_step(const Request& request, std::size_t profiles);

/// Removes step by step, asking the site after each, until it answers or nothing is left. One run, undone as one: each
/// step is written down and durable before anything of it changes. The profiles are released before the site is asked
/// for the last time. What could not be removed is among the report's problems.
Removal remove_in_steps(Job& job, std::span<HeldProfile> held, std::span<const Step> steps, OwnBrowsers& browsers);

}  // namespace unstick
