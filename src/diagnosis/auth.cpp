// Sign-ins that the browser does by itself, and sites that ask for none.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "diagnosis/rules.h"
#include "net/compare.h"
#include "web/cookie_match.h"
#include "web/url.h"

namespace unstick::findings {

namespace {

bool answers_challenge(const HttpLogin& login, const Probe& probe)
{
    const auto url = parse_url(probe.final_url);
    return url && probe.status == 401 &&
           std::any_of(probe.challenges.begin(), probe.challenges.end(), [&](const Challenge& challenge) {
               return login.origin == url->origin() && login.realm == challenge.realm();
           });
}

void find_saved_sign_ins(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    std::vector<ItemView> saved;
    std::int64_t age = 0;
    for (const ItemView& seen : items_of<HttpLogin>(input, profile)) {
        if (input.probe && answers_challenge(seen.as<HttpLogin>(), *input.probe)) {
            saved.push_back(seen);
            age = std::max(age, input.now - seen.item->created.value_or(input.now));
        }
    }
    if (!saved.empty()) {
        Finding finding = about(input, "saved-sign-in", Confidence::medium, saved,
                                fmt::format("The browser answers the site's question with a password saved {} ago; it "
                                            "may be an old one.",
                                            age_of(age)));
        for (const ItemView& seen : saved) {
            const auto& [origin, realm] = seen.as<HttpLogin>();
            finding.evidence.emplace_back("realm", origin + "/" + realm);
        }
        finding.evidence.emplace_back("age", age_of(age));
        findings.push_back(std::move(finding));
    }
}

/// Chromium takes a header line for one challenge, Firefox and WebKit take it apart (docs/judged-by-browsers.md). Is
/// one lost by that?
bool find_hidden_challenges(const DiagnosisInput& input, Findings& findings)
{
    const auto& challenges = input.probe->challenges;
    const auto hidden = std::find_if(challenges.begin(), challenges.end(), [](const Challenge& challenge) {
        const std::string scheme = lower(challenge.scheme);
        return challenge.is_behind_another && (scheme == "basic" || scheme == "digest" || scheme == "ntlm");
    });
    if (hidden == challenges.end()) {
        return false;
    }
    Finding finding = outside(
        "challenges-in-one-line", Confidence::high, std::string(host_of(input.probe->final_url)),
        fmt::format("The site offers {} behind another way to sign in, in one line of its answer (WWW-Authenticate): "
                    "Chrome, Edge and their like do not see it, and ask for no password.",
                    hidden->scheme),
        "tell the site's administrator to send each challenge in a line of its own; Firefox and Safari may get in");
    for (const Challenge& challenge : challenges) {
        finding.evidence.emplace_back("scheme", challenge.scheme);
    }
    findings.push_back(std::move(finding));
    return true;
}

/// "Firefox and GNOME Web": those that ask where Chrome and its like do not; empty if there are none.
std::string others_that_ask(const Probe& probe)
{
    std::string names;
    for (const std::string_view browser : probe.asked_by) {
        names += (names.empty() ? "" : " and ") + std::string(browser == "firefox" ? "Firefox" : "GNOME Web");
    }
    return names;
}

/// RFC 9110 section 15.5.2: who answers 401 must say how to sign in.
void find_no_challenge(const DiagnosisInput& input, Findings& findings)
{
    if (!input.probe || input.probe->status != 401 || answer_of(*input.probe, {}) != Answer::refused ||
        find_hidden_challenges(input, findings)) {
        return;
    }
    const bool none = input.probe->challenges.empty();
    const std::string start = page_to_start_at(*input.probe);
    if (!start.empty() || is_for_programs(*input.probe)) {
        findings.push_back(outside(
            "no-usable-challenge", Confidence::low, std::string(host_of(input.probe->final_url)),
            "This address refuses (401), and asks for no sign-in that a browser can do: it may be one for programs.",
            start.empty() ? "another page of the site may work: start at the page where you sign in"
                          : "another page of the site may work: start at " + start));
        findings.back().evidence = {{"address", input.probe->final_url}};
        return;
    }
    const std::string others = others_that_ask(*input.probe);
    Finding finding =
        outside("no-usable-challenge", Confidence::high, std::string(host_of(input.probe->final_url)),
                none             ? "The site refuses (401) without saying how to sign in."
                : others.empty() ? "The site refuses (401) and asks for a sign-in that no browser can do."
                                 : "The site refuses (401) and asks for a sign-in in a way that Chrome, Edge and their "
                                   "like do not understand; " +
                                       others + " would ask for a password.",
                others.empty() ? "tell the site's administrator; nothing in the browser helps"
                               : "tell the site's administrator; until then " + others + " may get in");
    for (const Challenge& challenge : input.probe->challenges) {
        finding.evidence.emplace_back("scheme", challenge.scheme);
    }
    findings.push_back(std::move(finding));
}

void find_lone_bound_sessions(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    const auto cookies = items_of<Cookie>(input, profile);
    std::vector<ItemView> alone;
    for (const ItemView& seen : items_of<BoundSession>(input, profile)) {
        const std::string domain = registrable_domain(host_of(seen.item->host));
        const bool has_cookie = std::any_of(cookies.begin(), cookies.end(), [&](const ItemView& cookie) {
            return registrable_domain(cookie_domain(cookie.item->host)) == domain &&
                   (!cookie.item->expires || *cookie.item->expires > input.now);
        });
        if (!has_cookie) {
            alone.push_back(seen);
        }
    }
    if (!alone.empty()) {
        findings.push_back(about(input, "bound-session-alone", Confidence::medium, alone,
                                 "A session that is bound to this device is left over; its cookies are gone."));
        findings.back().evidence = {{"site", alone.front().item->host}};
    }
}

}  // namespace

void auth(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        find_saved_sign_ins(input, profile, findings);
        find_lone_bound_sessions(input, profile, findings);
    }
    find_no_challenge(input, findings);
}

}  // namespace unstick::findings
