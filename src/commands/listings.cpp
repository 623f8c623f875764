#include <fmt/format.h>

#include "../hold.h"
#include "../journal.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void runs(const Request& request, const Host& host, Report& report)
{
    const auto known = list_runs(request.state_dir);
    if (!known) {
        refuse(report, known.error());
        return;
    }
    const auto age = request.older_than.count();
    for (const RunSummary& run : *known) {
        if (!request.purge || (age > 0 && run.when + age > host.now())) {
            report.runs.push_back(run);
            continue;
        }
        if (auto erased = erase_run(request.state_dir, run.id); !erased) {
            report.runs.push_back(run);
            report.problems.push_back(erased.error());
        } else {
            ++report.purged;
        }
    }
    report.exit_code = exit_of_problems(report.problems, true);
    report.verdict = request.purge ? Verdict{"purged", count_of(report.purged, "run was", "runs were") + " erased."}
                                   : Verdict{"listed", report.runs.empty() ? "There is no run that can be undone."
                                                                           : "Undo one with: unstick undo RUN"};
}

void profiles(const Request& request, const Host& host, std::span<const Adapter> adapters, const Console& console,
              Report& report)
{
    const auto discovery = discover_for(request, host, adapters);
    if (!discovery) {
        refuse(report, discovery.error());
        return;
    }
    report.problems = discovery->problems;
    Stages stages(console, discovery->profiles.size());
    for (const Discovered& found : discovery->profiles) {
        stages.next(fmt::format("looking into {} {}", found.adapter->label, found.profile.id));
        report.profiles.push_back(survey_of(found, host, report.problems));
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
