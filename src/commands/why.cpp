#include <fmt/format.h>

#include "../hold.h"
#include "../stages/chosen_profiles.h"
#include "../stages/diagnosis.h"
#include "../stages/names.h"
#include "../stages/own_browsers.h"
#include "../stages/profile_reports.h"
#include "../stages/retest.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void why(Job& job)
{
    const Request& request = job.request;
    Host& host = job.host;
    Report& report = job.report;
    const auto discovery = discover_for(job);
    if (!discovery) {
        return;
    }
    report.problems = discovery->problems;
    flush_names(job);
    job.stages.expect(discovery->profiles.size() + (request.retest != Retest::none ? 1 : 0));
    if (request.retest != Retest::none) {
        ask_site(job);
    }
    std::set<Kind> kinds = all_kinds();
    kinds.erase(Kind::passwords);  // no rule is about them
    std::vector<ProfilePlan> inventory;
    std::uint64_t items = 0;
    std::optional<OwnBrowsers> browsers;
    if (request.retest == Retest::browser) {
        browsers.emplace(job);
    }
    // A profile is looked into whether a browser has it open or not: finders only read.
    for (const auto& [adapter, profile] : discovery->profiles) {
        job.stages.next(fmt::format("looking into {} {}", adapter->label, profile.id));
        inventory.push_back(plan_profile(*adapter, profile, *request.site, kinds, WholeCache::no, &host));
        add_plan(inventory.back(), report_of(*adapter, profile, use_of(*adapter, profile, host)), report);
        items += inventory.back().items();
        if (browsers && inventory.back().items() > 0) {
            browsers->hold_and_copy(*adapter, profile);
        }
    }
    if (browsers) {
        browsers->visit(Moment::before);
    }
    diagnose(job, inventory, discovery->profiles);
    conclude_why(report, request.probe.expect_status, items);
    note_no_profiles(job, *discovery);
    if (items == 0) {
        suggest_near_miss(job, discovery->profiles);
    }
    if (!named_by(report.findings).empty()) {
        report.next.push_back("All of them at once: " + fix_command(request) + " --stale");
    }
}

}  // namespace unstick::commands
