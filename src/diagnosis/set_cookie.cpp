// What is wrong with the site's own answers: nothing in the browser helps.

#include <fmt/format.h>

#include "diagnosis/rules.h"
#include "web/set_cookie.h"
#include "web/url.h"

namespace unstick::findings {

namespace {

void find_refused_cookies(const DiagnosisInput& input, Findings& findings)
{
    std::string list;
    std::vector<std::pair<std::string, std::string>> evidence;
    std::string where;
    for (const Hop& hop : input.probe->hops) {
        for (const RefusedCookie& cookie : hop.refused_cookies) {
            const std::string name = cookie.name.empty() ? "one without a name" : cookie.name;
            list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", name, explain_refusal(cookie.reason));
            evidence.emplace_back("cookie", fmt::format("{} {} of {}", cookie.reason, name, host_of(hop.url)));
            where = host_of(hop.url);
        }
    }
    if (!list.empty()) {
        findings.push_back(outside("refused-set-cookie", Confidence::medium, where,
                                   fmt::format("The site sets cookies that no browser stores: {}.", list),
                                   "tell the site's administrator; nothing in the browser helps"));
        findings.back().evidence = std::move(evidence);
    }
}

void find_wanted_certificate(const DiagnosisInput& input, Findings& findings)
{
    if (input.probe->wants_certificate) {
        findings.push_back(outside("wants-certificate", Confidence::medium,
                                   std::string(host_of(input.probe->final_url)),
                                   "The site wants a certificate that tells who you are; a choice of \"none\" is "
                                   "remembered until the browser ends.",
                                   "close every window of the browser, start it again, and choose the certificate"));
    }
}

/// Browsers keep passwords by realm (RFC 9110 section 11.5).
void find_changing_realm(const DiagnosisInput& input, Findings& findings)
{
    if (input.probe->realm_changes) {
        findings.push_back(outside("realm-changes", Confidence::high, std::string(host_of(input.probe->final_url)),
                                   "The site gives its sign-in another name (realm) with each answer, so no saved "
                                   "password fits and the browser asks again and again.",
                                   "tell the site's administrator; nothing in the browser helps"));
    }
}

}  // namespace

void set_cookie(const DiagnosisInput& input, Findings& findings)
{
    if (input.probe) {
        find_refused_cookies(input, findings);
        find_wanted_certificate(input, findings);
        find_changing_realm(input, findings);
    }
}

}  // namespace unstick::findings
