// What keeps a site's scripts from storing anything: broken databases, and settings that forbid cookies.

#include <fmt/format.h>

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

}  // namespace

void storage(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        find_broken(scene, profile, findings);
        find_blocked_cookies(scene, profile, findings);
    }
}

}  // namespace unstick::findings
