#include "tidy_runs.h"

#include "../journal.h"
#include "../media/medium.h"

namespace unstick {

void tidy_runs(Job& job)
{
    const fs::path& state_folder = job.request.state_dir;
    const auto runs = list_runs(state_folder);
    if (!runs) {
        job.report.problems.push_back(runs.error());
        return;
    }
    for (const RunSummary& run : *runs) {
        if (run.state == "preparing" || (run.when > 0 && run.when + keep_runs_for_s < job.host.now())) {
            (void)erase_run(state_folder, run.id);  // locked: another unstick works on it
            continue;
        }
        if (run.state != "applying" && run.state != "undoing") {
            continue;
        }
        if (auto journal = Journal::open(state_folder, run.id); journal) {
            media::tidy(*journal);
            job.report.problems.push_back({Code::changed, run.id,
                                           "an earlier run on " + run.site + " was cut off before it was complete",
                                           "put everything back as it was with: unstick undo " + run.id});
        }
    }
}

}  // namespace unstick
