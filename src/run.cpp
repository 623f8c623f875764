#include "run.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply.h"
#include "discover.h"
#include "hold.h"
#include "text.h"
#include "undo.h"
#include "verdict.h"

namespace unstick {

namespace {

/// One profile while we work on it.
struct Work {
    const Adapter* adapter = nullptr;
    Profile profile;
    HeldLocks locks;
    ProfilePlan plan;
};

Machine machine_of(const Request& request, const Host& host)
{
    return request.home.empty() ? host.machine()
                                : Machine::at_home(request.home, request.os.value_or(host.machine().os));
}

Result<Discovery> discover_for(const Request& request, const Host& host, std::span<const Adapter> adapters)
{
    return discover(machine_of(request, host), adapters, {request.browsers, request.profile, request.user_data_dir});
}

ProfileReport report_of(const Adapter& adapter, const Profile& profile)
{
    ProfileReport report;
    report.browser = profile.browser;
    report.browser_label = adapter.label;
    report.profile = profile.id;
    report.name = profile.name;
    report.path = profile.path.string();
    return report;
}

/// A store's path as shown: below the profile where it is, else whole.
std::string shown_path(const fs::path& path, const Profile& profile)
{
    const fs::path relative = path.lexically_relative(profile.path);
    return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

StoreReport report_of(const StorePlan& store, const Profile& profile)
{
    StoreReport report;
    report.kind = store.spec->kind;
    report.store = store.spec->label;
    report.path = shown_path(store.path, profile);
    report.version = store.found.version;
    report.found = store.found.items.size();
    for (const Item& item : store.found.items) {
        report.bytes += item.bytes;
        report.labels.push_back(item.label);
    }
    return report;
}

void say(const Console& console, const std::string& what)
{
    if (console.progress) {
        console.progress(what);
    }
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

// --- Journals left behind ---

/// Runs that were cut off before anything changed, and runs whose time is over, go. Runs that were cut off while
/// profiles changed stay, and are named: undoing them puts everything back.
void tidy_runs(const Request& request, const Host& host, Report& report)
{
    for (const RunSummary& run : list_runs(request.state_dir)) {
        if (run.state == "preparing" || (run.when > 0 && run.when + keep_runs_for_s < host.now())) {
            (void)erase_run(request.state_dir, run.id);  // locked: another unstick works on it
            continue;
        }
        if (run.state != "applying" && run.state != "undoing") {
            continue;
        }
        if (auto journal = Journal::open(request.state_dir, run.id); journal) {
            for (const auto& [id, profile] : journal->profiles()) {
                for (const JournalStore& store : journal->stores(id)) {
                    for (const Container& container : journal->containers(store.id)) {
                        media::tidy(*journal, container);
                    }
                }
            }
            report.problems.push_back({Code::changed, run.id,
                                       "an earlier run on " + run.site + " was cut off before it was complete",
                                       "put everything back as it was with: unstick undo " + run.id});
        }
    }
}

// --- fix ---

/// Holds every profile and looks into it. Profiles that cannot be held are reported and left out.
std::vector<Work> hold_and_plan(const Request& request, Host& host, const std::vector<Discovered>& found,
                                const Console& console, Report& report)
{
    std::vector<Work> works;
    for (const auto& [adapter, profile] : found) {
        say(console, fmt::format("looking into {} {}", adapter->label, profile.id));
        auto locks = hold(*adapter, profile, host, request.close && !request.dry_run);
        if (!locks) {
            ProfileReport busy = report_of(*adapter, profile);
            busy.in_use = locks.error().code == Code::locked;
            busy.use = locks.error().what;
            report.profiles.push_back(std::move(busy));
            report.problems.push_back(locks.error());
            continue;
        }
        works.push_back(
            {adapter, profile, std::move(*locks), plan_profile(*adapter, profile, *request.site, request.kinds)});
    }
    return works;
}

std::uint64_t add_plans(const std::vector<Work>& works, Report& report)
{
    std::uint64_t items = 0;
    for (const Work& work : works) {
        ProfileReport profile = report_of(*work.adapter, work.profile);
        for (const StorePlan& store : work.plan.stores) {
            report.problems.insert(report.problems.end(), store.found.problems.begin(), store.found.problems.end());
            if (!store.found.items.empty()) {
                profile.stores.push_back(report_of(store, work.profile));
            }
        }
        items += work.plan.items();
        if (!profile.stores.empty()) {
            report.profiles.push_back(std::move(profile));
        }
    }
    return items;
}

/// Asks, with the profiles released meanwhile. True if the same plan may be carried out now.
bool confirmed(const Request& request, Host& host, const Console& console, std::vector<Work>& works, Report& report)
{
    if (request.yes) {
        return true;
    }
    for (Work& work : works) {
        work.locks.clear();  // a browser that is started while the question waits must find its files free
    }
    if (!console.confirm) {
        refuse(report, {Code::usage, "fix", "nobody is there to confirm, and --yes was not given",
                        "run it on a terminal, or add --yes; --dry-run shows what would be removed"});
        return false;
    }
    if (!console.confirm(report)) {
        report.verdict = {"cancelled", "Cancelled. Nothing was changed."};
        report.exit_code = Exit::cancelled;
        return false;
    }
    for (Work& work : works) {
        auto locks = hold(*work.adapter, work.profile, host, false);
        if (!locks) {
            refuse(report, locks.error());
            return false;
        }
        work.locks = std::move(*locks);
        ProfilePlan now = plan_profile(*work.adapter, work.profile, *request.site, request.kinds);
        if (!same_items(work.plan, now)) {
            refuse(report,
                   {Code::changed, work.profile.path.string(),
                    "the profile has changed while the question waited; nothing was removed", "run unstick again"});
            return false;
        }
        work.plan = std::move(now);
    }
    return true;
}

/// Looks again: what is still there was not removed, whatever the media said.
std::uint64_t verify(const Request& request, const Work& work, Report& report)
{
    const ProfilePlan now = plan_profile(*work.adapter, work.profile, *request.site, request.kinds);
    std::uint64_t removed = 0;
    for (ProfileReport& profile : report.profiles) {
        if (profile.path != work.profile.path.string() || profile.in_use) {
            continue;
        }
        for (StoreReport& store : profile.stores) {
            std::uint64_t left = 0;
            for (const StorePlan& after : now.stores) {
                if (shown_path(after.path, work.profile) == store.path && after.spec->label == store.store) {
                    left = after.found.items.size();
                }
            }
            store.removed = store.found - std::min(left, store.found);
            removed += store.removed;
            if (left > 0) {
                report.problems.push_back(
                    {Code::io, store.path,
                     fmt::format("{} of {} are still there", count_of(left, "item", "items"), store.store),
                     "close every window of the browser and run unstick again"});
            }
        }
    }
    return removed;
}

std::uint64_t remove_all(const Request& request, Host& host, std::vector<Work>& works, const Console& console,
                         Report& report)
{
    auto journal = Journal::create(request.state_dir, request.site->name(), host.now());
    if (!journal) {
        report.problems.push_back(journal.error());
        return 0;
    }
    std::vector<ProfilePlan> plans;
    for (const Work& work : works) {
        plans.push_back(work.plan);
    }
    say(console, "writing down what will be removed, so that it can be put back");
    if (auto recorded = record_plans(*journal, plans); !recorded) {
        report.problems.push_back(recorded.error());
        const std::string id = journal->id();
        journal = fail(Code::io, "", "");  // releases the run's lock
        (void)erase_run(request.state_dir, id);
        return 0;
    }
    report.run = journal->id();
    std::uint64_t removed = 0;
    for (Work& work : works) {
        say(console, fmt::format("removing from {} {}", work.adapter->label, work.profile.id));
        const auto problems = carry_out(
            *journal, work.profile, [&] { return still_free(*work.adapter, work.profile, host); }, work.locks);
        report.problems.insert(report.problems.end(), problems.begin(), problems.end());
        removed += verify(request, work, report);
    }
    if (auto done = journal->set_state(Journal::State::done); !done) {
        report.problems.push_back(done.error());
    }
    if (request.no_undo) {
        const std::string id = journal->id();
        journal = fail(Code::io, "", "");
        if (auto erased = erase_run(request.state_dir, id); erased) {
            report.run.clear();
        } else {
            report.problems.push_back(erased.error());
        }
    }
    return removed;
}

void fix(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report)
{
    tidy_runs(request, host, report);
    Outcome outcome;
    outcome.expect_status = request.probe.expect_status;
    outcome.dry_run = request.dry_run;
    const auto discovery = discover_for(request, host, adapters);
    if (!discovery) {
        refuse(report, discovery.error());
        return;
    }
    report.problems.insert(report.problems.end(), discovery->problems.begin(), discovery->problems.end());
    const std::string target = request.site->target().text();
    if (request.retest == Retest::http) {
        report.target = shown_url(target);
        say(console, "asking " + report.target + " as a client that has nothing stored");
        outcome.before = report.before = probe(host, target, request.probe);
        if (is_not_this_browser(*outcome.before, outcome.expect_status)) {
            conclude_fix(report, outcome);
            return;
        }
    }
    auto works = hold_and_plan(request, host, discovery->profiles, console, report);
    outcome.found = add_plans(works, report);
    if (outcome.found > 0 && !request.dry_run) {
        if (!confirmed(request, host, console, works, report)) {
            return;
        }
        outcome.removed = remove_all(request, host, works, console, report);
        works.clear();
        if (request.retest == Retest::http && outcome.removed > 0) {
            say(console, "asking the site again");
            outcome.after = report.after = probe(host, target, request.probe);
        }
    }
    conclude_fix(report, outcome);
}

// --- undo ---

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
    for (const RunSummary& run : list_runs(request.state_dir)) {
        if (run.state == "done" || run.state == "applying" || run.state == "undoing") {
            return run.id;
        }
    }
    return fail(Code::not_found, "undo", "there is no run that can be undone",
                "runs are kept for 7 days: unstick runs");
}

void undo(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report)
{
    auto journal =
        run_to_undo(request).and_then([&](const std::string& id) { return Journal::open(request.state_dir, id); });
    if (!journal) {
        refuse(report, journal.error());
        return;
    }
    report.run = journal->id();
    report.site = journal->site();
    if (!request.yes) {
        if (!console.confirm) {
            refuse(report, {Code::usage, "undo", "nobody is there to confirm, and --yes was not given",
                            "run it on a terminal, or add --yes"});
            return;
        }
        if (!console.confirm(report)) {
            report.verdict = {"cancelled", "Cancelled. Nothing was changed."};
            report.exit_code = Exit::cancelled;
            return;
        }
    }
    std::uint64_t items = 0;
    std::uint64_t restored = 0;
    for (const auto& [id, profile] : journal->profiles()) {
        const auto adapter =
            std::find_if(adapters.begin(), adapters.end(),
                         [&, &browser = profile.browser](const Adapter& a) { return a.id == browser; });
        if (adapter == adapters.end()) {
            report.problems.push_back({Code::unsupported,
                                       profile.path.string(),
                                       "this unstick does not know the browser " + profile.browser,
                                       {}});
            continue;
        }
        auto locks = hold(*adapter, profile, host, request.close);
        if (!locks) {
            ProfileReport busy = report_of(*adapter, profile);
            busy.in_use = locks.error().code == Code::locked;
            busy.use = locks.error().what;
            report.profiles.push_back(std::move(busy));
            report.problems.push_back(locks.error());
            continue;
        }
        if (auto noted = journal->set_state(Journal::State::undoing); !noted) {
            report.problems.push_back(noted.error());
            continue;
        }
        say(console, fmt::format("putting back into {} {}", adapter->label, profile.id));
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
    report.exit_code = exit_of_problems(report.problems, restored > 0);
    report.verdict = {complete       ? "restored"
                      : restored > 0 ? "partly-restored"
                                     : "not-restored",
                      complete ? fmt::format("Everything is back: {}.", count_of(restored, "item", "items"))
                               : fmt::format("{} of {} are back.", restored, count_of(items, "item", "items"))};
}

// --- runs, profiles, test ---

void runs(const Request& request, const Host& host, Report& report)
{
    const auto age = request.older_than.count();
    for (const RunSummary& run : list_runs(request.state_dir)) {
        if (!request.purge || (age > 0 && run.when + age > host.now())) {
            report.runs.push_back(run);
            continue;
        }
        if (auto erased = erase_run(request.state_dir, run.id); !erased) {
            report.runs.push_back(run);
            report.problems.push_back(erased.error());
        } else {
            ++report.purged;
        }
    }
    report.exit_code = exit_of_problems(report.problems, true);
    report.verdict = request.purge ? Verdict{"purged", count_of(report.purged, "run was", "runs were") + " erased."}
                                   : Verdict{"listed", report.runs.empty() ? "There is no run that can be undone."
                                                                           : "Undo one with: unstick undo RUN"};
}

void profiles(const Request& request, const Host& host, std::span<const Adapter> adapters, Report& report)
{
    const auto discovery = discover_for(request, host, adapters);
    if (!discovery) {
        refuse(report, discovery.error());
        return;
    }
    report.problems = discovery->problems;
    for (const auto& [adapter, profile] : discovery->profiles) {
        ProfileReport shown = report_of(*adapter, profile);
        const Use use = use_of(*adapter, profile, host);
        shown.in_use = use.state != Use::State::free;
        shown.use = use.what;
        // A scope that owns nothing: what is left is which stores there are and whether they are known.
        const ProfilePlan plan = plan_profile(*adapter, profile, Site(), all_kinds());
        for (const StorePlan& store : plan.stores) {
            shown.stores.push_back(report_of(store, profile));
            report.problems.insert(report.problems.end(), store.found.problems.begin(), store.found.problems.end());
        }
        report.profiles.push_back(std::move(shown));
    }
    report.exit_code = exit_of_problems(report.problems, true);
    report.verdict = {"listed", report.profiles.empty()
                                    ? "No browser profile was found."
                                    : count_of(report.profiles.size(), "profile", "profiles") + " found."};
}

void test(const Request& request, Host& host, Report& report)
{
    const std::string target = request.site->target().text();
    report.target = shown_url(target);
    report.before = probe(host, target, request.probe);
    conclude_test(report, *report.before, request.probe.expect_status);
}

}  // namespace

Report run(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console)
{
    Report report;
    report.command = name_of(request.command);
    report.dry_run = request.dry_run;
    report.site = request.site ? request.site->name() : "";
    switch (request.command) {
        case Command::fix:
            fix(request, host, adapters, console, report);
            break;
        case Command::undo:
            undo(request, host, adapters, console, report);
            break;
        case Command::runs:
            runs(request, host, report);
            break;
        case Command::profiles:
            profiles(request, host, adapters, report);
            break;
        case Command::test:
            test(request, host, report);
            break;
    }
    return report;
}

}  // namespace unstick
