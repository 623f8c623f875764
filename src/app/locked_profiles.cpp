#include "app/locked_profiles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/keep_cookies.h"
#include "app/plan_each.h"
#include "app/profile_reports.h"
#include "base/text.h"

namespace unstick {

namespace {

ProfilePlan plan_of(const Context& context, const Adapter& adapter, const Profile& profile)
{
    const Request& request = context.request;
    ProfilePlan plan = plan_profile(adapter, profile, *request.site, request.kinds,
                                    request.whole_cache ? WholeCache::yes : WholeCache::no, &context.host);
    keep_cookies(request.keep_cookies, plan);
    return plan;
}

/// Does the profile certainly hold nothing of the site? Finders only read; what a browser that has it open has not
/// written yet is not seen.
bool is_without_site(const ProfilePlan& seen)
{
    return seen.items() == 0 && problems_of(seen).empty();
}

/// Holds a profile again after the question. Errors: it is not as it was shown.
Result<void> lock_again(const Context& context, LockedProfile& held)
{
    const Adapter& adapter = *held.plan.adapter;
    const Profile& profile = held.plan.profile;
    context.stages.next(fmt::format("looking again into {} {}", adapter.label, profile.id));
    const ProfilePlan shown = held.plan;
    Closing none;
    TRY(hold_again(context, held, none));
    ProfilePlan now = std::move(held.plan);
    if (context.request.stale || context.request.least || context.request.escalate) {
        now = in_common(std::move(now), shown);
    }
    if (!same_items(shown, now)) {
        return fail(Code::changed, profile.path.string(),
                    "the profile has changed while the question waited; nothing was removed", "run unstick again");
    }
    held.plan = std::move(now);
    return {};
}

void add_once(std::vector<std::string>& lines, std::string line)
{
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
        lines.push_back(std::move(line));
    }
}

/// What became of holding a profile.
struct Hold {
    explicit Hold(LockState who) : use(std::move(who)) {}

    LockState use;                           ///< before anything was done
    std::optional<Result<HeldLocks>> locks;  ///< nothing: a browser has it open and was not asked to quit

    bool is_refused() const { return locks && !*locks; }
};

/// Those that were open may have been written to until they were ours.
void plan_again(const Context& context, std::span<const Discovered> found, const std::vector<std::size_t>& closed,
                std::vector<ProfilePlan>& plans)
{
    std::vector<Discovered> chosen;
    for (const std::size_t number : closed) {
        chosen.push_back(found[number]);
    }
    auto anew =
        plan_each(chosen, [&](std::size_t i) { return plan_of(context, *chosen[i].adapter, chosen[i].profile); });
    for (std::size_t i = 0; i < closed.size(); ++i) {
        plans[closed[i]] = std::move(anew[i]);
    }
}

/// A profile that a browser has open: what of the site is in it is shown, and stays.
void leave_open(const Hold& hold, const ProfilePlan& plan, Inventory& inventory)
{
    Error problem = hold.locks->error();
    if (plan.items() > 0) {
        problem.what += "; " + count_of(plan.items(), "item", "items") + " of this site " +
                        (plan.items() == 1 ? "is" : "are") + " in it";
        inventory.open.push_back({std::string(plan.adapter->label), plan.items(), hold.use.can_be_asked()});
    }
    inventory.left_out.push_back(with_stores(report_of(*plan.adapter, plan.profile, hold.locks->error()), plan));
    inventory.problems.push_back(std::move(problem));
}

void add(Hold hold, ProfilePlan plan, Inventory& inventory)
{
    const Adapter& adapter = *plan.adapter;
    if (!hold.locks) {
        inventory.left_out.push_back(report_of(adapter, plan.profile, hold.use));
        inventory.next.push_back(
            fmt::format("If you used the site in {} a moment ago, close it and run unstick again: "
                        "what it has not written yet was not seen.",
                        adapter.label));
    } else if (hold.is_refused()) {
        leave_open(hold, plan, inventory);
    } else {
        if (hold.use.state == LockState::State::free && !hold.use.what.empty()) {
            add_once(inventory.next, fmt::format("{}: {}.", adapter.label, hold.use.what));
        }
        inventory.held.push_back({.plan = std::move(plan), .locks = std::move(**hold.locks)});
    }
}

/// Offers to close those that are open, can be asked to, and hold something of the site.
void offer_to_close(const Context& context, std::span<const Hold> holds, std::span<const ProfilePlan> plans,
                    Closing& closing)
{
    std::set<std::string> labels;
    std::uint64_t items = 0;
    for (std::size_t i = 0; i < holds.size(); ++i) {
        const LockState& use = holds[i].use;
        if (use.can_be_asked() && plans[i].items() > 0) {
            labels.insert(std::string(plans[i].adapter->label));
            items += plans[i].items();
        }
    }
    if (!context.request.dry_run) {
        offer_to_close(
            context, labels,
            fmt::format(", and {} of this site {} in it", count_of(items, "item", "items"), items == 1 ? "is" : "are"),
            closing);
    }
}

}  // namespace

