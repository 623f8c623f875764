// Can unstick work on this computer? Only looks; asks no site.

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <vector>

#include "app/chosen_profiles.h"
#include "app/commands/commands.h"
#include "app/plan_each.h"
#include "app/profile_reports.h"
#include "base/text.h"
#include "inventory/profile_lock.h"
#include "journal/journal.h"
#include "platform/files.h"
#include "report/verdict.h"
#include "web/suffix_list.h"

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

/// What a look at a part of this computer has found: in order, or not.
struct Looked {
    std::optional<Check> check = {};
    std::vector<Error> problems = {};
};

Looked look_at_state_folder(const fs::path& folder)
{
    const fs::path existing = existing_part_of(folder);
    if (!files::can_write(existing)) {
        return {.problems = {{Code::denied, existing.string(), "nothing can be written here: no journal can be kept",
                              "name another folder with --state-dir"}}};
    }
    std::error_code unknown;
    const std::uintmax_t free = fs::space(existing, unknown).available;
    if (!unknown && free < little_space) {
        return {.problems = {{Code::io, existing.string(), fmt::format("only {} are free", size_of(free)),
                              "free some space: what a run removes is kept here for 7 days"}}};
    }
    return {.check =
                Check{folder.string(), unknown ? "journals can be kept here"
                                               : fmt::format("journals can be kept here, {} are free", size_of(free))}};
}

/// What tells which names are one site's. An old list takes sites of newer suffixes for one.
Check look_at_suffix_list()
{
    const SuffixList list = suffix_list();
    return {to_text(list),
            list.day.empty() ? "it does not say how old it is" : "suffixes that came later are not known to it"};
}

/// Runs that are not complete, or cannot be read.
std::vector<Error> problems_of_runs(const fs::path& state_folder, const Media& media)
{
    const auto runs = list_runs(state_folder, media);
    if (!runs) {
        return {runs.error()};
    }
    std::vector<Error> problems;
    for (const RunSummary& run : *runs) {
        if (run.state == "damaged") {
            problems.push_back({Code::corrupt, "run " + run.id, "its journal cannot be read",
                                "what it removed cannot be put back; to erase it: unstick runs --purge " + run.id});
        } else if (run.state == "other-version") {
            problems.push_back({Code::unsupported, "run " + run.id, "it was made by another version of unstick",
                                "undo or erase it with that version"});
        } else if (run.state == "not-ours") {
            problems.push_back({Code::denied, "run " + run.id, "it belongs to somebody else, or others can write to it",
                                "nothing is done by it; what helps, says: unstick undo " + run.id});
        } else if (run.state != "done" && run.state != "undone") {
            problems.push_back({Code::changed, "run " + run.id, "it was cut off, or is still under way",
                                "to put everything back: unstick undo " + run.id});
        }
    }
    return problems;
}

/// Was the profile changed in the future? Sign-ins fail with a wrong clock, and so do our own times.
bool is_from_the_future(const Profile& profile, const Clock& clock)
{
    std::error_code unknown;
    const auto changed = fs::last_write_time(profile.path, unknown);
    const std::chrono::sys_seconds now{std::chrono::seconds(clock.now())};
    return !unknown && std::chrono::file_clock::to_sys(changed) > now + clock_tolerance;
}

/// What keeps unstick from working on a profile, besides its stores.
std::vector<Error> problems_of_profile(const Adapter& adapter, const Profile& profile, const Host& host)
{
    std::vector<Error> problems;
    if (const auto free = could_lock_profile(adapter, profile, host); !free) {
        problems.push_back(free.error());
    }
    if (!files::can_write(profile.path)) {
        problems.push_back({Code::denied, profile.path.string(), "nothing can be changed in this profile",
                            "run unstick as the user who owns it; is its file system read-only?"});
    }
    if (is_from_the_future(profile, host)) {
        problems.push_back({Code::changed, profile.path.string(),
                            "it was changed later than now by this computer's clock",
                            "set the clock; `unstick test URL` compares it with a server's"});
    }
    return problems;
}

/// What was found out about one profile.
struct LookedInto {
    ProfileReport profile;
    Looked looked;
};

LookedInto looked_into(const Context& context, const ProfilePlan& plan)
{
    Survey survey = survey_of(plan, context.host);
    append(survey.problems, problems_of_profile(*plan.adapter, plan.profile, context.host));
    if (!survey.problems.empty()) {
        return {std::move(survey.profile), {.problems = std::move(survey.problems)}};
    }
    const std::string stores = count_of(survey.profile.stores.size(), "store", "stores");
    return {std::move(survey.profile),
            {.check = Check{fmt::format("{}, profile {}", plan.adapter->label, plan.profile.id),
                            fmt::format("closed; {}, all of forms that unstick knows", stores)}}};
}

std::vector<LookedInto> look_into_all(const Context& context, std::span<const Discovered> profiles)
{
    std::vector<LookedInto> all;
    context.stages.expect(profiles.size());
    const auto look = [&](std::size_t number) { return plan_of_survey(profiles[number]); };
    for (const ProfilePlan& plan : plan_each(profiles, look, &context.stages)) {
        all.push_back(looked_into(context, plan));
    }
    return all;
}

Conclusion conclude_doctor(std::size_t profiles, const std::vector<Error>& problems)
{
    const Exit exit = exit_of_problems(problems, false);
    if (!problems.empty()) {
        return {{"not-all-ready", "unstick cannot work on everything here; what to do is named above."}, exit};
    }
    if (profiles == 0) {
        return {{"no-profiles", "No browser profile was found."},
                exit,
                {"A browser's data folder at another place: unstick doctor --user-data-dir DIR"}};
    }
    return {{"ready", "unstick can work on " + count_of(profiles, "profile", "profiles") + "."}, exit};
}

void add(const Looked& looked, Report& report)
{
    append(report.problems, looked.problems);
    if (looked.check) {
        report.checks.push_back(*looked.check);
    }
}

}  // namespace

Report doctor(const Context& context)
{
    const auto discovery = discover_for(context);
    if (!discovery) {
        return refused(report_begun(context), discovery.error());
    }
    const Looked state_folder = look_at_state_folder(context.request.state_dir);
    const auto cut_off_runs = problems_of_runs(context.request.state_dir, media_of(context.adapters));
    std::vector<LookedInto> profiles = look_into_all(context, discovery->profiles);

    Report report = report_begun(context);
    report.next = advice_on(context, *discovery);
    report.problems = discovery->problems;
    add(state_folder, report);
    append(report.problems, cut_off_runs);
    report.checks.push_back(look_at_suffix_list());
    for (LookedInto& one : profiles) {
        add(one.looked, report);
        report.profiles.push_back(std::move(one.profile));
    }
    return concluded(report, conclude_doctor(report.profiles.size(), report.problems));
}

}  // namespace unstick::commands
