#include "../hold.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void test(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report)
{
    Stages stages(console, 1);
    ask_site(request, host, stages, report);
    if (request.retest == Retest::browser) {
        const auto discovery = discover_for(request, host, adapters);
        if (!discovery) {
            refuse(report, discovery.error());
            return;
        }
        OwnBrowsers browsers(request, host, stages);
        for (const auto& [adapter, profile] : discovery->profiles) {
            const ProfilePlan plan = plan_profile(*adapter, profile, *request.site, request.kinds);
            if (plan.items() > 0) {
                report.profiles.push_back(report_of(*adapter, profile, use_of(*adapter, profile, host)));
                browsers.hold_and_copy(*adapter, profile, report);
            }
        }
        browsers.visit(Moment::before, report);
    }
    conclude_test(report, report.browser_before ? *report.browser_before : *report.before, request.probe.expect_status);
}

}  // namespace unstick::commands
