#include "journal/undo.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/commands/commands.h"
#include "app/locked_profiles.h"
#include "app/profile_reports.h"
#include "app/stragglers.h"
#include "base/text.h"
#include "inventory/profile_lock.h"
#include "journal/apply.h"
#include "journal/run_index.h"
#include "report/verdict.h"

namespace unstick::commands {

namespace {

/// The run that was named, or the last one that can be undone.
Result<std::string> run_to_undo(const Request& request)
{
    if (!request.run.empty()) {
        return request.run;
    }
    // The run that is found is opened, and speaks for itself then.
    TRY_ASSIGN(const auto runs, list_runs_by_index(request.state_dir, media_of({}), 0, KeepIndex::no));
    for (const RunSummary& run : runs) {
        if (run.state != "preparing" &&
            (run.state != "undone" || request.replace)) {  // one that is damaged is named, not passed over
            return run.id;
        }
    }
    return fail(Code::not_found, "undo", "there is no run that can be undone",
                "runs are kept for 7 days: unstick runs");
}

Result<Journal> open_run(const Context& context)
{
    return run_to_undo(context.request).and_then([&](const std::string& id) {
        return Journal::open(context.request.state_dir, id, &context.host, media_of(context.adapters));
    });
}

/// Errors: unsupported, a browser that this unstick does not know.
Result<const Adapter*> adapter_of(std::span<const Adapter> adapters, const Profile& profile)
{
    const auto adapter =
        std::find_if(adapters.begin(), adapters.end(), [&](const Adapter& one) { return one.id == profile.browser; });
    if (adapter == adapters.end()) {
        return fail(Code::unsupported, profile.path.string(),
                    "this unstick does not know the browser " + profile.browser,
                    "undo it with the unstick that removed it, or a newer one");
    }
    return &*adapter;
}

/// A run that is undone, and the one that keeps what --replace takes out: made when it is needed.
struct Runs {
    Journal journal;
    std::optional<Journal> aside = {};
    std::uint64_t replaced = 0;  ///< items that the one aside keeps
};

/// What was said and done by stages that work on several profiles, or on the runs.
struct Told {
    std::vector<Error> problems = {};
    std::vector<std::string> next = {};
};

/// What the stages of an `undo` returned. Those that were not reached have nothing to say.
struct UndoResult {
    std::string run;
    std::string site = {};
    Result<bool> answer = true;  ///< the user's, or why it cannot be had
    std::vector<ProfileReport> profiles = {};
    std::vector<Error> problems = {};    ///< what could not be put back
    std::vector<Error> left = {};        ///< as ProfileUndone::left
    std::vector<std::string> next = {};  ///< what else is left of putting back
    bool is_complete = false;            ///< there was no problem with it
    std::vector<Error> not_noted = {};   ///< that it is
    Told aside = {};                     ///< of the run that keeps what was replaced
    Restarted restarted = {};
};

std::vector<fs::path> containers_of(Journal& journal, std::int64_t profile)
{
    std::vector<fs::path> paths;
    for (const JournalStore& store : journal.stores(profile)) {
        for (const Container& container : journal.containers(store.id)) {
            paths.push_back(container.path);
        }
    }
    return paths;
}

/// Puts back into a profile that we hold. Errors: nothing can be noted in the journal, or what is newer cannot be kept,
/// so nothing was put back.
Result<ProfileUndone> put_back(const Context& context, Runs& runs, std::int64_t id, const Adapter& adapter,
                               const Profile& profile, HeldLocks& locks)
{
    const auto may_go_on = [&] { return still_free(adapter, profile, context.host); };
    TRY(runs.journal.set_state(Journal::State::undoing));
    if (context.request.replace) {
        if (!runs.aside) {
            TRY_ASSIGN(runs.aside, runs.journal.create_beside(context.host.now()));
        }
        TRY_ASSIGN(const auto taken, make_room(runs.journal, *runs.aside, id, profile, may_go_on, locks));
        runs.replaced += taken;
    }
    context.stages.next(fmt::format("putting back into {} {}", adapter.label, profile.id));
    const bool look_again =
        may_be_written(adapter, containers_of(runs.journal, id), context.request.close, context.host);
    ProfileUndone undone = undo_profile(runs.journal, id, profile, may_go_on, locks);
    if (look_again && undone.problems.empty()) {
        undone.problems = look_for_stragglers(runs.journal, undone, adapter, context.host);
    }
    return undone;
}

/// What was taken out can be put back as what any run removed; a run that took nothing out is none.
Told close_aside(const Context& context, Runs& runs)
{
    if (!runs.aside) {
        return {};
    }
    const std::string id = runs.aside->id();
    if (last_store(*runs.aside) == 0) {
        runs.aside.reset();
        (void)erase_run(context.request.state_dir, id);
        return {};
    }
    Told told{.next = {fmt::format("To put back what was replaced ({}): unstick undo {}",
                                   count_of(runs.replaced, "item", "items"), id)}};
    if (auto noted = runs.aside->set_state(Journal::State::done); !noted) {
        told.problems.push_back(noted.error());
    }
    return told;
}

ProfileReport report_of(const ProfileUndone& undone, const Adapter& adapter)
{
    ProfileReport profile = report_of(adapter, undone.profile);
    for (const StoreUndone& store : undone.stores) {
        profile.stores.push_back({.kind = store.store.kind,
                                  .store = store.store.label,
                                  .path = shown_path(store.path, undone.profile),
                                  .version = {},
                                  .found = store.items,
                                  .removed = store.restored,
                                  .bytes = store.bytes,
                                  .labels = {},
                                  .newer = store.refused});
    }
    return profile;
}

/// What became of one profile.
struct OneUndone {
    std::optional<ProfileReport> shown = {};
    std::vector<Error> problems = {};
    std::vector<Error> left = {};
    std::vector<fs::path> set_aside = {};
};

OneUndone undo_one(const Context& context, Runs& runs, std::int64_t id, const Profile& profile, Closing& closing)
{
    const auto adapter = adapter_of(context.adapters, profile);
    if (!adapter) {
        return {.problems = {adapter.error()}};
    }
    if (lock_state_of(**adapter, profile, context.host).can_be_asked()) {
        offer_to_close(context, {std::string((*adapter)->label)}, "", closing);
    }
    auto locks = lock_profile(**adapter, profile, context.host, closing);
    if (!locks) {
        return {.shown = report_of(**adapter, profile, locks.error()), .problems = {locks.error()}};
    }
    const auto undone = put_back(context, runs, id, **adapter, profile, *locks);
    if (!undone) {
        return {.problems = {undone.error()}};
    }
    return {.shown = report_of(*undone, **adapter),
            .problems = undone->problems,
            .left = undone->left,
            .set_aside = undone->set_aside};
}

void add(OneUndone one, UndoResult& undone)
{
    if (one.shown) {
        undone.profiles.push_back(std::move(*one.shown));
    }
    append(undone.problems, one.problems);
    append(undone.left, one.left);
    for (const fs::path& kept : one.set_aside) {
        undone.next.push_back(kept.string() +
                              " has what the browser wrote while what was there before was away. "
                              "Nothing of that is back in use: remove the folder if nothing in it is missed.");
    }
}

UndoOutcome outcome_of(const UndoResult& undone)
{
    UndoOutcome outcome{.run = undone.run, .complete = undone.is_complete};
    for (const ProfileReport& profile : undone.profiles) {
        if (profile.in_use) {
            outcome.open_browsers.insert(profile.browser_label);
        }
        for (const StoreReport& store : profile.stores) {
            outcome.items += store.found;
            outcome.restored += store.removed;
            outcome.newer += store.newer.size();
        }
    }
    return outcome;
}

/// The report but for its end: also what the question is about.
Report report_of(const Context& context, const UndoResult& undone)
{
    Report report = report_begun(context);
    report.run = undone.run;
    report.site = undone.site;
    report.profiles = undone.profiles;
    report.next = undone.next;
    append(report.next, undone.aside.next);
    report.problems = undone.problems;
    append(report.problems, undone.not_noted);
    append(report.problems, undone.left);
    append(report.problems, undone.aside.problems);
    append(report.problems, undone.restarted.problems);
    return report;
}

Report whole_report_of(const Context& context, const UndoResult& undone)
{
    Report report = report_of(context, undone);
    if (!undone.answer) {
        return refused(std::move(report), undone.answer.error());
    }
    return concluded(
        report, *undone.answer ? conclude_undo(outcome_of(undone), report.problems) : conclude_declined(undone.answer));
}

/// Notes in the journal what became of the run. What came back is newer than what the run has: an undo that kept it was
/// carried through all the same.
std::vector<Error> note_end(Journal& journal, const UndoResult& undone)
{
    if (!undone.is_complete && outcome_of(undone).restored == 0) {
        return {};
    }
    const auto noted = journal.set_state(undone.is_complete ? Journal::State::undone : Journal::State::done);
    return noted ? std::vector<Error>() : std::vector{noted.error()};
}

/// Throws JournalUnreadable; `undone` then says what was done until then.
void put_all_back(const Context& context, Journal journal, UndoResult& undone)
{
    Closing closing{.allowed = context.request.close, .reopen = context.request.reopen};
    Runs runs{.journal = std::move(journal)};
    if (auto sealed = runs.journal.check_seal(); !sealed) {
        undone.problems.push_back(sealed.error());
    }
    const auto profiles = runs.journal.profiles();
    context.stages.expect(profiles.size());
    for (const auto& [id, profile] : profiles) {
        add(undo_one(context, runs, id, profile, closing), undone);
    }
    undone.is_complete = undone.problems.empty();
    undone.not_noted = note_end(runs.journal, undone);
    undone.aside = close_aside(context, runs);
    if (closing.reopen) {
        undone.restarted = start_again(closing, context.host);
    }
}

}  // namespace

Report undo(const Context& context)
{
    auto journal = open_run(context);
    if (!journal) {
        return refused(report_begun(context), journal.error());
    }
    UndoResult undone{.run = journal->id()};
    try {
        undone.site = journal->site();
        undone.answer = confirmed(context, report_of(context, undone));
        if (undone.answer && *undone.answer) {
            put_all_back(context, std::move(*journal), undone);
        }
    } catch (const JournalUnreadable& unreadable) {
        return cut_off(report_of(context, undone), unreadable.error);
    }
    return whole_report_of(context, undone);
}

}  // namespace unstick::commands
