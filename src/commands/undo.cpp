#include "../undo.h"

#include <fmt/format.h>

#include <algorithm>

#include "../hold.h"
#include "../stages/held_profiles.h"
#include "../stages/profile_reports.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

namespace {

void add_undone(const ProfileUndone& undone, const Adapter& adapter, Report& report)
{
    ProfileReport profile = report_of(adapter, undone.profile);
    for (const StoreUndone& store : undone.stores) {
        StoreReport shown;
        shown.kind = store.store.kind;
        shown.store = store.store.label;
        shown.path = shown_path(store.path, undone.profile);
        shown.found = store.items;
        shown.removed = store.restored;
        shown.bytes = store.bytes;
        for (const std::string& label : store.refused) {
            shown.labels.push_back(label);
            report.problems.push_back({Code::exists, profile.path + ": " + store.store.label,
                                       label + " came back in the meantime; the newer one was kept",
                                       "nothing is to be done, unless you want the older one"});
        }
        profile.stores.push_back(std::move(shown));
    }
    report.problems.insert(report.problems.end(), undone.problems.begin(), undone.problems.end());
    report.profiles.push_back(std::move(profile));
}

/// The run that was named, or the last one that can be undone.
Result<std::string> run_to_undo(const Request& request)
{
    if (!request.run.empty()) {
        return request.run;
    }
    const auto runs = list_runs(request.state_dir);
    if (!runs) {
        return tl::unexpected<Error>(runs.error());
    }
    for (const RunSummary& run : *runs) {
        if (run.state != "preparing" && run.state != "undone") {  // one that is damaged is named, not passed over
            return run.id;
        }
    }
    return fail(Code::not_found, "undo", "there is no run that can be undone",
                "runs are kept for 7 days: unstick runs");
}

}  // namespace

void undo(Job& job)
{
    const Request& request = job.request;
    Host& host = job.host;
    Report& report = job.report;
    auto journal = run_to_undo(request).and_then(
        [&](const std::string& id) { return Journal::open(request.state_dir, id, &host); });
    if (!journal) {
        refuse(report, journal.error());
        return;
    }
    report.run = journal->id();
    report.site = journal->site();
    if (!confirmed(job)) {
        return;
    }
    Closing closing{request.close};
    std::uint64_t items = 0;
    std::uint64_t restored = 0;
    job.stages.expect(journal->profiles().size());
    for (const auto& [id, profile] : journal->profiles()) {
        const auto adapter =
            std::find_if(job.adapters.begin(), job.adapters.end(),
                         [&, &browser = profile.browser](const Adapter& a) { return a.id == browser; });
        if (adapter == job.adapters.end()) {
            report.problems.push_back({Code::unsupported,
                                       profile.path.string(),
                                       "this unstick does not know the browser " + profile.browser,
                                       {}});
            continue;
        }
        auto locks = hold_or_report(job, *adapter, profile, closing);
        if (!locks) {
            continue;
        }
        if (auto noted = journal->set_state(Journal::State::undoing); !noted) {
            report.problems.push_back(noted.error());
            continue;
        }
        job.stages.next(fmt::format("putting back into {} {}", adapter->label, profile.id));
        const ProfileUndone undone = undo_profile(
            *journal, id, profile, [&, &held = profile, where = &*adapter] { return still_free(*where, held, host); },
            *locks);
        for (const StoreUndone& store : undone.stores) {
            items += store.items;
            restored += store.restored;
        }
        add_undone(undone, *adapter, report);
    }
    const bool complete = report.problems.empty();
    if (complete || restored > 0) {
        if (auto noted = journal->set_state(complete ? Journal::State::undone : Journal::State::done); !noted) {
            report.problems.push_back(noted.error());
        }
    }
    if (request.reopen) {
        start_again(closing, host, report.problems);
    }
    report.exit_code = exit_of_problems(report.problems, restored > 0);
    report.verdict = {complete       ? "restored"
                      : restored > 0 ? "partly-restored"
                                     : "not-restored",
                      complete ? fmt::format("Everything is back: {}.", count_of(restored, "item", "items"))
                               : fmt::format("{} of {} are back.", restored, count_of(items, "item", "items"))};
}

}  // namespace unstick::commands
