#include <fmt/format.h>

#include "../hold.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

namespace {

/// Looks into a profile whether a browser has it open or not: finders only read.
ProfilePlan look(const Request& request, const Host& host, const Discovered& found, const std::set<Kind>& kinds,
                 Report& report)
{
    ProfileReport shown = report_of(*found.adapter, found.profile);
    const Use use = use_of(*found.adapter, found.profile, host);
    shown.in_use = use.state != Use::State::free;
    shown.use = use.what;
    ProfilePlan plan = plan_profile(*found.adapter, found.profile, *request.site, kinds);
    for (const StorePlan& store : plan.stores) {
        report.problems.insert(report.problems.end(), store.found.problems.begin(), store.found.problems.end());
        if (!store.found.items.empty()) {
            shown.stores.push_back(report_of(store, found.profile));
        }
    }
    if (!shown.stores.empty()) {
        report.profiles.push_back(std::move(shown));
    }
    return plan;
}

}  // namespace

void why(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report)
{
    const auto discovery = discover_for(request, host, adapters);
    if (!discovery) {
        refuse(report, discovery.error());
        return;
    }
    report.problems = discovery->problems;
    if (request.retest == Retest::http) {
        const std::string target = request.site->target().text();
        report.target = shown_url(target);
        say(console, "asking " + report.target + " as a client that has nothing stored");
        report.before = probe(host, target, request.probe);
    }
    std::set<Kind> kinds = all_kinds();
    kinds.erase(Kind::passwords);  // no rule is about them
    std::vector<ProfilePlan> inventory;
    std::uint64_t items = 0;
    for (const Discovered& found : discovery->profiles) {
        say(console, fmt::format("looking into {} {}", found.adapter->label, found.profile.id));
        inventory.push_back(look(request, host, found, kinds, report));
        items += inventory.back().items();
    }
    const std::string command = fix_command(request);
    report.findings = find_causes({inventory, *request.site, report.before, host.now(), command});
    conclude_why(report, request.probe.expect_status, items);
    if (report.exit_code == Exit::wrong_found) {
        report.next.push_back("All of them at once: " + command + " --stale");
    }
}

}  // namespace unstick::commands
