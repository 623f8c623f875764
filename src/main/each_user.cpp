#include "main/each_user.h"

#include <algorithm>
#include <atomic>

#include "app/commands/run.h"
#include "base/side_by_side.h"
#include "cli/each_user.h"
#include "main/terminal_console.h"
#include "platform/users.h"
#include "report/report.h"

namespace unstick {

namespace {

/// So many runs at a time: each has threads of its own for what waits.
constexpr std::size_t most_users = 4;

bool changes_something(const Request& request)
{
    return (request.command == Command::fix || request.command == Command::undo) && !request.dry_run;
}

/// What there is to say of a user whose run could not be started.
UserRun not_run(const User& user, const Request& request, const Error& error)
{
    const Report report = refusal(name_of(request.command), error);
    return {user.name,
            request.json ? to_json(report) : to_text(report, text_options(request, Stream::output)),
            {},
            report.exit_code};
}

/// Exit codes that a run of ours ends with; what else a user makes of one is no answer.
Exit exit_of_run(int code)
{
    constexpr int last = static_cast<int>(Exit::wrong_found);
    return (code >= 0 && code <= last) || code == static_cast<int>(Exit::cancelled) ? static_cast<Exit>(code)
                                                                                    : Exit::partial;
}

}  // namespace

Result<std::vector<UserRun>> run_for_each_user(const Request& request, const std::vector<std::string>& arguments)
{
    if (changes_something(request) && !request.yes) {
        return fail(Code::usage, "--all-users", "nobody can confirm for all users, and --yes was not given",
                    "add --yes; --dry-run shows what would be removed");
    }
    TRY_ASSIGN(const auto people, users());
    std::vector<UserRun> runs(people.size());
    std::atomic<std::size_t> begun = 0;
    side_by_side(std::min(people.size(), most_users), [&](std::size_t) {
        for (std::size_t i = 0; (i = begun++) < people.size();) {
            const User& user = people[i];
            auto run = run_as(user, arguments_for_each(arguments), is_for_each, request.user_time);
            runs[i] = run ? UserRun{user.name, std::move(run->out), std::move(run->err), exit_of_run(run->exit_code)}
                          : not_run(user, request, run.error());
        }
    });
    return runs;
}

}  // namespace unstick
