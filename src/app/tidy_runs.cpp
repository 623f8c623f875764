#include "app/tidy_runs.h"

#include "journal/journal.h"
#include "journal/medium.h"
#include "journal/replacements.h"
#include "journal/run_index.h"

namespace unstick {

namespace {

/// A complete run whose old versions of folders could not be removed when it ended. True if nothing of it is left, or
/// it is another process' business.
bool settled(const Context& context, const RunSummary& run, Tidied& tidied)
{
    const Request& request = context.request;
    auto journal = Journal::open(request.state_dir, run.id, &context.host, media_of(context.adapters));
    if (!journal) {
        return true;
    }
    media::tidy(*journal);
    const auto left = media::left(*journal);
    for (const Error& problem : left) {
        tidied.next.push_back(problem.where + ": " + problem.what + ". " + problem.hint + ".");
    }
    journal->replacements().end();
    return left.empty();
}

/// A run that was cut off while profiles changed. One that is under way is another process' business: none.
std::optional<Error> cut_off(const Context& context, const RunSummary& run)
{
    const Request& request = context.request;
    const auto look = request.dry_run ? Journal::look : Journal::open;
    auto journal = look(request.state_dir, run.id, &context.host, media_of(context.adapters));
    if (!journal) {
        return std::nullopt;
    }
    if (!request.dry_run) {
        media::tidy(*journal);
    }
    return Error{Code::changed, run.id, "an earlier run on " + run.site + " was cut off before it was complete",
                 "put everything back as it was with: unstick undo " + run.id};
}

/// Is the time of a complete run over? What an index says is not enough to erase it.
Expiry expiry_by_journal(const Context& context, const RunSummary& known)
{
    if (known.state == "preparing") {
        return Expiry::yes;
    }
    const std::int64_t now = context.host.now();
    if (expiry_of(known, now) == Expiry::no) {
        return Expiry::no;
    }
    const RunSummary run = summary_of_run(context.request.state_dir / "runs" / known.id, media_of(context.adapters));
    return is_complete(run) ? expiry_of(run, now) : Expiry::no;
}

}  // namespace

Tidied tidy_runs(const Context& context)
{
    const Request& request = context.request;
    Tidied tidied;
    const auto runs = list_runs_by_index(request.state_dir, media_of(context.adapters), context.host.now(),
                                         request.dry_run ? KeepIndex::no : KeepIndex::yes);
    if (!runs) {
        tidied.problems.push_back(runs.error());
        return tidied;
    }
    for (const RunSummary& run : *runs) {
        if (run.state == "applying" || run.state == "undoing") {
            if (auto problem = cut_off(context, run)) {
                tidied.problems.push_back(std::move(*problem));
            }
        }
        if (!is_complete(run) || request.dry_run || (run.unsettled && !settled(context, run, tidied))) {
            continue;
        }
        const Expiry expiry = expiry_by_journal(context, run);
        if (expiry == Expiry::yes) {
            if (erase_run(request.state_dir, run.id)) {  // locked: another unstick works on it
                tidied.expired.push_back(run);
            }
        } else if (expiry == Expiry::doubtful) {
            tidied.next.push_back("Run " + run.id +
                                  " is kept: by its dates and the clock it cannot be told how old it is. To erase it "
                                  "for good: unstick runs --purge " +
                                  run.id);
        }
    }
    return tidied;
}

}  // namespace unstick
