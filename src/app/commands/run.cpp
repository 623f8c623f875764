#include "app/commands/run.h"

#include <algorithm>
#include <array>
#include <set>

#include "app/commands/commands.h"
#include "journal/journal.h"
#include "platform/machine.h"
#include "platform/private_folder.h"
#include "platform/trust.h"
#include "report/verdict.h"

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

/// What was denied: the command that gives the right, and another place for runs.
void say_what_helps(std::vector<Error>& problems, const fs::path& state_dir)
{
    for (Error& problem : problems) {
        const fs::path where = problem.where;
        if (problem.code != Code::denied || !where.is_absolute()) {
            continue;
        }
        const bool is_of_runs = is_at_or_below(where, state_dir) || is_at_or_below(state_dir, where);
        if (const std::string command = trust::command_for_rights(where); !command.empty()) {
            problem.hint =
                (command.starts_with("sudo") ? "it belongs to root: was a program started with sudo? This gives "
                                               "it back: "
                                             : "you may not change it; this gives you the right: ") +
                command;
        }
        if (is_of_runs && problem.hint.find("--state-dir") == std::string::npos) {
            problem.hint += (problem.hint.empty() ? "" : "; or ") + std::string("keep runs elsewhere: --state-dir DIR");
        }
    }
}

/// What has to be confirmed is refused before any work where nobody can be asked.
bool lacks_consent(const Request& request, const Console& console)
{
    return request.command == Command::fix && !request.dry_run && !request.yes && !console.confirm;
}

Report dispatch(const Context& context)
{
    switch (context.request.command) {
        case Command::fix:
            return commands::fix(context);
        case Command::why:
            return commands::why(context);
        case Command::undo:
            return commands::undo(context);
        case Command::runs:
            return commands::runs(context);
        case Command::profiles:
            return commands::profiles(context);
        case Command::scan:
            return commands::scan(context);
        case Command::doctor:
            return commands::doctor(context);
        case Command::test:
            break;
    }
    return commands::test(context);
}

/// A journal that cannot be read any more ends a command in its midst.
Report dispatch_or_cut_off(const Context& context)
{
    try {
        return dispatch(context);
    } catch (const JournalUnreadable& unreadable) {
        return cut_off(report_begun(context), unreadable.error);
    }
}

/// Runs, or copies of profiles.
bool keeps_something(const Request& request)
{
    constexpr std::array keeping{Command::fix, Command::undo, Command::runs, Command::doctor};
    return request.retest == Retest::browser ||
           std::find(keeping.begin(), keeping.end(), request.command) != keeping.end();
}

/// Is a page asked for in any case, whatever is found?
bool asks_the_site(const Request& request)
{
    constexpr std::array asking{Command::fix, Command::why, Command::test};
    return std::find(asking.begin(), asking.end(), request.command) != asking.end() &&
           (request.command == Command::test || request.retest != Retest::none);
}

}  // namespace

Report run(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console)
{
    Stages stages(console);
    const Context context{.request = request,
                          .host = host,
                          .adapters = adapters,
                          .console = console,
                          .stages = stages,
                          .begun_at = host.now()};
    if (request.state_dir.empty() && keeps_something(request)) {
        return refused(report_begun(context),
                       {Code::usage, "--state-dir", "no home folder is known in which runs could be kept",
                        "name a folder for them: --state-dir DIR"});
    }
    if (lacks_consent(request, console)) {
        return refused(report_begun(context), confirmed(context, report_begun(context)).error());
    }
    if (const auto ready = asks_the_site(request) ? host.can_ask() : Result<void>(); !ready) {
        return refused(report_begun(context), ready.error());
    }
    const fs::path copies = request.state_dir.empty() ? fs::path() : request.state_dir / "copies";
    keep_private_folders_in(copies);
    if (!request.state_dir.empty()) {
        remove_abandoned(copies);
        remove_abandoned(request.state_dir / "retest");  // where 0.1.0 had them
    }
    Report report = dispatch_or_cut_off(context);
    say_once(report.problems);
    say_what_helps(report.problems, request.state_dir);
    const bool is_known = report.verdict.code != "nothing-proved";  // a browser that could not be judged may be stuck
    if (request.ok_if_nothing && report.exit_code == Exit::nothing_found && is_known) {
        report.exit_code = Exit::ok;
    }
    // Some ends of a command name other next steps than those that it began with.
    std::erase_if(report.next, [&](const std::string& step) {
        return std::find(request.notes.begin(), request.notes.end(), step) != request.notes.end();
    });
    report.next.insert(report.next.begin(), request.notes.begin(), request.notes.end());
    return report;
}

Report refusal(std::string_view command, const Error& error)
{
    Report report;
    report.command = command;
    return refused(std::move(report), error);
}

}  // namespace unstick
