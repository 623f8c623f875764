#include "../hold.h"
#include "../sign_in.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

namespace {

/// --user: asks for the password only if the site asks for one and it may be sent. False: the report says why nothing
/// was sent.
bool check_password(const Request& request, Host& host, const Console& console, Report& report)
{
    const auto plan = plan_sign_in(*report.before, request.site->target(), request.plain_password);
    if (!plan) {
        refuse(report, plan.error());
        return false;
    }
    if (!console.ask_password) {
        refuse(report, {Code::usage, "--user", "nobody is there to type the password",
                        "run it on a terminal, or give the password on standard input with --password-stdin"});
        return false;
    }
    auto password = console.ask_password("Password of " + printable(request.user) + " for " +
                                         printable(plan->realm.empty() ? plan->host : plan->realm));
    if (!password) {
        report.verdict = {"cancelled", "Cancelled. No password was sent."};
        report.exit_code = Exit::cancelled;
        return false;
    }
    report.sign_in = sign_in(host, *plan, request.user, std::move(*password), request.probe);
    return true;
}

}  // namespace

void test(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report)
{
    flush_names(request, host, report);
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
    if (request.user.empty() || answer_of(*report.before, {}) != Answer::challenge) {
        conclude_test(report, report.browser_before ? *report.browser_before : *report.before,
                      request.probe.expect_status);
        if (!request.user.empty()) {
            report.next.emplace_back(
                "No password was asked for: the site does not ask for one itself, or only on a page.");
        }
    } else if (check_password(request, host, console, report)) {
        conclude_sign_in(report, *report.sign_in);
    }
}

}  // namespace unstick::commands
