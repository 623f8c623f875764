// Sign-ins that the browser does by itself, and sites that ask for none.

#include <fmt/format.h>

#include <algorithm>

#include "../text.h"
#include "../url.h"
#include "families.h"

namespace unstick::findings {

namespace {

/// Chromium names saved HTTP credentials "<origin>/<realm>".
bool answers_challenge(const Item& login, const Probe& probe)
{
    const auto url = parse_url(probe.final_url);
    return url && probe.status == 401 &&
           std::any_of(probe.challenges.begin(), probe.challenges.end(), [&](const Challenge& challenge) {
               return login.host == url->origin() + "/" + std::string(challenge.realm());
           });
}

void find_saved_sign_ins(const Scene& scene, std::size_t profile, Findings& findings)
{
    std::vector<Seen> saved;
    std::int64_t age = 0;
    for (const Seen& seen : items_of(scene, profile, ItemType::http_login)) {
        if (scene.probe && answers_challenge(*seen.item, *scene.probe)) {
            saved.push_back(seen);
            age = std::max(age, scene.now - seen.item->created.value_or(scene.now));
        }
    }
    if (!saved.empty()) {
        Finding finding = about(scene, "saved-sign-in", Confidence::medium, saved,
                                fmt::format("The browser answers the site's question with a password saved {} ago; it "
                                            "may be an old one.",
                                            age_of(age)));
        for (const Seen& seen : saved) {
            finding.evidence.emplace_back("realm", seen.item->host);
        }
        finding.evidence.emplace_back("age", age_of(age));
        findings.push_back(std::move(finding));
    }
}

/// RFC 9110 section 15.5.2: who answers 401 must say how to sign in.
void find_no_challenge(const Scene& scene, Findings& findings)
{
    if (!scene.probe || scene.probe->status != 401 || answer_of(*scene.probe, {}) != Answer::refused) {
        return;
    }
    const bool none = scene.probe->challenges.empty();
    Finding finding = outside("no-usable-challenge", Confidence::high, std::string(host_of(scene.probe->final_url)),
                              none ? "The site refuses (401) without saying how to sign in."
                                   : "The site refuses (401) and asks for a sign-in that no browser can do.",
                              "tell the site's administrator; nothing in the browser helps");
    for (const Challenge& challenge : scene.probe->challenges) {
        finding.evidence.emplace_back("scheme", challenge.scheme);
    }
    findings.push_back(std::move(finding));
}

void find_lone_bound_sessions(const Scene& scene, std::size_t profile, Findings& findings)
{
    const auto cookies = items_of(scene, profile, ItemType::cookie);
    std::vector<Seen> alone;
    for (const Seen& seen : items_of(scene, profile, ItemType::bound_session)) {
        const std::string domain = registrable_domain(host_of(seen.item->host));
        const bool has_cookie = std::any_of(cookies.begin(), cookies.end(), [&](const Seen& cookie) {
            return registrable_domain(bare_host(cookie.item->host)) == domain &&
                   (!cookie.item->expires || *cookie.item->expires > scene.now);
        });
        if (!has_cookie) {
            alone.push_back(seen);
        }
    }
    if (!alone.empty()) {
        findings.push_back(about(scene, "bound-session-alone", Confidence::medium, alone,
                                 "A session that is bound to this device is left over; its cookies are gone."));
        findings.back().evidence = {{"site", alone.front().item->host}};
    }
}

}  // namespace

void auth(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        find_saved_sign_ins(scene, profile, findings);
        find_lone_bound_sessions(scene, profile, findings);
    }
    find_no_challenge(scene, findings);
}

}  // namespace unstick::findings
