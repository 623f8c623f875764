#include <fmt/format.h>

#include "../stages/chosen_profiles.h"
#include "../stages/profile_reports.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void profiles(Job& job)
{
    Report& report = job.report;
    const auto discovery = discover_for(job);
    if (!discovery) {
        return;
    }
    report.problems = discovery->problems;
    job.stages.expect(discovery->profiles.size());
    for (const Discovered& found : discovery->profiles) {
        job.stages.next(fmt::format("looking into {} {}", found.adapter->label, found.profile.id));
        report.profiles.push_back(survey_of(found, job.host, report.problems));
    }
    report.exit_code = exit_of_problems(report.problems, true);
    report.verdict = {"listed", report.profiles.empty()
                                    ? "No browser profile was found."
                                    : count_of(report.profiles.size(), "profile", "profiles") + " found."};
    if (report.profiles.empty()) {
        report.next.emplace_back("A browser's data folder at another place: unstick profiles --user-data-dir DIR");
    }
}

}  // namespace unstick::commands
