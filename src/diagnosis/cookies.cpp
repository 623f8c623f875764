// Single cookies that are too old, or in the way of the site's answers.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "diagnosis/rules.h"

namespace unstick::findings {

namespace {

void find_secure_blockers(const DiagnosisInput& input, const std::vector<ItemView>& cookies, Findings& findings)
{
    std::vector<ItemView> blockers;
    for (const ItemView& seen : cookies) {
        const bool blocks = input.probe && seen.as<Cookie>().secure &&
                            std::any_of(input.probe->hops.begin(), input.probe->hops.end(), [&](const Hop& hop) {
                                return hop.url.starts_with("http://") && sets(hop, *seen.item);
                            });
        if (blocks) {
            blockers.push_back(seen);
        }
    }
    if (!blockers.empty()) {
        Finding finding = about(input, "secure-cookie-blocks", Confidence::high, blockers,
                                fmt::format("{}: an old cookie from https keeps the site's http pages from setting it.",
                                            list_of(blockers)));
        finding.evidence = {{"names", list_of(blockers)}};
        findings.push_back(std::move(finding));
    }
}

void find_restored(const DiagnosisInput& input, const std::vector<ItemView>& cookies, Findings& findings)
{
    constexpr std::int64_t old_s = 7 * day_s;
    std::vector<ItemView> restored;
    std::int64_t oldest = 0;
    for (const ItemView& seen : cookies) {
        const std::int64_t age = input.now - seen.item->created.value_or(input.now);
        if (!seen.as<Cookie>().persistent && age > old_s) {
            restored.push_back(seen);
            oldest = std::max(oldest, age);
        }
    }
    if (!restored.empty()) {
        Finding finding =
            about(input, "restored-session-cookie", Confidence::low, restored,
                  fmt::format("{}: should end with the browser, but lives for {}.", list_of(restored), age_of(oldest)));
        finding.evidence = {{"names", list_of(restored)}, {"age", age_of(oldest)}};
        findings.push_back(std::move(finding));
    }
}

void find_expired(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    auto expired = items_of<Cookie>(input, profile);
    std::erase_if(expired, [&](const ItemView& seen) { return !is_expired(*seen.item, input.now); });
    if (!expired.empty()) {
        Finding finding =
            about(input, "expired-cookie", Confidence::low, expired,
                  fmt::format("{} past {} time: {}.", count_of(expired.size(), "cookie is", "cookies are"),
                              expired.size() == 1 ? "its" : "their", list_of(expired)));
        finding.evidence = {{"names", list_of(expired)}, {"count", std::to_string(expired.size())}};
        findings.push_back(std::move(finding));
    }
}

}  // namespace

void cookies(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        const auto live = live_cookies(input, profile);
        find_secure_blockers(input, live, findings);
        find_restored(input, live, findings);
        find_expired(input, profile, findings);
    }
}

}  // namespace unstick::findings
