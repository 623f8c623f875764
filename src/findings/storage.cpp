// What keeps a site's scripts from storing anything: broken databases, and settings that forbid cookies.

#include <fmt/format.h>

#include <algorithm>

#include "../url.h"
#include "families.h"

namespace unstick::findings {

namespace {

void find_broken(const Scene& scene, std::size_t profile, Findings& findings)
{
    auto broken = items_of(scene, profile, ItemType::database);
    std::erase_if(broken, [](const Seen& seen) { return !seen.item->failed; });
    if (!broken.empty()) {
        Finding finding = about(scene, "broken-database", Confidence::medium, broken,
                                fmt::format("A database of the site's scripts cannot be opened: {}.", list_of(broken)));
        finding.evidence = {{"origins", list_of(broken)}};
        findings.push_back(std::move(finding));
    }
}

/// A setting "block" for cookies is about all storage of the site: Chromium gives it neither cookies nor local storage.
void find_blocked_cookies(const Scene& scene, std::size_t profile, Findings& findings)
{
    auto blocked = items_of(scene, profile, ItemType::site_setting);
    std::erase_if(blocked, [](const Seen& seen) { return seen.item->name != "cookies" || !seen.item->blocks; });
    if (!blocked.empty()) {
        Finding finding = about(scene, "cookies-blocked", Confidence::high, blocked,
                                "A setting of this browser forbids the site its cookies, so no sign-in can last.");
        for (const Seen& seen : blocked) {
            finding.evidence.emplace_back("setting", seen.item->label);
        }
        findings.push_back(std::move(finding));
    }
}

/// What forbids more than this site its cookies is named, and left: it is the user's or the administrator's to change.
void find_bans(const Scene& scene, std::size_t profile, Findings& findings)
{
    const bool over_other_sites =
        scene.probe && std::any_of(scene.probe->hops.begin(), scene.probe->hops.end(),
                                   [&](const Hop& hop) { return !scene.site.owns_host(host_of(hop.url)); });
    const ProfilePlan& plan = scene.inventory[profile];
    for (const StorePlan& store : plan.stores) {
        for (const CookieBan& ban : store.found.bans) {
            const bool policy = ban.by == CookieBan::By::policy;
            const std::string who = policy ? "A policy of this computer's administrator" : "A setting of this browser";
            if (ban.third_party && !over_other_sites) {
                continue;  // of no matter for a sign-in at the site itself
            }
            findings.push_back(outside(
                ban.third_party ? "third-party-cookies-blocked" : "cookies-blocked",
                ban.third_party ? Confidence::low : Confidence::high, plan.profile.browser + "/" + plan.profile.id,
                who + (ban.third_party ? " keeps other sites' frames from their cookies; sign-ins that go over another "
                                         "site may need them."
                                       : " forbids the site its cookies, so no sign-in can last."),
                policy ? "ask the administrator to allow cookies for this site"
                       : "allow cookies for this site in the browser's settings (Privacy, Cookies)"));
            findings.back().evidence = {{policy ? "policy" : "setting", ban.name}};
        }
    }
}

}  // namespace

void storage(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        find_broken(scene, profile, findings);
        find_blocked_cookies(scene, profile, findings);
        find_bans(scene, profile, findings);
    }
}

}  // namespace unstick::findings
