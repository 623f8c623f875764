#pragma once
// The commands, one file each, and what they share. Each fills in a report; none prints.

#include <map>
#include <span>
#include <string>

#include "../discover.h"
#include "../host.h"
#include "../plan.h"
#include "../report.h"
#include "../request.h"
#include "../run.h"

namespace unstick::commands {

void fix(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report);
void why(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console, Report& report);
void undo(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console,
          Report& report);
void runs(const Request& request, const Host& host, Report& report);
void profiles(const Request& request, const Host& host, std::span<const Adapter> adapters, const Console& console,
              Report& report);
void doctor(const Request& request, const Host& host, std::span<const Adapter> adapters, const Console& console,
            Report& report);
void test(const Request& request, Host& host, const Console& console, Report& report);

// --- Shared (shared.cpp) ---

/// Counts the stages of a command and tells the console of each.
class Stages {
public:
    Stages(const Console& console, std::size_t total) : console_(console), total_(total) {}
    /// The next one begins.
    void next(const std::string& what);
    /// The next one has nothing to do.
    void skip() { ++begun_; }
    /// There are more of them than was thought.
    void expect(std::size_t more) { total_ += more; }

private:
    const Console& console_;
    std::size_t begun_ = 0;
    std::size_t total_;
};

/// The profiles that the request chooses, on this computer or in the home folder that it names.
Result<Discovery> discover_for(const Request& request, const Host& host, std::span<const Adapter> adapters);

/// How a command for the request's site starts: "unstick fix example.com", with the options that say which site, and
/// whose home folder. No secret of the address gets into it.
std::string fix_command(const Request& request);

/// How many cookies the profiles hold of the sites, other than the request's, that the re-test was sent to.
std::map<std::string, std::uint64_t> cookies_elsewhere(const Site& site, const std::optional<Probe>& probe,
                                                       std::span<const Discovered> profiles);

/// Names a site that the profiles know and whose name is one letter away from the request's: a next step in the report.
void suggest_near_miss(const Site& site, std::span<const Discovered> profiles, Report& report);

/// If there is no browser profile at all and nothing else went wrong, that is the verdict: exit code 9.
void note_no_profiles(const Request& request, const Discovery& discovery, Report& report);

/// A profile as it is shown, without stores.
ProfileReport report_of(const Adapter& adapter, const Profile& profile);
/// A profile that could not be held, with the reason.
ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Error& not_held);
/// A profile that was only looked at, and whether a browser has it open.
ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Use& use);
StoreReport report_of(const StorePlan& store, const Profile& profile);
/// A profile with every store that is in it, whoever's data it holds; appends what is wrong with them.
ProfileReport survey_of(const Discovered& found, const Host& host, std::vector<Error>& problems);

/// Adds what a plan names to the report: `shown` with its stores, if any has items, and all problems.
void add_plan(const ProfilePlan& plan, ProfileReport shown, Report& report);

/// The re-test before anything is changed. Sets the report's target and `before`.
void ask_site(const Request& request, Host& host, Stages& stages, Report& report);

/// A store's path as shown: below the profile where it is, else whole.
std::string shown_path(const fs::path& path, const Profile& profile);

/// Runs that were cut off before anything changed, and runs whose time is over, go. Runs that were cut off while
/// profiles changed stay, and are named: undoing them puts everything back.
void tidy_runs(const Request& request, const Host& host, Report& report);

/// The whole command cannot be done: sets verdict and exit code.
void refuse(Report& report, const Error& error);

/// True if the user agrees, or --yes was given. Otherwise the report says why nothing was done.
bool confirmed(const Request& request, const Console& console, Report& report);

}  // namespace unstick::commands