void offer_to_close(const Context& context, const std::set<std::string>& labels, std::string_view why, Closing& closing)
{
    if (labels.empty() || closing.allowed || !context.console.ask) {
        return;
    }
    const bool is_one = labels.size() == 1;
    closing.allowed = closing.reopen = context.console.ask(fmt::format(
        "{} {} open{}. Close {} now, and open {} again afterwards with {} tabs?", fmt::join(labels, " and "),
        is_one ? "is" : "are", why, is_one ? "it" : "them", is_one ? "it" : "them", is_one ? "its" : "their"));
}

Inventory lock_and_plan(const Context& context, std::span<const Discovered> found, Closing& closing)
{
    std::vector<Hold> holds;
    for (const auto& [adapter, profile] : found) {
        Hold& hold = holds.emplace_back(lock_state_of(*adapter, profile, context.host));
        if (hold.use.state == LockState::State::free) {
            hold.locks = lock_profile(*adapter, profile, context.host, closing);
        }
    }
    const auto look = [&](std::size_t number) {
        const auto& [adapter, profile] = found[number];
        return holds[number].is_refused() ? ProfilePlan{adapter, profile, {}, {}} : plan_of(context, *adapter, profile);
    };
    std::vector<ProfilePlan> plans = plan_each(found, look, &context.stages);
    offer_to_close(context, holds, plans, closing);
    // Only now are browsers that have one open asked to quit: those whose profiles hold something of the site.
    std::vector<std::size_t> closed;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& [adapter, profile] = found[i];
        if (holds[i].use.state == LockState::State::free) {
            continue;
        }
        // One that quit for another of its profiles has let this one go, too.
        const bool has_quit =
            !closing.closed.empty() && lock_state_of(*adapter, profile, context.host).state == LockState::State::free;
        if (has_quit || !is_without_site(plans[i])) {
            context.stages.now(fmt::format("waiting for {} {}", adapter->label, profile.id));
            holds[i].locks = lock_profile(*adapter, profile, context.host, closing);
            closed.push_back(i);
        }
    }
    std::erase_if(closed, [&](std::size_t number) { return holds[number].is_refused(); });
    plan_again(context, found, closed, plans);
    Inventory inventory;
    for (std::size_t i = 0; i < found.size(); ++i) {
        add(std::move(holds[i]), std::move(plans[i]), inventory);
    }
    return inventory;
}

std::vector<ProfilePlan> plans_of(std::span<const LockedProfile> held)
{
    std::vector<ProfilePlan> plans;
    for (const LockedProfile& one : held) {
        plans.push_back(one.plan);
    }
    return plans;
}

Result<bool> agreed(const Context& context, std::span<LockedProfile> held, const Report& plan)
{
    if (context.request.yes) {
        return true;
    }
    release(held);
    Report question = plan;
    question.hosts = hosts_in(plans_of(held), *context.request.site);
    const auto answer = confirmed(context, question);
    if (!answer || !*answer) {
        return answer;
    }
    for (LockedProfile& profile : held) {
        TRY(lock_again(context, profile));
    }
    return true;
}

Result<void> hold_again(const Context& context, LockedProfile& held, Closing& closing)
{
    const Adapter& adapter = *held.plan.adapter;
    const Profile profile = held.plan.profile;
    held.locks.clear();
    TRY_ASSIGN(held.locks, lock_profile(adapter, profile, context.host, closing));
    held.plan = plan_of(context, adapter, profile);
    return {};
}

void copy_all(std::span<const LockedProfile> held, RetestBrowsers& browsers)
{
    for (std::size_t i = 0; i < held.size(); ++i) {
        const ProfilePlan& plan = held[i].plan;
        if (plan.items() > 0) {
            browsers.copy(i, *plan.adapter, plan.profile);
        }
    }
}

void release(std::span<LockedProfile> held)
{
    for (LockedProfile& one : held) {
        one.locks.clear();
    }
}

}  // namespace unstick
