// Answers that come from the browser and not from the site: cached ones, and those of service workers.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "../formats/cached_answer.h"
#include "../text.h"
#include "../url.h"
#include "families.h"

namespace unstick::findings {

namespace {

/// An address with a query is not known well enough to be compared: bare_address leaves "?" of it.
bool is_whole(std::string_view address)
{
    return !address.empty() && !address.ends_with('?');
}

/// The live answer for an address; nullptr if the re-test did not ask for it.
const Hop* live_answer(const Scene& scene, const std::string& address)
{
    if (!scene.probe || !is_whole(address)) {
        return nullptr;
    }
    const auto hop = std::find_if(scene.probe->hops.begin(), scene.probe->hops.end(),
                                  [&](const Hop& h) { return h.status != 0 && bare_address(h.url) == address; });
    return hop == scene.probe->hops.end() ? nullptr : &*hop;
}

/// Where a cached redirect leads, absolute; empty if that cannot be told.
std::string target_of(const Item& answer)
{
    if (answer.location.find("://") != std::string::npos) {
        return answer.location;
    }
    const std::size_t host = answer.name.find("://");
    if (host == std::string::npos || !answer.location.starts_with('/')) {
        return {};
    }
    if (answer.location.starts_with("//")) {
        return answer.name.substr(0, host + 1) + answer.location;
    }
    return answer.name.substr(0, answer.name.find('/', host + 3)) + answer.location;
}

using Redirects = std::map<std::string, std::string>;

/// Do cached redirects lead from the address back to it?
bool goes_in_circle(const std::string& address, const Redirects& redirects)
{
    auto next = redirects.find(address);
    for (std::size_t steps = 0; next != redirects.end() && steps < redirects.size(); ++steps) {
        if (next->second == address) {
            return true;
        }
        next = redirects.find(next->second);
    }
    return false;
}

void find_redirects(const Scene& scene, const std::vector<Seen>& answers, Findings& findings)
{
    std::vector<Seen> permanent;
    Redirects redirects;
    for (const Seen& seen : answers) {
        const bool is_permanent = seen.item->status == 301 || seen.item->status == 308;
        const std::string target = target_of(*seen.item);
        if (is_permanent && is_whole(seen.item->name) && !target.empty()) {
            permanent.push_back(seen);
            redirects[seen.item->name] = target;
        }
    }
    std::vector<Seen> wrong;
    for (const Seen& seen : permanent) {
        const Hop* live = live_answer(scene, seen.item->name);
        const bool differs = live != nullptr && bare_address(live->location) != target_of(*seen.item);
        if (differs || (live == nullptr && goes_in_circle(seen.item->name, redirects))) {
            wrong.push_back(seen);
        }
    }
    if (wrong.empty()) {
        return;
    }
    Finding finding = about(
        scene, "cached-redirect", Confidence::high, wrong,
        fmt::format("The browser remembers a redirect that the site does not make any more: {}.", list_of(wrong)));
    for (const Seen& seen : wrong) {
        finding.evidence.emplace_back("redirect", seen.item->name + " to " + seen.item->location);
    }
    findings.push_back(std::move(finding));
}

void find_refusals(const Scene& scene, const std::vector<Seen>& answers, Findings& findings)
{
    std::vector<Seen> refusals;
    bool proven = false;
    for (const Seen& seen : answers) {
        if ((seen.item->status != 401 && seen.item->status != 403) || !scene.site.owns_host(seen.item->host)) {
            continue;
        }
        const Hop* live = live_answer(scene, seen.item->name);
        if (live != nullptr && live->status == seen.item->status) {
            continue;  // the site itself says so
        }
        refusals.push_back(seen);
        proven = proven || live != nullptr;
    }
    if (refusals.empty()) {
        return;
    }
    Finding finding = about(scene, "cached-refusal", proven ? Confidence::medium : Confidence::low, refusals,
                            fmt::format("The browser keeps {} of the site in its cache: {}.",
                                        count_of(refusals.size(), "refusal", "refusals"), list_of(refusals)));
    for (const Seen& seen : refusals) {
        finding.evidence.emplace_back("answer", fmt::format("{} {}", seen.item->status, seen.item->name));
    }
    findings.push_back(std::move(finding));
}

/// A page kept in the cache holds the token against forged forms (CSRF) of the day it was made. Where the site sets a
/// new token with that very page, a form on the kept one is refused when it is sent.
void find_kept_forms(const Scene& scene, const std::vector<Seen>& answers, Findings& findings)
{
    const auto is_form_token = [](const std::string& name) {
        const std::string lowered = lower(name);
        return lowered.find("csrf") != std::string::npos || lowered.find("xsrf") != std::string::npos;
    };
    std::vector<Seen> kept;
    for (const Seen& seen : answers) {
        const Hop* live = live_answer(scene, seen.item->name);
        if (seen.item->status == 200 && live != nullptr && live->status == 200 &&
            std::any_of(live->set_cookie_names.begin(), live->set_cookie_names.end(), is_form_token)) {
            kept.push_back(seen);
        }
    }
    if (!kept.empty()) {
        findings.push_back(
            about(scene, "kept-form", Confidence::low, kept,
                  fmt::format("The browser keeps a page whose form may be out of date: {}.", list_of(kept))));
        findings.back().evidence = {{"page", kept.front().item->name}};
    }
}

/// When a cookie was last sent to the host.
std::optional<std::int64_t> last_visit(const Scene& scene, std::size_t profile, std::string_view host)
{
    std::optional<std::int64_t> last;
    for (const Seen& seen : items_of(scene, profile, ItemType::cookie)) {
        if (is_sent_to(*seen.item, host, {}) && seen.item->partition.empty() && seen.item->used) {
            last = std::max(last.value_or(0), *seen.item->used);
        }
    }
    return last;
}

/// A worker whose script the site does not give out any more can never be updated, nor does it end by itself before the
/// browser notices.
void find_orphaned_workers(const Scene& scene, std::size_t profile, Findings& findings)
{
    std::vector<Seen> orphans;
    bool gone = true;
    for (const Seen& seen : items_of(scene, profile, ItemType::service_worker)) {
        const auto asked = scene.scripts.find(seen.item->script);
        if (asked == scene.scripts.end()) {
            continue;
        }
        const auto& [status, is_page] = asked->second;
        const bool is_gone = status == 404 || status == 410;
        if (is_gone || (status == 200 && is_page)) {
            orphans.push_back(seen);
            gone = gone && is_gone;
        }
    }
    if (!orphans.empty()) {
        Finding finding = about(scene, "orphaned-service-worker", gone ? Confidence::high : Confidence::medium, orphans,
                                gone ? "A part of the site that runs in the browser is not on the site any more."
                                     : "The site answers with a page for a part of it that runs in the browser, and "
                                       "that can therefore not be updated.");
        for (const Seen& seen : orphans) {
            finding.evidence.emplace_back("host", seen.item->host);
            finding.evidence.emplace_back("status", std::to_string(scene.scripts.at(seen.item->script).status));
        }
        findings.push_back(std::move(finding));
    }
}

/// Browsers look for a new script on a visit if the last look is a day old. A worker that was not looked after for a
/// week although the site was used stays as it is because the look fails: its script is gone or broken.
void find_stale_workers(const Scene& scene, std::size_t profile, Findings& findings)
{
    constexpr std::int64_t week_s = 7 * 86400;
    constexpr std::int64_t two_days_s = 2 * 86400;
    std::vector<Seen> stale;
    std::int64_t age = 0;
    for (const Seen& seen : items_of(scene, profile, ItemType::service_worker)) {
        const auto visit = last_visit(scene, profile, seen.item->host);
        const auto checked = seen.item->changed;
        if (seen.item->answers_pages && checked && visit && scene.now - *checked > week_s &&
            *visit - *checked > two_days_s) {
            stale.push_back(seen);
            age = std::max(age, scene.now - *checked);
        }
    }
    if (!stale.empty()) {
        Finding finding =
            about(scene, "stale-service-worker", Confidence::medium, stale,
                  fmt::format("A part of the site that runs in the browser could not be updated for {}.", age_of(age)));
        for (const Seen& seen : stale) {
            finding.evidence.emplace_back("host", seen.item->host);
        }
        findings.push_back(std::move(finding));
    }
}

/// A worker that answers for pages can keep the browser from asking for a name and password.
void find_hiding_workers(const Scene& scene, std::size_t profile, Findings& findings)
{
    if (!scene.probe || answer_of(*scene.probe, {}) != Answer::challenge) {
        return;
    }
    std::vector<Seen> hiding;
    for (const Seen& seen : items_of(scene, profile, ItemType::service_worker)) {
        if (seen.item->answers_pages && seen.item->partition.empty() &&
            seen.item->host == host_of(scene.probe->final_url)) {
            hiding.push_back(seen);
        }
    }
    if (!hiding.empty()) {
        findings.push_back(about(scene, "worker-hides-sign-in", Confidence::high, hiding,
                                 "The site asks for a password, but a part of it that runs in the browser may hide "
                                 "the question."));
        findings.back().evidence = {{"host", hiding.front().item->host}};
    }
}

}  // namespace

void cache(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        const auto answers = items_of(scene, profile, ItemType::cached_answer);
        find_redirects(scene, answers, findings);
        find_refusals(scene, answers, findings);
        find_kept_forms(scene, answers, findings);
        find_orphaned_workers(scene, profile, findings);
        find_stale_workers(scene, profile, findings);
        find_hiding_workers(scene, profile, findings);
    }
}

}  // namespace unstick::findings
