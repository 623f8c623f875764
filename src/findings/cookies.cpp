// Single cookies that are too old, or in the way of the site's answers.

#include <fmt/format.h>

#include <algorithm>

#include "../text.h"
#include "families.h"

namespace unstick::findings {

namespace {

void find_secure_blockers(const Scene& scene, const std::vector<Seen>& cookies, Findings& findings)
{
    std::vector<Seen> blockers;
    for (const Seen& seen : cookies) {
        const bool blocks = scene.probe && seen.item->secure &&
                            std::any_of(scene.probe->hops.begin(), scene.probe->hops.end(), [&](const Hop& hop) {
                                return hop.url.starts_with("http://") && sets(hop, *seen.item);
                            });
        if (blocks) {
            blockers.push_back(seen);
        }
    }
    if (!blockers.empty()) {
        Finding finding = about(scene, "secure-cookie-blocks", Confidence::high, blockers,
                                fmt::format("{}: an old cookie from https keeps the site's http pages from setting it.",
                                            list_of(blockers)));
        finding.evidence = {{"names", list_of(blockers)}};
        findings.push_back(std::move(finding));
    }
}

void find_undead(const Scene& scene, const std::vector<Seen>& cookies, Findings& findings)
{
    constexpr std::int64_t old_s = 7 * day_s;
    std::vector<Seen> undead;
    std::int64_t oldest = 0;
    for (const Seen& seen : cookies) {
        const std::int64_t age = scene.now - seen.item->created.value_or(scene.now);
        if (!seen.item->persistent && age > old_s) {
            undead.push_back(seen);
            oldest = std::max(oldest, age);
        }
    }
    if (!undead.empty()) {
        Finding finding =
            about(scene, "undead-session-cookie", Confidence::low, undead,
                  fmt::format("{}: should end with the browser, but lives for {}.", list_of(undead), age_of(oldest)));
        finding.evidence = {{"names", list_of(undead)}, {"age", age_of(oldest)}};
        findings.push_back(std::move(finding));
    }
}

void find_expired(const Scene& scene, std::size_t profile, Findings& findings)
{
    auto expired = items_of(scene, profile, ItemType::cookie);
    std::erase_if(expired, [&](const Seen& seen) { return !is_expired(*seen.item, scene.now); });
    if (!expired.empty()) {
        Finding finding =
            about(scene, "expired-cookie", Confidence::low, expired,
                  fmt::format("{} past {} time: {}.", count_of(expired.size(), "cookie is", "cookies are"),
                              expired.size() == 1 ? "its" : "their", list_of(expired)));
        finding.evidence = {{"names", list_of(expired)}, {"count", std::to_string(expired.size())}};
        findings.push_back(std::move(finding));
    }
}

}  // namespace

void cookies(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        const auto live = live_cookies(scene, profile);
        find_secure_blockers(scene, live, findings);
        find_undead(scene, live, findings);
        find_expired(scene, profile, findings);
    }
}

}  // namespace unstick::findings
