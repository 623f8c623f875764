#include "../journal.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void runs(Job& job)
{
    const Request& request = job.request;
    Report& report = job.report;
    const auto known = list_runs(request.state_dir);
    if (!known) {
        refuse(report, known.error());
        return;
    }
    const auto age = request.older_than.count();
    for (const RunSummary& run : *known) {
        if (!request.purge || (age > 0 && run.when + age > job.host.now())) {
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

}  // namespace unstick::commands
