#include <fmt/format.h>

#include <algorithm>

#include "../audit.h"
#include "../hold.h"
#include "../journal.h"
#include "../media/medium.h"
#include "../near_miss.h"
#include "../text.h"
#include "commands.h"

namespace unstick::commands {

namespace {

Machine machine_of(const Request& request, const Host& host)
{
    return request.home.empty() ? host.machine()
                                : Machine::at_home(request.home, request.os.value_or(host.machine().os));
}

}  // namespace

Result<Discovery> discover_for(const Request& request, const Host& host, std::span<const Adapter> adapters)
{
    // Asked for by name: that it is not there is not the same as an empty one.
    if (std::error_code failed; !request.home.empty() && !fs::is_directory(request.home, failed)) {
        const bool denied = failed == std::errc::permission_denied;
        return fail(denied ? Code::denied : Code::not_found, "--home " + request.home.string(),
                    denied ? "permission denied" : "there is no such folder",
                    denied ? "run unstick as this user, or as root"
                           : "name the folder that holds the user's files, for example /home/ann");
    }
    return discover(machine_of(request, host), adapters, {request.browsers, request.profile, request.user_data_dir});
}

std::string fix_command(const Request& request)
{
    const Site& site = *request.site;
    // Queries and parameters of the path are left out: they may hold secrets.
    const std::string text = site.target().text();
    const std::string target = text.substr(0, text.find_first_of("?;"));
    const auto parsed = Site::parse(target);
    const bool says_site = parsed && (request.only_host ? parsed->only_host() : *parsed).name() == site.name();
    std::string command = "unstick fix ";
    if (target == "https://" + site.name() + "/") {
        command += shell_word(site.name());
    } else if (says_site) {
        command += shell_word(target);
    } else {
        command += shell_word(site.name()) + " --url " + shell_word(target);
    }
    command += request.only_host ? " --host" : "";
    const auto names = site.names();
    for (std::size_t i = 1; i < names.size(); ++i) {
        command += " --also " + shell_word(names[i]);
    }
    if (!request.home.empty()) {
        command += " --home " + shell_word(request.home.string());
    }
    if (request.os) {
        command += " --os " + std::string(name_of(*request.os));
    }
    if (!request.user_data_dir.empty()) {
        command += " --user-data-dir " + shell_word(request.user_data_dir.string());
    }
    return command;
}

std::map<std::string, std::uint64_t> cookies_elsewhere(const Site& site, const std::optional<Probe>& probe,
                                                       std::span<const Discovered> profiles)
{
    std::map<std::string, std::uint64_t> counts;
    for (const Hop& hop : probe ? probe->hops : std::vector<Hop>{}) {
        const std::string host(host_of(hop.url));
        const std::string domain = registrable_domain(host);
        const auto other = Site::parse(domain);
        if (site.owns_host(host) || !other || counts.contains(domain)) {
            continue;
        }
        std::uint64_t& count = counts[domain];
        for (const auto& [adapter, profile] : profiles) {
            count += plan_profile(*adapter, profile, *other, {Kind::cookies}).items();
        }
    }
    return counts;
}

void suggest_near_miss(const Site& site, std::span<const Discovered> profiles, Report& report)
{
    const Site near = near_misses(site.name());
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
        report.next.push_back("Did you mean " + name + "? The browser has cookies of it.");
    }
}

void note_no_profiles(const Request& request, const Discovery& discovery, Report& report)
{
    if (!discovery.profiles.empty() || (report.exit_code != Exit::ok && report.exit_code != Exit::nothing_found)) {
        return;
    }
    report.exit_code = Exit::nothing_found;
    report.verdict = {"no-profiles", "No browser profile was found, so there was nothing to look into."};
    if (report.before) {
        report.verdict.text += " " + describe(*report.before, request.probe.expect_status);
    }
    report.next = {"Is the browser's data at another place? Name its folder with --user-data-dir DIR.",
                   "Does another user have the profile? Name that user's home folder with --home DIR."};
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

ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Error& not_held)
{
    ProfileReport busy = report_of(adapter, profile);
    busy.in_use = not_held.code == Code::locked;
    busy.use = not_held.what;
    return busy;
}

ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Use& use)
{
    ProfileReport shown = report_of(adapter, profile);
    shown.in_use = use.state != Use::State::free;
    shown.use = use.what;
    return shown;
}

