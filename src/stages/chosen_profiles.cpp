#include "chosen_profiles.h"

#include <set>

#include "../near_miss.h"
#include "../plan.h"

namespace unstick {

namespace {

Machine machine_of(const Job& job)
{
    const Request& request = job.request;
    return request.home.empty() ? job.host.machine()
                                : Machine::at_home(request.home, request.os.value_or(job.host.machine().os));
}

/// Asked for by name: that it is not there is not the same as an empty one.
Result<void> check_home(const fs::path& home)
{
    std::error_code failed;
    if (home.empty() || fs::is_directory(home, failed)) {
        return {};
    }
    const bool denied = failed == std::errc::permission_denied;
    return fail(denied ? Code::denied : Code::not_found, "--home " + home.string(),
                denied ? "permission denied" : "there is no such folder",
                denied ? "run unstick as this user, or as root"
                       : "name the folder that holds the user's files, for example /home/ann");
}

}  // namespace

std::optional<Discovery> discover_for(Job& job)
{
    const Request& request = job.request;
    auto found = check_home(request.home).and_then([&] {
        return discover(machine_of(job), job.adapters, {request.browsers, request.profile, request.user_data_dir});
    });
    if (!found) {
        refuse(job.report, found.error());
        return std::nullopt;
    }
    return std::move(*found);
}

void note_no_profiles(Job& job, const Discovery& discovery)
{
    Report& report = job.report;
    if (!discovery.profiles.empty() || (report.exit_code != Exit::ok && report.exit_code != Exit::nothing_found)) {
        return;
    }
    report.exit_code = Exit::nothing_found;
    report.verdict = {"no-profiles", "No browser profile was found, so there was nothing to look into."};
    if (report.before) {
        report.verdict.text += " " + describe(*report.before, job.request.probe.expect_status);
    }
    report.next = {"Is the browser's data at another place? Name its folder with --user-data-dir DIR.",
                   "Does another user have the profile? Name that user's home folder with --home DIR."};
}

void suggest_near_miss(Job& job, std::span<const Discovered> profiles)
{
    const Site near = near_misses(job.request.site->name());
    std::set<std::string> known;
    for (const auto& [adapter, profile] : profiles) {
        for (const StorePlan& store : plan_profile(*adapter, profile, near, {Kind::cookies}).stores) {
            for (const Item& item : store.found.items) {
                const std::string domain = registrable_domain(item.host.substr(item.host.starts_with('.') ? 1 : 0));
                if (near.owns_host(domain)) {
                    known.insert(domain);
                }
            }
        }
    }
    for (const std::string& name : known) {
        job.report.next.push_back("Did you mean " + name + "? The browser has cookies of it.");
    }
}

}  // namespace unstick
