#include <fmt/format.h>

#include "../hold.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void why(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report)
{
    const auto discovery = discover_for(request, host, adapters);
    if (!discovery) {
        refuse(report, discovery.error());
        return;
    }
    report.problems = discovery->problems;
    Stages stages(console, discovery->profiles.size() + (request.retest == Retest::http ? 1 : 0));
    if (request.retest == Retest::http) {
        ask_site(request, host, stages, report);
    }
    std::set<Kind> kinds = all_kinds();
    kinds.erase(Kind::passwords);  // no rule is about them
    std::vector<ProfilePlan> inventory;
    std::uint64_t items = 0;
    // A profile is looked into whether a browser has it open or not: finders only read.
    for (const auto& [adapter, profile] : discovery->profiles) {
        stages.next(fmt::format("looking into {} {}", adapter->label, profile.id));
        inventory.push_back(plan_profile(*adapter, profile, *request.site, kinds, WholeCache::no, &host));
        add_plan(inventory.back(), report_of(*adapter, profile, use_of(*adapter, profile, host)), report);
        items += inventory.back().items();
    }
    const std::string command = fix_command(request);
    report.findings = find_causes({inventory, *request.site, report.before, host.now(), command,
                                   cookies_elsewhere(*request.site, report.before, discovery->profiles)});
    conclude_why(report, request.probe.expect_status, items);
    note_no_profiles(request, *discovery, report);
    if (items == 0) {
        suggest_near_miss(*request.site, discovery->profiles, report);
    }
    if (report.exit_code == Exit::wrong_found) {
        report.next.push_back("All of them at once: " + command + " --stale");
    }
}

}  // namespace unstick::commands
