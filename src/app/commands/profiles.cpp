#include "app/chosen_profiles.h"
#include "app/commands/commands.h"
#include "app/plan_each.h"
#include "app/profile_reports.h"
#include "base/text.h"
#include "report/verdict.h"

namespace unstick::commands {

namespace {

std::vector<Survey> surveys_of(const Context& context, std::span<const Discovered> profiles)
{
    std::vector<Survey> surveys;
    context.stages.expect(profiles.size());
    const auto look = [&](std::size_t number) { return plan_of_survey(profiles[number]); };
    for (const ProfilePlan& plan : plan_each(profiles, look, &context.stages)) {
        surveys.push_back(survey_of(plan, context.host));
    }
    return surveys;
}

Conclusion conclude_list(const std::vector<ProfileReport>& profiles, const std::vector<Error>& problems)
{
    if (profiles.empty()) {
        return {{"listed", "No browser profile was found."},
                exit_of_problems(problems, true),
                {"A browser's data folder at another place: unstick profiles --user-data-dir DIR"}};
    }
    return {{"listed", count_of(profiles.size(), "profile", "profiles") + " found."}, exit_of_problems(problems, true)};
}

}  // namespace

Report profiles(const Context& context)
{
    const auto discovery = discover_for(context);
    if (!discovery) {
        return refused(report_begun(context), discovery.error());
    }
    Report report = report_begun(context);
    report.next = advice_on(context, *discovery);
    report.problems = discovery->problems;
    for (Survey& survey : surveys_of(context, discovery->profiles)) {
        append(report.problems, survey.problems);
        report.profiles.push_back(std::move(survey.profile));
    }
    return concluded(report, conclude_list(report.profiles, report.problems));
}

}  // namespace unstick::commands
