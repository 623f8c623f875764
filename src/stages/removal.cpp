#include "removal.h"

#include <fmt/format.h>

#include <algorithm>

#include "../apply.h"
#include "../text.h"
#include "../verdict.h"

namespace unstick {

namespace {

void add(std::vector<Error>& problems, const std::vector<Error>& more)
{
    problems.insert(problems.end(), more.begin(), more.end());
}

/// Looks again for what a step removed: what is still there was not removed, whatever the media said. Asks for the host
/// names of the whole plan: they are not in the profile any more.
std::uint64_t verify(Job& job, const ProfilePlan& whole, const ProfilePlan& step)
{
    auto& profiles = job.report.profiles;
    const auto shown = std::find_if(profiles.begin(), profiles.end(), [&](const ProfileReport& profile) {
        return profile.path == whole.profile.path.string() && !profile.in_use;
    });
    std::uint64_t removed = 0;
    std::size_t next = 0;  // reports are of the stores with items, in the order of the plan
    for (std::size_t i = 0; i < whole.stores.size(); ++i) {
        if (whole.stores[i].found.items.empty()) {
            continue;
        }
        StoreReport& store = shown->stores.at(next++);
        const StorePlan& planned = step.stores[i];
        if (planned.found.items.empty()) {
            continue;
        }
        const Found left = look_again(planned, whole.site, &job.host);
        add(job.report.problems, left.problems);
        const std::uint64_t count = planned.found.items.size();
        const std::uint64_t gone = count - std::min<std::uint64_t>(left.items.size(), count);
        store.removed += gone;
        removed += gone;
        if (!left.items.empty()) {
            job.report.problems.push_back(
                {Code::io, store.path,
                 fmt::format("{} of {} are still there", count_of(left.items.size(), "item", "items"), store.store),
                 "close every window of the browser and run unstick again"});
        }
    }
    return removed;
}

/// Writes a step down and makes that durable; what cannot be put back is left out of it, and named. Error: nothing of
/// it may be removed.
Result<void> write_down(Job& job, Journal& journal, Step& step)
{
    job.stages.next("writing down what will be removed, so that it can be put back");
    const auto left_out = record_plans(journal, step);
    if (!left_out) {
        return tl::unexpected<Error>(left_out.error());
    }
    const bool nothing_is_left =
        std::all_of(step.begin(), step.end(), [](const ProfilePlan& plan) { return plan.items() == 0; });
    if (!left_out->empty() && nothing_is_left) {
        return tl::unexpected<Error>(left_out->front());
    }
    add(job.report.problems, *left_out);
    return {};
}

/// Removes one step: written down first, then carried out, then looked for. Value: how many items are gone. Error: it
/// could not be written down; then nothing of it was removed.
Result<std::uint64_t> remove_step(Job& job, Journal& journal, std::span<HeldProfile> held, Step step)
{
    const std::int64_t before = last_store(journal);
    if (auto written = write_down(job, journal, step); !written) {
        return tl::unexpected<Error>(written.error());
    }
    std::vector<Error>& problems = job.report.problems;
    const std::size_t problems_before = problems.size();
    std::uint64_t removed = 0;
    for (std::size_t i = 0; i < held.size(); ++i) {
        const ProfilePlan& plan = held[i].plan;
        if (step[i].items() == 0) {
            job.stages.skip();
            continue;
        }
        job.stages.next(fmt::format("removing from {} {}", plan.adapter->label, plan.profile.id));
        const auto is_free = [&] { return still_free(*plan.adapter, plan.profile, job.host); };
        add(problems, carry_out(journal, plan.profile, is_free, held[i].locks, before));
        removed += verify(job, plan, step[i]);
    }
    if (job.request.close && removed > 0 && problems.size() == problems_before) {
        add(problems, look_for_stragglers(step, job.host));
    }
    return removed;
}

/// The re-test after something was removed: by the browsers that were copied, or else by a client that has nothing
/// stored.
const Probe& ask_again(Job& job, OwnBrowsers& browsers)
{
    Report& report = job.report;
    browsers.visit(Moment::after);
    if (report.browser_after) {
        job.stages.skip();
        return *report.browser_after;
    }
    job.stages.next("asking the site again");
    report.after = probe(job.host, job.request.site->target().text(), job.request.probe);
    return *report.after;
}

/// Asks once more with the cookies that are left, where the site refused those that were there. True if it still
/// refuses some.
bool refuses_the_rest(Job& job, std::span<const HeldProfile> held, const Probe& after)
{
    bool refused = false;
    for (CookieProbe& asked : job.report.with_cookies) {
        if (is_kept_out(asked.probe)) {
            const auto again =
                probe_with_cookies(job.host, job.request.site->target(), job.request.probe, held[asked.profile].plan);
            asked.after = again ? again->probe : after;
            refused = refused || is_kept_out(*asked.after);
        }
    }
    return refused;
}

bool lets_in(const Removal& removal, const Request& request)
{
    return removal.after && !removal.cookies_refused &&
           !is_not_this_browser(*removal.after, request.probe.expect_status);
}

/// Erases the run, whose lock is released by that.
Result<void> erase(const Request& request, Result<Journal>& journal)
{
    const std::string id = journal->id();
    journal = fail(Code::io, "", "");
    return erase_run(request.state_dir, id);
}

/// What becomes of the journal at the end: it is kept for undo, unless nothing was written down or nobody wants that.
void close_journal(Job& job, Result<Journal>& journal)
{
    Report& report = job.report;
    if (report.run.empty()) {
        (void)erase(job.request, journal);
        return;
    }
    if (auto done = journal->set_state(Journal::State::done); !done) {
        report.problems.push_back(done.error());
    }
    if (!job.request.no_undo) {
        return;
    }
    if (auto erased = erase(job.request, journal); erased) {
        report.run.clear();
    } else {
        report.problems.push_back(erased.error());
    }
}

}  // namespace

std::size_t stages_of_step(const Request& request, std::size_t profiles)
{
    // Writing down, removing, and asking the site again.
    return 1 + profiles + (request.retest != Retest::none ? 1 : 0);
}

Removal remove_in_steps(Job& job, std::span<HeldProfile> held, std::span<const Step> steps, OwnBrowsers& browsers)
{
    const Request& request = job.request;
    Report& report = job.report;
    Removal removal;
    auto journal = Journal::create(request.state_dir, request.site->name(), job.host.now(), &job.host);
    if (!journal) {
        report.problems.push_back(journal.error());
        return removal;
    }
    const std::size_t problems_before = report.problems.size();
    std::size_t done = 0;
    while (done < steps.size() && !lets_in(removal, request) && report.problems.size() == problems_before) {
        if (done > 0) {
            job.stages.expect(stages_of_step(request, held.size()));
        }
        const auto removed = remove_step(job, *journal, held, steps[done]);
        if (!removed) {
            report.problems.push_back(removed.error());
            break;
        }
        ++done;
        report.run = journal->id();
        removal.removed += *removed;
        const bool asks = request.retest != Retest::none && removal.removed > 0;
        if (asks && request.retest == Retest::browser) {
            copy_all(held, browsers);
        }
        if (done == steps.size()) {  // a browser may start while the site is asked for the last time
            release(held);
        }
        if (asks) {
            removal.after = ask_again(job, browsers);
            removal.cookies_refused = refuses_the_rest(job, held, *removal.after);
        }
    }
    for (const Step& step : steps.subspan(done)) {
        for (const ProfilePlan& plan : step) {
            removal.spared += plan.items();
        }
    }
    close_journal(job, journal);
    return removal;
}

}  // namespace unstick
