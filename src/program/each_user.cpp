#include "each_user.h"

#include "../../platform/users.h"
#include "../report.h"
#include "../run.h"
#include "console.h"

namespace unstick {

namespace {

bool changes_something(const Request& request)
{
    return (request.command == Command::fix || request.command == Command::undo) && !request.dry_run;
}

/// What there is to say of a user whose run could not be started.
UserRun not_run(const User& user, const Request& request, const Error& error)
{
    const Report report = refusal(name_of(request.command), error);
    return {user.name, request.json ? to_json(report) : to_text(report, text_options(request, Stream::output)),
            report.exit_code};
}

}  // namespace

Result<std::vector<UserRun>> run_for_each_user(const Request& request, const std::vector<std::string>& arguments)
{
    if (changes_something(request) && !request.yes) {
        return fail(Code::usage, "--all-users", "nobody can confirm for all users, and --yes was not given",
                    "add --yes; --dry-run shows what would be removed");
    }
    const auto people = users();
    if (!people) {
        return tl::unexpected<Error>(people.error());
    }
    std::vector<UserRun> runs;
    for (const User& user : *people) {
        auto run = run_as(user, arguments_for_each(arguments));
        runs.push_back(run ? std::move(*run) : not_run(user, request, run.error()));
    }
    return runs;
}

}  // namespace unstick
