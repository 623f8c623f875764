// What the site answers to the browser's own cookies, where they could be sent.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "diagnosis/rules.h"

namespace unstick::findings {

namespace {

std::string short_answer(const Probe& probe)
{
    return probe.error_code.empty() ? fmt::format("answers {}", probe.status) : "sends them in a circle";
}

/// The site lets a client without cookies in and refuses one with these: no other cause can be behind it.
void find_refused(const DiagnosisInput& input, const CookieProbe& asked, Findings& findings)
{
    if (!input.probe || !is_let_in(*input.probe) || !is_kept_out(asked.probe)) {
        return;
    }
    auto sent = items_of<Cookie>(input, asked.profile);
    std::erase_if(sent, [&](const ItemView& seen) {
        return std::find(asked.sent.begin(), asked.sent.end(), cookie_name(*seen.item)) == asked.sent.end();
    });
    if (sent.empty()) {
        return;
    }
    Finding finding = about(input, "cookies-refused", Confidence::high, sent,
                            fmt::format("To this browser's cookies ({}) the site {}; without them it lets a client in.",
                                        list_of(sent), short_answer(asked.probe)));
    finding.evidence = {{"names", list_of(sent)},
                        {"status_with", std::to_string(asked.probe.status)},
                        {"status_without", std::to_string(input.probe->status)}};
    findings.push_back(std::move(finding));
}

/// Bytes that a cookie must not have (RFC 6265 section 4.1.1) and that browsers send all the same: some servers answer
/// 400 to the whole request.
void find_malformed(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    auto malformed = live_cookies(input, profile);
    std::erase_if(malformed, [](const ItemView& seen) { return !seen.as<Cookie>().invalid_octets; });
    if (malformed.empty()) {
        return;
    }
    const bool refused =
        std::any_of(input.with_cookies.begin(), input.with_cookies.end(), [&](const CookieProbe& asked) {
            return asked.profile == profile && asked.probe.status == 400 && input.probe && is_let_in(*input.probe);
        });
    Finding finding = about(
        input, "malformed-cookie", refused ? Confidence::medium : Confidence::low, malformed,
        fmt::format("{}: a cookie with bytes that no cookie should have; some servers refuse it.", list_of(malformed)));
    finding.evidence = {{"names", list_of(malformed)}};
    findings.push_back(std::move(finding));
}

}  // namespace

void cookies_refused(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        find_malformed(input, profile, findings);
    }
    for (const CookieProbe& asked : input.with_cookies) {
        find_refused(input, asked, findings);
    }
}

}  // namespace unstick::findings