ProfileReport survey_of(const Discovered& found, const Host& host, std::vector<Error>& problems)
{
    const auto& [adapter, profile] = found;
    ProfileReport shown = report_of(*adapter, profile, use_of(*adapter, profile, host));
    // A scope that owns nothing: what is left is which stores there are and whether they are known.
    const ProfilePlan plan = plan_profile(*adapter, profile, Site(), all_kinds());
    for (const StorePlan& store : plan.stores) {
        shown.stores.push_back(report_of(store, profile));
        problems.insert(problems.end(), store.found.problems.begin(), store.found.problems.end());
    }
    return shown;
}

void add_plan(const ProfilePlan& plan, ProfileReport shown, Report& report)
{
    for (const StorePlan& store : plan.stores) {
        report.problems.insert(report.problems.end(), store.found.problems.begin(), store.found.problems.end());
        for (const std::string& note : store.found.notes) {
            if (std::find(report.next.begin(), report.next.end(), note) == report.next.end()) {
                report.next.push_back(note);
            }
        }
        if (!store.found.items.empty()) {
            shown.stores.push_back(report_of(store, plan.profile));
        }
    }
    if (!shown.stores.empty()) {
        report.profiles.push_back(std::move(shown));
    }
}

void ask_site(const Request& request, Host& host, Stages& stages, Report& report)
{
    const std::string target = request.site->target().text();
    report.target = shown_url(target);
    stages.next("asking " + report.target);
    report.before = probe(host, target, request.probe);
    compare(host, request.site->target(), request.probe, *report.before);
}

void ask_with_cookies(const Request& request, Host& host, std::span<const ProfilePlan> inventory, Report& report)
{
    if (!request.send_cookies || !report.before || !is_let_in(*report.before)) {
        return;
    }
    for (std::size_t i = 0; i < inventory.size(); ++i) {
        if (auto asked = probe_with_cookies(host, request.site->target(), request.probe, inventory[i])) {
            asked->profile = i;
            report.with_cookies.push_back(std::move(*asked));
        }
    }
}

std::map<std::string, ScriptAnswer> ask_for_scripts(const Request& request, Host& host,
                                                    std::span<const ProfilePlan> inventory, const Report& report)
{
    constexpr std::size_t most = 10;
    std::map<std::string, ScriptAnswer> answers;
    if (!report.before || report.before->status == 0) {
        return answers;
    }
    const auto ask = [&](const std::string& script) {
        const Reply reply = host.http(request.probe.http)->get(script);
        ScriptAnswer& answer = answers[script];
        answer.status = reply.status;
        for (const auto& [name, value] : reply.headers) {
            answer.is_page = answer.is_page || (lower(name) == "content-type" && lower(value).starts_with("text/html"));
        }
    };
    for (const ProfilePlan& plan : inventory) {
        for (const StorePlan& store : plan.stores) {
            for (const Item& item : store.found.items) {
                if (item.type == ItemType::service_worker && request.site->owns_url(item.script) &&
                    !answers.contains(item.script) && answers.size() < most) {
                    ask(item.script);
                }
            }
        }
    }
    return answers;
}

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

void tidy_runs(const Request& request, const Host& host, Report& report)
{
    const auto runs = list_runs(request.state_dir);
    if (!runs) {
        report.problems.push_back(runs.error());
        return;
    }
    for (const RunSummary& run : *runs) {
        if (run.state == "preparing" || (run.when > 0 && run.when + keep_runs_for_s < host.now())) {
            (void)erase_run(request.state_dir, run.id);  // locked: another unstick works on it
            continue;
        }
        if (run.state != "applying" && run.state != "undoing") {
            continue;
        }
        if (auto journal = Journal::open(request.state_dir, run.id); journal) {
            media::tidy(*journal);
            report.problems.push_back({Code::changed, run.id,
                                       "an earlier run on " + run.site + " was cut off before it was complete",
                                       "put everything back as it was with: unstick undo " + run.id});
        }
    }
}

void Stages::next(const std::string& what)
{
    if (console_.progress) {
        console_.progress({what, begun_, total_});
    }
    ++begun_;
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

bool confirmed(const Request& request, const Console& console, Report& report)
{
    if (request.yes) {
        return true;
    }
    if (!console.confirm) {
        refuse(report, {Code::usage, report.command, "nobody is there to confirm, and --yes was not given",
                        request.command == Command::fix
                            ? "run it on a terminal, or add --yes; --dry-run shows what would be removed"
                            : "run it on a terminal, or add --yes"});
        return false;
    }
    if (!console.confirm(report)) {
        report.verdict = {"cancelled", "Cancelled. Nothing was changed."};
        report.exit_code = Exit::cancelled;
        return false;
    }
    return true;
}

}  // namespace unstick::commands
