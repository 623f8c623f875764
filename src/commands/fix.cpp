#include <fmt/format.h>

#include <algorithm>

#include "../apply.h"
#include "../escalate.h"
#include "../hold.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

namespace {

/// One profile while we work on it.
struct Work {
    const Adapter* adapter = nullptr;
    Profile profile;
    HeldLocks locks;
    ProfilePlan plan;
};

/// Writing down, removing, and asking the site again.
std::size_t stages_of_step(const Request& request, std::size_t profiles)
{
    return 1 + profiles + (request.retest == Retest::http ? 1 : 0);
}

/// Of all that is to be done if there is something to remove; what --escalate adds is not known yet.
std::size_t stages_of(const Request& request, std::size_t profiles)
{
    const std::size_t looking = profiles + (request.retest == Retest::http ? 1 : 0);
    const std::size_t looking_again = request.yes ? 0 : profiles;
    return looking + (request.dry_run ? 0 : looking_again + stages_of_step(request, profiles));
}

/// A single word that no name server knows may have been meant for a command.
void note_word(const Site& site, Report& report)
{
    if (site.name().find_first_of(".:") == std::string::npos) {
        report.next.push_back("'" + site.name() +
                              "' was taken for the name of a site; unstick --help lists the commands.");
    }
}

ProfilePlan plan_of(const Request& request, Host& host, const Adapter& adapter, const Profile& profile)
{
    return plan_profile(adapter, profile, *request.site, request.kinds,
                        request.whole_cache ? WholeCache::yes : WholeCache::no, &host);
}

/// Does a browser have this profile open that holds nothing of the site? It is left alone then, and nothing is left
/// undone. Finders only read; what the browser has not written yet is not seen, and that is said.
bool is_open_without_site(const Request& request, Host& host, const Discovered& found, Report& report)
{
    const auto& [adapter, profile] = found;
    const Use use = use_of(*adapter, profile, host);
    if (use.state == Use::State::free) {
        return false;
    }
    const ProfilePlan seen = plan_of(request, host, *adapter, profile);
    const bool all_seen = std::all_of(seen.stores.begin(), seen.stores.end(),
                                      [](const StorePlan& store) { return store.found.problems.empty(); });
    if (seen.items() > 0 || !all_seen) {
        return false;
    }
    report.profiles.push_back(report_of(*adapter, profile, use));
    report.next.push_back(
        fmt::format("If you used the site in {} a moment ago, close it and run unstick again: what it "
                    "has not written yet was not seen.",
                    adapter->label));
    return true;
}

/// Holds every profile and looks into it. Profiles that cannot be held are reported and left out.
std::vector<Work> hold_and_plan(const Request& request, Host& host, const std::vector<Discovered>& found,
                                Closing& closing, Stages& stages, Report& report)
{
    std::vector<Work> works;
    for (const Discovered& one : found) {
        const auto& [adapter, profile] = one;
        stages.next(fmt::format("looking into {} {}", adapter->label, profile.id));
        if (is_open_without_site(request, host, one, report)) {
            continue;
        }
        auto locks = hold(*adapter, profile, host, closing);
        if (!locks) {
            report.profiles.push_back(report_of(*adapter, profile, locks.error()));
            report.problems.push_back(locks.error());
            continue;
        }
        works.push_back({adapter, profile, std::move(*locks), plan_of(request, host, *adapter, profile)});
    }
    return works;
}

std::uint64_t add_plans(const std::vector<Work>& works, Report& report)
{
    std::uint64_t items = 0;
    for (const Work& work : works) {
        add_plan(work.plan, report_of(*work.adapter, work.profile), report);
        items += work.plan.items();
    }
    return items;
}

void release(std::vector<Work>& works)
{
    for (Work& work : works) {
        work.locks.clear();
    }
}

/// Asks, with the profiles released meanwhile: a browser that is started while the question waits must find its files
/// free. True if the same plan may be carried out now.
bool agreed(const Request& request, Host& host, const Console& console, Stages& stages, std::vector<Work>& works,
            Report& report)
{
    if (request.yes) {
        return true;
    }
    release(works);
    if (!confirmed(request, console, report)) {
        return false;
    }
    for (Work& work : works) {
        stages.next(fmt::format("looking again into {} {}", work.adapter->label, work.profile.id));
        Closing none;
        auto locks = hold(*work.adapter, work.profile, host, none);
        if (!locks) {
            refuse(report, locks.error());
            return false;
        }
        work.locks = std::move(*locks);
        ProfilePlan now = plan_of(request, host, *work.adapter, work.profile);
        if (request.stale) {
            now = in_common(std::move(now), work.plan);
        }
        if (!same_items(work.plan, now)) {
            refuse(report,
                   {Code::changed, work.profile.path.string(),
                    "the profile has changed while the question waited; nothing was removed", "run unstick again"});
            return false;
        }
        work.plan = std::move(now);
    }
    return true;
}

/// Looks again for what a step removed: what is still there was not removed, whatever the media said. Asks for the host
/// names of the plan: they are not in the profile any more.
std::uint64_t verify(const Work& work, const ProfilePlan& step, Host& host, Report& report)
{
    const auto shown = std::find_if(report.profiles.begin(), report.profiles.end(), [&](const ProfileReport& profile) {
        return profile.path == work.profile.path.string() && !profile.in_use;
    });
    std::uint64_t removed = 0;
    std::size_t next = 0;  // reports are of the stores with items, in the order of the plan
    for (std::size_t i = 0; i < work.plan.stores.size(); ++i) {
        if (work.plan.stores[i].found.items.empty()) {
            continue;
        }
        StoreReport& store = shown->stores.at(next++);
        const StorePlan& planned = step.stores[i];
        if (planned.found.items.empty()) {
            continue;
        }
        const Found left = look_again(planned, work.plan.site, &host);
        report.problems.insert(report.problems.end(), left.problems.begin(), left.problems.end());
        const std::uint64_t count = planned.found.items.size();
        const std::uint64_t gone = count - std::min<std::uint64_t>(left.items.size(), count);
        store.removed += gone;
        removed += gone;
        if (!left.items.empty()) {
            report.problems.push_back(
                {Code::io, store.path,
                 fmt::format("{} of {} are still there", count_of(left.items.size(), "item", "items"), store.store),
                 "close every window of the browser and run unstick again"});
        }
    }
    return removed;
}

/// Removes one step: written down and durable first, then carried out, then looked for. Error: it could not be written
/// down; then nothing of it was removed.
Result<std::uint64_t> remove_step(const Request& request, Host& host, Journal& journal, std::vector<Work>& works,
                                  Step step, Stages& stages, Report& report)
{
    const std::int64_t before = last_store(journal);
    stages.next("writing down what will be removed, so that it can be put back");
    const auto left_out = record_plans(journal, step);
    if (!left_out) {
        return tl::unexpected<Error>(left_out.error());
    }
    if (!left_out->empty() &&
        std::all_of(step.begin(), step.end(), [](const auto& plan) { return plan.items() == 0; })) {
        return tl::unexpected<Error>(left_out->front());
    }
    report.problems.insert(report.problems.end(), left_out->begin(), left_out->end());
    const std::size_t problems_before = report.problems.size();
    std::uint64_t removed = 0;
    for (std::size_t i = 0; i < works.size(); ++i) {
        Work& work = works[i];
        if (step[i].items() == 0) {
            stages.skip();
            continue;
        }
        stages.next(fmt::format("removing from {} {}", work.adapter->label, work.profile.id));
        const auto problems = carry_out(
            journal, work.profile, [&] { return still_free(*work.adapter, work.profile, host); }, work.locks, before);
        report.problems.insert(report.problems.end(), problems.begin(), problems.end());
        removed += verify(work, step[i], host, report);
    }
    if (request.close && removed > 0 && report.problems.size() == problems_before) {
        const auto back = look_for_stragglers(step, host);
        report.problems.insert(report.problems.end(), back.begin(), back.end());
    }
    return removed;
}

bool lets_in(const Outcome& outcome)
{
    return outcome.after && !is_not_this_browser(*outcome.after, outcome.expect_status);
}

/// Erases the run, whose lock is released by that.
Result<void> erase(const Request& request, Result<Journal>& journal)
{
    const std::string id = journal->id();
    journal = fail(Code::io, "", "");
    return erase_run(request.state_dir, id);
}

/// Removes step by step, asking the site after each, until it answers or nothing is left. One run, undone as one.
void remove_all(const Request& request, Host& host, std::vector<Work>& works, const std::vector<Step>& steps,
                Stages& stages, Report& report, Outcome& outcome)
{
    auto journal = Journal::create(request.state_dir, request.site->name(), host.now(), &host);
    if (!journal) {
        report.problems.push_back(journal.error());
        return;
    }
    const std::size_t problems_before = report.problems.size();
    std::size_t done_steps = 0;
    while (done_steps < steps.size() && !lets_in(outcome) && report.problems.size() == problems_before) {
        if (done_steps > 0) {
            stages.expect(stages_of_step(request, works.size()));
        }
        const auto removed = remove_step(request, host, *journal, works, steps[done_steps], stages, report);
        if (!removed) {
            report.problems.push_back(removed.error());
            break;
        }
        ++done_steps;
        report.run = journal->id();
        outcome.removed += *removed;
        if (done_steps == steps.size()) {  // a browser may start while the site is asked for the last time
            release(works);
        }
        if (request.retest == Retest::http && outcome.removed > 0) {
            stages.next("asking the site again");
            outcome.after = report.after = probe(host, request.site->target().text(), request.probe);
        }
    }
    for (std::size_t i = done_steps; i < steps.size(); ++i) {
        for (const ProfilePlan& plan : steps[i]) {
            outcome.spared += plan.items();
        }
    }
    if (report.run.empty()) {
        (void)erase(request, journal);
        return;
    }
    if (auto done = journal->set_state(Journal::State::done); !done) {
        report.problems.push_back(done.error());
    }
    if (request.no_undo) {
        if (auto erased = erase(request, journal); erased) {
            report.run.clear();
        } else {
            report.problems.push_back(erased.error());
        }
    }
}

std::vector<ProfilePlan> plans_of(const std::vector<Work>& works)
{
    std::vector<ProfilePlan> plans;
    for (const Work& work : works) {
        plans.push_back(work.plan);
    }
    return plans;
}

/// With --stale, leaves only what the chosen findings name in the plans.
void narrow(const Request& request, std::vector<Work>& works, Report& report)
{
    if (!request.rules.empty()) {
        std::erase_if(report.findings,
                      [&](const Finding& finding) { return !request.rules.contains(std::string(finding.rule)); });
    }
    auto plans = only(plans_of(works), named_by(report.findings));
    for (std::size_t i = 0; i < works.size(); ++i) {
        works[i].plan = std::move(plans[i]);
    }
}

}  // namespace

