#include "app/browser_retest.h"
#include "app/chosen_profiles.h"
#include "app/commands/commands.h"
#include "app/dns.h"
#include "app/plan_each.h"
#include "app/profile_reports.h"
#include "app/retest.h"
#include "base/text.h"
#include "inventory/profile_lock.h"
#include "net/sign_in.h"
#include "report/verdict.h"

namespace unstick::commands {

namespace {

/// --user: asks for the password only if the site asks for one and it may be sent. None: the user gave no password.
/// Errors: why nothing was sent.
Result<std::optional<SignInCheck>> check_password(const Context& context, const Probe& met)
{
    const Request& request = context.request;
    TRY_ASSIGN(const auto plan, plan_sign_in(met, target_of(request, met), request.plain_password));
    if (!context.console.ask_password) {
        return fail(Code::usage, "--user", "nobody is there to type the password",
                    "run it on a terminal, or give the password on standard input with --password-stdin");
    }
    auto password = context.console.ask_password("Password of " + printable(request.user) + " for " +
                                                 printable(plan.realm.empty() ? plan.host : plan.realm));
    if (!password) {
        return std::nullopt;
    }
    return sign_in(context.host, plan, request.user, std::move(*password), request.probe);
}

/// The profiles that hold something of the site, and what their own browsers met.
struct Asked {
    std::vector<ProfileReport> profiles;
    std::optional<Probe> decisive;
    std::vector<Error> problems;
};

Asked ask_browsers(const Context& context, std::span<const Discovered> profiles, const Probe& clean)
{
    const Request& request = context.request;
    Asked asked;
    RetestBrowsers browsers(context, clean);
    const auto look = [&](std::size_t number) {
        return plan_profile(*profiles[number].adapter, profiles[number].profile, *request.site, request.kinds);
    };
    for (const ProfilePlan& plan : plan_each(profiles, look)) {
        if (plan.items() > 0) {
            const LockState use = lock_state_of(*plan.adapter, plan.profile, context.host);
            asked.profiles.push_back(report_of(*plan.adapter, plan.profile, use));
            browsers.hold_and_copy(asked.profiles.size() - 1, *plan.adapter, plan.profile);
        }
    }
    const Visits visits = browsers.visit();
    for (const auto& [number, met] : visits.each) {
        asked.profiles.at(number).before = met;
    }
    asked.decisive = visits.decisive;
    asked.problems = browsers.problems();
    return asked;
}

/// What the stages of a `test` returned.
struct TestResult {
    FlushedNames flushed = {};
    SiteAnswer first = {};
    Asked asked = {};
    std::optional<SignInCheck> sign_in = {};
};

Report report_of(const Context& context, const TestResult& test)
{
    Report report = report_begun(context);
    report.target = shown_url(test.first.met.asked);
    report.next = test.first.notes;
    report.dns = test.flushed.names;
    report.problems = test.flushed.problems;
    report.before = test.first.met;
    report.profiles = test.asked.profiles;
    report.browser_before = test.asked.decisive;
    report.retest_problems = test.asked.problems;
    report.sign_in = test.sign_in;
    return report;
}

/// Of a test without a password: --user was not given, or the site asks for none that could be sent.
Report without_password(const Context& context, const TestResult& test)
{
    const Request& request = context.request;
    Report report = report_of(context, test);
    Conclusion end =
        conclude_test(test.asked.decisive.value_or(test.first.met), request.probe.expect_status, report.problems);
    if (!request.user.empty()) {
        end.next.emplace_back("No password was asked for: the site does not ask for one itself, or only on a page.");
    }
    return concluded(std::move(report), std::move(end));
}

/// The profiles matter where a browser may be told to use another scheme than was typed, and if browsers are to ask.
bool needs_profiles(const Request& request)
{
    return request.retest == Retest::browser || !request.site->has_scheme() || request.site->target().scheme == "http";
}

}  // namespace

Report test(const Context& context)
{
    const Request& request = context.request;
    TestResult test{.flushed = flush_names(request, context.host)};
    context.stages.expect(1);
    const auto discovery = needs_profiles(request) ? discover_for(context) : Result<Discovery>();
    if (!discovery) {
        return refused(report_begun(context), discovery.error());
    }
    test.first = ask_site(context, discovery->profiles);
    if (request.retest == Retest::browser) {
        test.asked = ask_browsers(context, discovery->profiles, test.first.met);
    }
    if (request.user.empty() || answer_of(test.first.met, {}) != Answer::challenge) {
        return without_password(context, test);
    }
    auto checked = check_password(context, test.first.met);
    if (!checked) {
        return refused(report_of(context, test), checked.error());
    }
    test.sign_in = std::move(*checked);
    Report report = report_of(context, test);
    return concluded(report, conclude_sign_in(test.sign_in, report.site, report.problems));
}

}  // namespace unstick::commands
