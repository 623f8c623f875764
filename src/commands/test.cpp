#include "../hold.h"
#include "../sign_in.h"
#include "../stages/chosen_profiles.h"
#include "../stages/names.h"
#include "../stages/own_browsers.h"
#include "../stages/profile_reports.h"
#include "../stages/retest.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

namespace {

/// --user: asks for the password only if the site asks for one and it may be sent. False: the report says why nothing
/// was sent.
bool check_password(Job& job)
{
    const Request& request = job.request;
    Report& report = job.report;
    const auto plan = plan_sign_in(*report.before, request.site->target(), request.plain_password);
    if (!plan) {
        refuse(report, plan.error());
        return false;
    }
    if (!job.console.ask_password) {
        refuse(report, {Code::usage, "--user", "nobody is there to type the password",
                        "run it on a terminal, or give the password on standard input with --password-stdin"});
        return false;
    }
    auto password = job.console.ask_password("Password of " + printable(request.user) + " for " +
                                             printable(plan->realm.empty() ? plan->host : plan->realm));
    if (!password) {
        report.verdict = {"cancelled", "Cancelled. No password was sent."};
        report.exit_code = Exit::cancelled;
        return false;
    }
    report.sign_in = sign_in(job.host, *plan, request.user, std::move(*password), request.probe);
    return true;
}

}  // namespace

void test(Job& job)
{
    const Request& request = job.request;
    Report& report = job.report;
    flush_names(job);
    job.stages.expect(1);
    ask_site(job);
    if (request.retest == Retest::browser) {
        const auto discovery = discover_for(job);
        if (!discovery) {
            return;
        }
        OwnBrowsers browsers(job);
        for (const auto& [adapter, profile] : discovery->profiles) {
            const ProfilePlan plan = plan_profile(*adapter, profile, *request.site, request.kinds);
            if (plan.items() > 0) {
                report.profiles.push_back(report_of(*adapter, profile, use_of(*adapter, profile, job.host)));
                browsers.hold_and_copy(*adapter, profile);
            }
        }
        browsers.visit(Moment::before);
    }
    if (request.user.empty() || answer_of(*report.before, {}) != Answer::challenge) {
        conclude_test(report, report.browser_before ? *report.browser_before : *report.before,
                      request.probe.expect_status);
        if (!request.user.empty()) {
            report.next.emplace_back(
                "No password was asked for: the site does not ask for one itself, or only on a page.");
        }
    } else if (check_password(job)) {
        conclude_sign_in(report, *report.sign_in);
    }
}

}  // namespace unstick::commands
