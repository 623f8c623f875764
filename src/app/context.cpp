#include "app/context.h"

namespace unstick {

void Stages::next(const std::string& what)
{
    now(what);
    ++begun_;
}

void Stages::now(const std::string& what) const
{
    if (console_.progress) {
        console_.progress({.what = what, .done = begun_, .total = total_});
    }
}

Report report_begun(const Context& context)
{
    const Request& request = context.request;
    Report report;
    report.command = name_of(request.command);
    report.dry_run = request.dry_run;
    report.begun_at = context.begun_at;
    report.site = request.site ? request.site->name() : "";
    report.next = request.notes;
    report.undo_options = request.undo_options;
    return report;
}

Result<bool> confirmed(const Context& context, const Report& plan)
{
    if (context.request.yes) {
        return true;
    }
    if (!context.console.confirm) {
        return fail(Code::usage, plan.command, "cannot ask here: no terminal, and --yes was not given",
                    context.request.command == Command::fix
                        ? "run it on a terminal, or add --yes; --dry-run shows what would be removed"
                        : "run it on a terminal, or add --yes");
    }
    return context.console.confirm(plan);
}

}  // namespace unstick
