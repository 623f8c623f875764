#include "app/plan_each.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "base/side_by_side.h"

namespace unstick {

namespace {

/// So many at a time: each of them may have to hold a table of a database in memory.
constexpr std::size_t most_profiles = 8;

}  // namespace

std::vector<ProfilePlan> plan_each(std::span<const Discovered> profiles,
                                   const std::function<ProfilePlan(std::size_t number)>& look, Stages* stages)
{
    std::vector<ProfilePlan> plans(profiles.size());
    std::mutex mutex;
    std::size_t begun = 0;
    const auto next = [&]() -> std::optional<std::size_t> {
        const std::lock_guard lock(mutex);
        if (begun == profiles.size()) {
            return std::nullopt;
        }
        if (stages != nullptr) {
            const auto& [adapter, profile] = profiles[begun];
            stages->next(fmt::format("looking into {} {}", adapter->label, profile.id));
        }
        return begun++;
    };
    side_by_side(std::min(profiles.size(), most_profiles), [&](std::size_t) {
        while (const auto number = next()) {
            plans[*number] = look(*number);
        }
    });
    return plans;
}

bool have_items(std::span<const Discovered> profiles, const Site& site, const std::set<Kind>& wanted)
{
    const auto look = [&](std::size_t number) {
        return plan_profile(*profiles[number].adapter, profiles[number].profile, site, wanted);
    };
    const auto plans = plan_each(profiles, look);
    return std::any_of(plans.begin(), plans.end(), [](const ProfilePlan& plan) { return plan.items() > 0; });
}

}  // namespace unstick
