#include "run.h"

#include <array>
#include <set>

#include "browser_copy.h"
#include "commands/commands.h"
#include "journal.h"

namespace unstick {

namespace {

/// Two stores may lie in one file: what is wrong with it is said once.
void say_once(std::vector<Error>& problems)
{
    std::set<std::array<std::string, 3>> said;
    std::erase_if(problems, [&](const Error& problem) {
        return !said.insert({problem.where, problem.what, problem.hint}).second;
    });
}

void dispatch(Job& job)
{
    switch (job.request.command) {
        case Command::fix:
            return commands::fix(job);
        case Command::why:
            return commands::why(job);
        case Command::undo:
            return commands::undo(job);
        case Command::runs:
            return commands::runs(job);
        case Command::profiles:
            return commands::profiles(job);
        case Command::doctor:
            return commands::doctor(job);
        case Command::test:
            return commands::test(job);
    }
}

}  // namespace

Report run(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console)
{
    tidy_copies(request.state_dir);
    Report report;
    report.command = name_of(request.command);
    report.dry_run = request.dry_run;
    report.begun_at = host.now();
    report.site = request.site ? request.site->name() : "";
    try {
        Job job{request, host, adapters, console, report};
        dispatch(job);
    } catch (JournalUnreadable& unreadable) {
        unreadable.error.hint = "run `unstick undo` once the disk is well: what was not done can still be put back";
        report.problems.push_back(unreadable.error);
        report.verdict = {request.command == Command::undo ? "not-restored" : "not-removed",
                          "The run was cut off: its journal cannot be read."};
        report.exit_code = Exit::partial;
    }
    say_once(report.problems);
    return report;
}

Report refusal(std::string_view command, const Error& error)
{
    Report report;
    report.command = command;
    refuse(report, error);
    return report;
}

}  // namespace unstick
