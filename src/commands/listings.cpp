#include <fmt/format.h>

#include "../hold.h"
#include "../journal.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void runs(const Request& request, const Host& host, Report& report)
{
    const auto age = request.older_than.count();
    for (const RunSummary& run : list_runs(request.state_dir)) {
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

void profiles(const Request& request, const Host& host, std::span<const Adapter> adapters, Report& report)
{
    const auto discovery = discover_for(request, host, adapters);
    if (!discovery) {
        refuse(report, discovery.error());
        return;
    }
    report.problems = discovery->problems;
    for (const auto& [adapter, profile] : discovery->profiles) {
        ProfileReport shown = report_of(*adapter, profile, use_of(*adapter, profile, host));
        // A scope that owns nothing: what is left is which stores there are and whether they are known.
        const ProfilePlan plan = plan_profile(*adapter, profile, Site(), all_kinds());
        for (const StorePlan& store : plan.stores) {
            shown.stores.push_back(report_of(store, profile));
            report.problems.insert(report.problems.end(), store.found.problems.begin(), store.found.problems.end());
        }
        report.profiles.push_back(std::move(shown));
    }
    report.exit_code = exit_of_problems(report.problems, true);
    report.verdict = {"listed", report.profiles.empty()
                                    ? "No browser profile was found."
                                    : count_of(report.profiles.size(), "profile", "profiles") + " found."};
}

}  // namespace unstick::commands
