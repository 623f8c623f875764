#include "app/diagnose.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/retest.h"
#include "base/text.h"
#include "diagnosis/finding.h"

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

std::map<std::size_t, VisitSeen> seen_in_each(const std::map<std::size_t, Probe>& visits)
{
    std::map<std::size_t, VisitSeen> seen;
    for (const auto& entry : visits) {
        seen.emplace(entry.first, seen_in(entry.second));
    }
    return seen;
}

}  // namespace

Diagnosis diagnose(const Context& context, const std::optional<Probe>& clean, std::span<const ProfilePlan> inventory,
                   std::span<const Discovered> profiles, const std::map<std::size_t, Probe>& visits)
{
    const Request& request = context.request;
    const Site& site = *request.site;
    Diagnosis diagnosis;
    diagnosis.with_cookies = ask_with_cookies(request, context.host, clean, inventory);
    diagnosis.findings = find_causes({.inventory = inventory,
                                      .site = site,
                                      .probe = clean,
                                      .now = context.host.now(),
                                      .command = fix_command(request),
                                      .elsewhere = cookies_elsewhere(site, clean, profiles),
                                      .with_cookies = diagnosis.with_cookies,
                                      .scripts = ask_for_scripts(request, context.host, clean, inventory),
                                      .visits = seen_in_each(visits)});
    return diagnosis;
}

Diagnosis diagnose_recording(const Context& context, const Recording& recording, std::span<const ProfilePlan> inventory,
                             std::span<const Discovered> profiles)
{
    const Site& site = *context.request.site;
    const std::optional<Probe> page = page_in(recording, site);
    Diagnosis diagnosis;
    diagnosis.findings = find_causes({.inventory = inventory,
                                      .site = site,
                                      .probe = page,
                                      .now = context.host.now(),
                                      .command = fix_command(context.request),
                                      .elsewhere = cookies_elsewhere(site, page, profiles),
                                      .recording = &recording});
    return diagnosis;
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
    command += request.subdomains ? " --subdomains" : "";
    const auto sites = site.arguments();
    for (std::size_t i = 1; i < sites.size(); ++i) {
        command += " --also " + shell_word(sites[i]);
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
    if (!request.browser_family.empty()) {
        command += " --browser-family " + request.browser_family;
    }
    if (!request.cache_dir.empty()) {
        command += " --cache-dir " + shell_word(request.cache_dir.string());
    }
    return command;
}

std::string narrow_fix_command(const Request& request)
{
    std::string command = fix_command(request);
    for (std::size_t i = 0; i < request.browsers.size(); ++i) {
        command += (i == 0 ? " --browser " : ",") + request.browsers[i];
    }
    return command + (request.profile.empty() ? "" : " --profile " + shell_word(request.profile));
}

std::string visit_options(const Request& request)
{
    std::string options;
    const BrowserOptions& browser = request.probe.browser;
    const auto add = [&](std::string_view name, const std::string& value) {
        options += value.empty() ? std::string() : fmt::format(" --{} {}", name, shell_word(value));
    };
    add("browser-program", browser.program);
    for (const std::string& argument : browser.arguments) {
        options += " " + shell_word("--browser-argument=" + argument);
    }
    add("expect-text", browser.expect_text);
    add("expect-url", browser.expect_url);
    add("stuck-text", browser.stuck_text);
    add("expect-status", request.probe.expect_status ? std::to_string(*request.probe.expect_status) : "");
    return options;
}

std::string manner_options(const Request& request)
{
    std::string options;
    if (request.kinds != default_kinds() && !request.kinds.empty()) {
        std::string names;
        for (const Kind kind : request.kinds) {
            names += (names.empty() ? "" : ",") + std::string(info(kind).name);
        }
        options += " --only " + names;
    }
    const auto add = [&](bool is_given, std::string_view option) {
        options += is_given ? " --" + std::string(option) : std::string();
    };
    for (const std::string& name : request.keep_cookies) {
        options += " --keep-cookie " + shell_word(name);
    }
    add(request.whole_cache, "whole-cache");
    if (!request.rules.empty()) {
        options += fmt::format(" --rule {}", fmt::join(request.rules, ","));
    } else {
        add(request.stale, "stale");
    }
    add(request.escalate, "escalate");
    add(request.least, "least");
    if (!request.least && request.retest != Retest::http) {
        options += request.retest == Retest::browser ? " --retest browser" : " --retest none";
    }
    add(request.no_undo, "no-undo");
    add(request.yes, "yes");
    return options + visit_options(request);
}

}  // namespace unstick
