// What the site answers to the browser's own cookies, where they could be sent.

#include <fmt/format.h>

#include <algorithm>

#include "../text.h"
#include "families.h"

namespace unstick::findings {

namespace {

std::string short_answer(const Probe& probe)
{
    return probe.error_code.empty() ? fmt::format("answers {}", probe.status) : "sends them in a circle";
}

/// The site lets a client without cookies in and refuses one with these: no other cause can be behind it.
void find_refused(const Scene& scene, const CookieProbe& asked, Findings& findings)
{
    if (!scene.probe || !is_let_in(*scene.probe) || !is_kept_out(asked.probe)) {
        return;
    }
    auto sent = items_of(scene, asked.profile, ItemType::cookie);
    std::erase_if(sent, [&](const Seen& seen) {
        const CookieName name{seen.item->host, seen.item->path, seen.item->name};
        return std::find(asked.sent.begin(), asked.sent.end(), name) == asked.sent.end();
    });
    if (sent.empty()) {
        return;
    }
    Finding finding = about(scene, "cookies-refused", Confidence::high, sent,
                            fmt::format("To this browser's cookies ({}) the site {}; without them it lets a client in.",
                                        list_of(sent), short_answer(asked.probe)));
    finding.evidence = {{"names", list_of(sent)},
                        {"status_with", std::to_string(asked.probe.status)},
                        {"status_without", std::to_string(scene.probe->status)}};
    findings.push_back(std::move(finding));
}

/// Bytes that a cookie must not have (RFC 6265 section 4.1.1) and that browsers send all the same: some servers answer
/// 400 to the whole request.
void find_odd(const Scene& scene, std::size_t profile, Findings& findings)
{
    auto odd = live_cookies(scene, profile);
    std::erase_if(odd, [](const Seen& seen) { return !seen.item->odd; });
    if (odd.empty()) {
        return;
    }
    const bool refused =
        std::any_of(scene.with_cookies.begin(), scene.with_cookies.end(), [&](const CookieProbe& asked) {
            return asked.profile == profile && asked.probe.status == 400 && scene.probe && is_let_in(*scene.probe);
        });
    Finding finding =
        about(scene, "malformed-cookie", refused ? Confidence::medium : Confidence::low, odd,
              fmt::format("{}: a cookie with bytes that no cookie should have; some servers refuse it.", list_of(odd)));
    finding.evidence = {{"names", list_of(odd)}};
    findings.push_back(std::move(finding));
}

}  // namespace

void cookie_answer(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        find_odd(scene, profile, findings);
    }
    for (const CookieProbe& asked : scene.with_cookies) {
        find_refused(scene, asked, findings);
    }
}

}  // namespace unstick::findings
