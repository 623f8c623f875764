#include "job.h"

namespace unstick {

void Stages::next(const std::string& what)
{
    if (console_.progress) {
        console_.progress({what, begun_, total_});
    }
    ++begun_;
}

void refuse(Report& report, const Error& error)
{
    report.problems.push_back(error);
    report.verdict = {"refused-input", error.what};
    report.exit_code = error.code == Code::usage || error.code == Code::not_found ? Exit::usage
                       : error.code == Code::locked                               ? Exit::in_use
                       : error.code == Code::denied                               ? Exit::denied
                                                                                  : Exit::partial;
}

bool confirmed(Job& job)
{
    if (job.request.yes) {
        return true;
    }
    if (!job.console.confirm) {
        refuse(job.report, {Code::usage, job.report.command, "nobody is there to confirm, and --yes was not given",
                            job.request.command == Command::fix
                                ? "run it on a terminal, or add --yes; --dry-run shows what would be removed"
                                : "run it on a terminal, or add --yes"});
        return false;
    }
    if (!job.console.confirm(job.report)) {
        job.report.verdict = {"cancelled", "Cancelled. Nothing was changed."};
        job.report.exit_code = Exit::cancelled;
        return false;
    }
    return true;
}

}  // namespace unstick
