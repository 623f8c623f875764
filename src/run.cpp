#include "run.h"

#include "commands/commands.h"

namespace unstick {

Report run(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console)
{
    Report report;
    report.command = name_of(request.command);
    report.dry_run = request.dry_run;
    report.site = request.site ? request.site->name() : "";
    switch (request.command) {
        case Command::fix:
            commands::fix(request, host, adapters, console, report);
            break;
        case Command::why:
            commands::why(request, host, adapters, console, report);
            break;
        case Command::undo:
            commands::undo(request, host, adapters, console, report);
            break;
        case Command::runs:
            commands::runs(request, host, report);
            break;
        case Command::profiles:
            commands::profiles(request, host, adapters, report);
            break;
        case Command::doctor:
            commands::doctor(request, host, adapters, report);
            break;
        case Command::test:
            commands::test(request, host, report);
            break;
    }
    return report;
}

Report refusal(std::string_view command, const Error& error)
{
    Report report;
    report.command = command;
    commands::refuse(report, error);
    return report;
}

}  // namespace unstick