void fix(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report)
{
    tidy_runs(request, host, report);
    Outcome outcome;
    outcome.expect_status = request.probe.expect_status;
    outcome.dry_run = request.dry_run;
    outcome.stale = request.stale;
    const auto discovery = discover_for(request, host, adapters);
    if (!discovery) {
        refuse(report, discovery.error());
        return;
    }
    report.problems.insert(report.problems.end(), discovery->problems.begin(), discovery->problems.end());
    Stages stages(console, stages_of(request, discovery->profiles.size()));
    if (request.retest == Retest::http) {
        ask_site(request, host, stages, report);
        outcome.before = report.before;
        if (is_not_this_browser(*outcome.before, outcome.expect_status)) {
            // Only what findings name may go then, and only if the user said so beforehand.
            outcome.all_the_same = request.stale && (request.yes || request.dry_run);
            if (!outcome.all_the_same) {
                conclude_fix(report, outcome);
                if (outcome.before->error_code == "dns") {
                    note_word(*request.site, report);
                    suggest_near_miss(*request.site, discovery->profiles, report);
                }
                return;
            }
        }
    }
    Closing closing{request.close && !request.dry_run};
    auto works = hold_and_plan(request, host, discovery->profiles, closing, stages, report);
    report.findings = find_causes({plans_of(works), *request.site, report.before, host.now(), fix_command(request),
                                   cookies_elsewhere(*request.site, report.before, discovery->profiles)});
    const auto steps = [&]() -> std::vector<Step> {
        const auto plans = plans_of(works);
        return request.escalate ? escalation(plans, report.findings) : std::vector<Step>{plans};
    };
    if (request.stale) {
        narrow(request, works, report);
    }
    outcome.found = add_plans(works, report);
    const bool wanted = outcome.found > 0 && !request.dry_run;
    const bool may_go_on = !wanted || agreed(request, host, console, stages, works, report);
    if (wanted && may_go_on) {
        remove_all(request, host, works, steps(), stages, report, outcome);
    }
    if (request.reopen) {
        release(works);
        outcome.browser_runs = start_again(closing, host, report.problems) > 0;
    }
    if (!may_go_on) {
        return;
    }
    conclude_fix(report, outcome);
    note_no_profiles(request, *discovery, report);
    if (outcome.found == 0 && !request.stale) {
        suggest_near_miss(*request.site, discovery->profiles, report);
    }
}

}  // namespace unstick::commands
