#include <algorithm>

#include "app/commands/commands.h"
#include "base/text.h"
#include "journal/journal.h"
#include "journal/undo.h"
#include "report/verdict.h"

namespace unstick::commands {

namespace {

/// The runs that are kept, or the one that was named. Errors: they cannot be listed; there is no such run.
Result<std::vector<RunSummary>> known_runs(const Context& context)
{
    const Request& request = context.request;
    TRY_ASSIGN(auto known, list_runs(request.state_dir, media_of(context.adapters)));
    if (!request.run.empty()) {
        std::erase_if(known, [&](const RunSummary& run) { return run.id != request.run; });
        if (known.empty()) {
            return fail(Code::not_found, request.run, "there is no such run", "list them with: unstick runs");
        }
    }
    return known;
}

/// As far as its state says: one that is undone could only be undone with --replace.
bool may_be_undone(const RunSummary& run)
{
    return run.state == "done" || run.state == "applying" || run.state == "undoing";
}

Report listed(const Context& context, std::vector<RunSummary> known)
{
    Report report = report_begun(context);
    report.runs = std::move(known);
    const bool any = std::any_of(report.runs.begin(), report.runs.end(), may_be_undone);
    report.verdict = {"listed", any ? "Undo one with: unstick undo RUN" : "There is no run that can be undone."};
    return report;
}

/// What of a run is not whole. What had not begun to change anything keeps nothing that is missed.
std::vector<Error> look_through(const Context& context, const RunSummary& run)
{
    if (run.state == "preparing") {
        return {};
    }
    auto journal = Journal::look(context.request.state_dir, run.id, &context.host, media_of(context.adapters));
    return journal ? check_run(*journal) : std::vector<Error>{journal.error()};
}

/// Looks whether all that the runs keep is whole.
Report check(const Context& context, std::vector<RunSummary> known)
{
    std::vector<Error> problems;
    std::size_t not_whole = 0;
    for (const RunSummary& run : known) {
        const auto of_run = look_through(context, run);
        append(problems, of_run);
        not_whole += of_run.empty() ? 0U : 1U;
    }
    Report report = report_begun(context);
    report.runs = std::move(known);
    report.problems = std::move(problems);
    report.exit_code = exit_of_problems(report.problems, true);
    report.verdict = not_whole == 0 ? Verdict{"whole", "All that the runs keep is whole."}
                                    : Verdict{"not-whole", count_of(not_whole, "run is", "runs are") + " not whole."};
    return report;
}

/// Which runs --purge is about.
struct Chosen {
    std::vector<RunSummary> runs;
    std::vector<RunSummary> kept;
    std::vector<std::string> next;  ///< how those that are kept could be erased
};

/// A run that is not complete may be the only place where something is: it is erased only if it was named.
Chosen choose(const Context& context, const std::vector<RunSummary>& known)
{
    const Request& request = context.request;
    const auto age = request.older_than.count();
    Chosen chosen;
    for (const RunSummary& run : known) {
        const bool is_old_enough = age == 0 || run.when + age <= context.host.now();
        const bool may_go = !request.run.empty() || is_complete(run);
        (is_old_enough && may_go ? chosen.runs : chosen.kept).push_back(run);
        if (is_old_enough && !may_go) {
            chosen.next.push_back("Run " + run.id +
                                  " is kept, as it is not complete. To erase it for good: unstick runs --purge " +
                                  run.id);
        }
    }
    return chosen;
}

struct Purged {
    std::uint64_t runs = 0;
    std::vector<RunSummary> left;  ///< could not be erased
    std::vector<Error> problems;   ///< why
};

Purged erase(const fs::path& state_folder, const std::vector<RunSummary>& chosen)
{
    Purged purged;
    for (const RunSummary& run : chosen) {
        if (auto erased = erase_run(state_folder, run.id); !erased) {
            purged.left.push_back(run);
            purged.problems.push_back(erased.error());
        } else {
            ++purged.runs;
        }
    }
    return purged;
}

Report purge(const Context& context, const std::vector<RunSummary>& known)
{
    const Chosen chosen = choose(context, known);
    Report report = report_begun(context);
    report.next = chosen.next;
    report.runs = chosen.runs;  // what the question is about
    if (const Result<bool> answer = chosen.runs.empty() ? true : confirmed(context, report); !answer) {
        return refused(std::move(report), answer.error());
    } else if (!*answer) {
        return concluded(std::move(report), conclude_declined(answer));
    }
    const Purged purged = erase(context.request.state_dir, chosen.runs);
    report.runs = chosen.kept;
    append(report.runs, purged.left);
    report.problems = purged.problems;
    report.purged = purged.runs;
    report.exit_code = exit_of_problems(report.problems, true);
    report.verdict = {"purged", count_of(report.purged, "run was", "runs were") + " erased."};
    return report;
}

}  // namespace

Report runs(const Context& context)
{
    auto known = known_runs(context);
    if (!known) {
        return refused(report_begun(context), known.error());
    }
    return context.request.purge   ? purge(context, *known)
           : context.request.check ? check(context, std::move(*known))
                                   : listed(context, std::move(*known));
}

}  // namespace unstick::commands
