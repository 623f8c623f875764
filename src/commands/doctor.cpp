// Can unstick work on this computer? Only looks; asks no site.

#include <fmt/format.h>

#include <chrono>

#include "../files.h"
#include "../hold.h"
#include "../journal.h"
#include "../stages/chosen_profiles.h"
#include "../stages/profile_reports.h"
#include "../text.h"
#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

namespace {

/// Below this a journal may not find room.
constexpr std::uintmax_t little_space = 100'000'000;
/// A file that was changed later than now by more than this: the clock is behind, or was.
constexpr std::chrono::minutes clock_tolerance{5};

/// The folder itself or, if it is not there yet, the one in which it would be made.
fs::path existing_part_of(fs::path path)
{
    while (!path.empty() && path.has_relative_path() && !files::info(path)) {
        path = path.parent_path();
    }
    return path;
}

void check_state_folder(const fs::path& folder, Report& report)
{
    const fs::path existing = existing_part_of(folder);
    if (!files::can_write(existing)) {
        report.problems.push_back({Code::denied, existing.string(),
                                   "nothing can be written here: no journal can be kept",
                                   "name another folder with --state-dir"});
        return;
    }
    std::error_code unknown;
    const std::uintmax_t free = fs::space(existing, unknown).available;
    if (!unknown && free < little_space) {
        report.problems.push_back({Code::io, existing.string(), fmt::format("only {} are free", size_of(free)),
                                   "free some space: what a run removes is kept here for 7 days"});
        return;
    }
    report.checks.push_back(
        {folder.string(),
         unknown ? "journals can be kept here" : fmt::format("journals can be kept here, {} are free", size_of(free))});
}

void check_runs(const fs::path& state_folder, Report& report)
{
    const auto runs = list_runs(state_folder);
    if (!runs) {
        report.problems.push_back(runs.error());
        return;
    }
    for (const RunSummary& run : *runs) {
        if (run.state == "damaged") {
            report.problems.push_back({Code::corrupt, "run " + run.id, "its journal cannot be read",
                                       "what it removed cannot be put back; it is erased 7 days after it was made"});
        } else if (run.state != "done" && run.state != "undone") {
            report.problems.push_back({Code::changed, "run " + run.id, "it was cut off, or is still under way",
                                       "to put everything back: unstick undo " + run.id});
        }
    }
}

/// Files that come from the future: sign-ins fail with a wrong clock, and so do our own times.
void check_clock(const Profile& profile, std::int64_t now, Report& report)
{
    std::error_code unknown;
    const auto changed = fs::last_write_time(profile.path, unknown);
    const std::chrono::sys_seconds clock{std::chrono::seconds(now)};
    if (!unknown && std::chrono::file_clock::to_sys(changed) > clock + clock_tolerance) {
        report.problems.push_back({Code::changed, profile.path.string(),
                                   "it was changed later than now by this computer's clock",
                                   "set the clock; `unstick test URL` compares it with a server's"});
    }
}

void check_profile(const Discovered& found, const Host& host, Report& report)
{
    const auto& [adapter, profile] = found;
    const std::size_t before = report.problems.size();
    ProfileReport shown = survey_of(found, host, report.problems);
    if (const auto free = could_hold(*adapter, profile, host); !free) {
        report.problems.push_back(free.error());
    }
    if (!files::can_write(profile.path)) {
        report.problems.push_back({Code::denied, profile.path.string(), "nothing can be changed in this profile",
                                   "run unstick as the user who owns it; is its file system read-only?"});
    }
    check_clock(profile, host.now(), report);
    if (report.problems.size() == before) {
        report.checks.push_back({fmt::format("{}, profile {}", adapter->label, profile.id),
                                 fmt::format("closed; {}, all of forms that unstick knows",
                                             count_of(shown.stores.size(), "store", "stores"))});
    }
    report.profiles.push_back(std::move(shown));
}

}  // namespace

void doctor(Job& job)
{
    Report& report = job.report;
    const auto discovery = discover_for(job);
    if (!discovery) {
        return;
    }
    report.problems = discovery->problems;
    check_state_folder(job.request.state_dir, report);
    check_runs(job.request.state_dir, report);
    job.stages.expect(discovery->profiles.size());
    for (const Discovered& found : discovery->profiles) {
        job.stages.next(fmt::format("looking into {} {}", found.adapter->label, found.profile.id));
        check_profile(found, job.host, report);
    }
    report.exit_code = exit_of_problems(report.problems, false);
    if (!report.problems.empty()) {
        report.verdict = {"not-all-ready", "unstick cannot work on everything here; what to do is named above."};
    } else if (report.profiles.empty()) {
        report.verdict = {"no-profiles", "No browser profile was found."};
        report.next.emplace_back("A browser's data folder at another place: unstick doctor --user-data-dir DIR");
    } else {
        report.verdict = {"ready",
                          "unstick can work on " + count_of(report.profiles.size(), "profile", "profiles") + "."};
    }
}

}  // namespace unstick::commands
