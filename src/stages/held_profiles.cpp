#include "held_profiles.h"

#include <fmt/format.h>

#include <algorithm>

#include "profile_reports.h"

namespace unstick {

namespace {

ProfilePlan plan_of(Job& job, const Adapter& adapter, const Profile& profile)
{
    return plan_profile(adapter, profile, *job.request.site, job.request.kinds,
                        job.request.whole_cache ? WholeCache::yes : WholeCache::no, &job.host);
}

/// Does a browser have this profile open that holds nothing of the site? It is left alone then, and nothing is left
/// undone. Finders only read; what the browser has not written yet is not seen, and that is said.
bool is_open_without_site(Job& job, const Discovered& found)
{
    const auto& [adapter, profile] = found;
    const Use use = use_of(*adapter, profile, job.host);
    if (use.state == Use::State::free) {
        return false;
    }
    const ProfilePlan seen = plan_of(job, *adapter, profile);
    const bool all_seen = std::all_of(seen.stores.begin(), seen.stores.end(),
                                      [](const StorePlan& store) { return store.found.problems.empty(); });
    if (seen.items() > 0 || !all_seen) {
        return false;
    }
    job.report.profiles.push_back(report_of(*adapter, profile, use));
    job.report.next.push_back(
        fmt::format("If you used the site in {} a moment ago, close it and run unstick again: what it "
                    "has not written yet was not seen.",
                    adapter->label));
    return true;
}

/// Holds a profile again after the question. False: it is not as it was shown, and the report says so.
bool hold_again(Job& job, HeldProfile& held)
{
    const Adapter& adapter = *held.plan.adapter;
    const Profile& profile = held.plan.profile;
    job.stages.next(fmt::format("looking again into {} {}", adapter.label, profile.id));
    Closing none;
    auto locks = hold(adapter, profile, job.host, none);
    if (!locks) {
        refuse(job.report, locks.error());
        return false;
    }
    held.locks = std::move(*locks);
    ProfilePlan now = plan_of(job, adapter, profile);
    if (job.request.stale) {
        now = in_common(std::move(now), held.plan);
    }
    if (!same_items(held.plan, now)) {
        refuse(job.report,
               {Code::changed, profile.path.string(),
                "the profile has changed while the question waited; nothing was removed", "run unstick again"});
        return false;
    }
    held.plan = std::move(now);
    return true;
}

}  // namespace

std::optional<HeldLocks> hold_or_report(Job& job, const Adapter& adapter, const Profile& profile, Closing& closing)
{
    auto locks = hold(adapter, profile, job.host, closing);
    if (!locks) {
        job.report.profiles.push_back(report_of(adapter, profile, locks.error()));
        job.report.problems.push_back(locks.error());
        return std::nullopt;
    }
    return std::move(*locks);
}

std::vector<HeldProfile> hold_and_plan(Job& job, std::span<const Discovered> found, Closing& closing)
{
    std::vector<HeldProfile> held;
    for (const Discovered& one : found) {
        const auto& [adapter, profile] = one;
        job.stages.next(fmt::format("looking into {} {}", adapter->label, profile.id));
        if (is_open_without_site(job, one)) {
            continue;
        }
        if (auto locks = hold_or_report(job, *adapter, profile, closing)) {
            held.push_back({plan_of(job, *adapter, profile), std::move(*locks)});
        }
    }
    return held;
}

std::vector<ProfilePlan> plans_of(std::span<const HeldProfile> held)
{
    std::vector<ProfilePlan> plans;
    for (const HeldProfile& one : held) {
        plans.push_back(one.plan);
    }
    return plans;
}

bool agreed(Job& job, std::span<HeldProfile> held)
{
    if (job.request.yes) {
        return true;
    }
    release(held);
    return confirmed(job) &&
           std::all_of(held.begin(), held.end(), [&](HeldProfile& profile) { return hold_again(job, profile); });
}

void copy_all(std::span<const HeldProfile> held, OwnBrowsers& browsers)
{
    for (const HeldProfile& one : held) {
        if (one.plan.items() > 0) {
            browsers.copy(*one.plan.adapter, one.plan.profile);
        }
    }
}

void release(std::span<HeldProfile> held)
{
    for (HeldProfile& one : held) {
        one.locks.clear();
    }
}

}  // namespace unstick
