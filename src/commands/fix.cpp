#include "../escalate.h"
#include "../stages/chosen_profiles.h"
#include "../stages/diagnosis.h"
#include "../stages/held_profiles.h"
#include "../stages/names.h"
#include "../stages/own_browsers.h"
#include "../stages/profile_reports.h"
#include "../stages/removal.h"
#include "../stages/retest.h"
#include "../stages/tidy_runs.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

namespace {

/// Of all that is to be done if there is something to remove; what --escalate adds is not known yet.
std::size_t stages_of(const Request& request, std::size_t profiles)
{
    const std::size_t looking = profiles + (request.retest != Retest::none ? 1 : 0);
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

/// A client that has nothing stored is refused too: the verdict, and what may have been meant instead.
void conclude_not_this_browser(Job& job, const Outcome& outcome, const Discovery& discovery)
{
    conclude_fix(job.report, outcome);
    if (outcome.before->error_code == "dns") {
        note_word(*job.request.site, job.report);
        suggest_near_miss(job, discovery.profiles);
    }
}

/// With --stale, leaves only what the chosen findings name in the plans.
void narrow(Job& job, std::vector<HeldProfile>& held)
{
    std::vector<Finding>& findings = job.report.findings;
    if (const auto& rules = job.request.rules; !rules.empty()) {
        std::erase_if(findings, [&](const Finding& finding) { return !rules.contains(std::string(finding.rule)); });
    }
    auto plans = only(plans_of(held), named_by(findings));
    for (std::size_t i = 0; i < held.size(); ++i) {
        held[i].plan = std::move(plans[i]);
    }
}

/// Shows what would be removed. Value: how many items that are.
std::uint64_t show_plans(const std::vector<HeldProfile>& held, Report& report)
{
    std::uint64_t items = 0;
    for (const auto& [plan, locks] : held) {
        add_plan(plan, report_of(*plan.adapter, plan.profile), report);
        items += plan.items();
    }
    return items;
}

std::vector<Step> steps_of(const Job& job, const std::vector<HeldProfile>& held)
{
    const auto plans = plans_of(held);
    return job.request.escalate ? escalation(plans, job.report.findings) : std::vector<Step>{plans};
}

void add(const Removal& removal, Outcome& outcome)
{
    outcome.removed = removal.removed;
    outcome.spared = removal.spared;
    outcome.after = removal.after;
    outcome.cookies_refused = removal.cookies_refused;
}

}  // namespace

void fix(Job& job)
{
    const Request& request = job.request;
    Report& report = job.report;
    tidy_runs(job);
    const auto discovery = discover_for(job);
    if (!discovery) {
        return;
    }
    report.problems.insert(report.problems.end(), discovery->problems.begin(), discovery->problems.end());
    flush_names(job);
    job.stages.expect(stages_of(request, discovery->profiles.size()));

    Outcome outcome;
    outcome.expect_status = request.probe.expect_status;
    outcome.dry_run = request.dry_run;
    outcome.stale = request.stale;
    if (request.retest != Retest::none) {
        ask_site(job);
        outcome.before = report.before;
        if (is_not_this_browser(*outcome.before, outcome.expect_status)) {
            // Only what findings name may go then, and only if the user said so beforehand.
            outcome.all_the_same = request.stale && (request.yes || request.dry_run);
            if (!outcome.all_the_same) {
                conclude_not_this_browser(job, outcome, *discovery);
                return;
            }
        }
    }

    Closing closing{request.close && !request.dry_run};
    auto held = hold_and_plan(job, discovery->profiles, closing);
    diagnose(job, plans_of(held), discovery->profiles);
    if (request.stale) {
        narrow(job, held);
    }
    outcome.found = show_plans(held, report);
    OwnBrowsers browsers(job);
    if (request.retest == Retest::browser) {
        copy_all(held, browsers);
        browsers.visit(Moment::before);
        outcome.browser_before = report.browser_before;
    }

    const bool wanted = outcome.found > 0 && !request.dry_run;
    const bool may_go_on = !wanted || agreed(job, held);
    if (wanted && may_go_on) {
        add(remove_in_steps(job, held, steps_of(job, held), browsers), outcome);
    }
    if (request.reopen) {
        release(held);
        outcome.browser_runs = start_again(closing, job.host, report.problems) > 0;
    }
    if (!may_go_on) {
        return;
    }

    conclude_fix(report, outcome);
    note_no_profiles(job, *discovery);
    if (outcome.found == 0 && !request.stale) {
        suggest_near_miss(job, discovery->profiles);
    }
}

}  // namespace unstick::commands
