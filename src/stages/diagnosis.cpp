#include "diagnosis.h"

#include "../findings/finding.h"
#include "../text.h"
#include "retest.h"

namespace unstick {

namespace {

/// How many cookies the profiles hold of the sites, other than the request's, that the re-test was sent to.
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

}  // namespace

void diagnose(Job& job, std::span<const ProfilePlan> inventory, std::span<const Discovered> profiles)
{
    const Site& site = *job.request.site;
    Report& report = job.report;
    ask_with_cookies(job, inventory);
    report.findings = find_causes({inventory, site, report.before, job.host.now(), fix_command(job.request),
                                   cookies_elsewhere(site, report.before, profiles), report.with_cookies,
                                   ask_for_scripts(job, inventory)});
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

}  // namespace unstick
