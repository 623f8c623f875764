// Answers that come from the browser and not from the site: cached ones, and those of service workers.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "diagnosis/rules.h"
#include "web/masking.h"
#include "web/url.h"

namespace unstick::findings {

namespace {

/// An address with a query, or with a path that is not shown, is not known well enough to be compared: bare_address
/// leaves "?" of the one, "..." of the other.
bool is_whole(std::string_view address)
{
    return !address.empty() && !address.ends_with('?') && !has_masked_segment(address);
}

/// The live answer for an address; nullptr if the re-test did not ask for it.
const Hop* live_answer(const DiagnosisInput& input, const std::string& address)
{
    if (!input.probe || !is_whole(address)) {
        return nullptr;
    }
    const auto hop = std::find_if(input.probe->hops.begin(), input.probe->hops.end(),
                                  [&](const Hop& h) { return h.status != 0 && bare_address(h.url) == address; });
    return hop == input.probe->hops.end() ? nullptr : &*hop;
}

/// Where a cached redirect leads, absolute; empty if that cannot be told.
std::string target_of(const ItemView& answer)
{
    const std::string& location = answer.as<CachedResponse>().location;
    if (split_url(location)) {
        return location;
    }
    const auto base = split_url(answer.item->name);
    if (!base || !location.starts_with('/')) {
        return {};
    }
    return location.starts_with("//") ? fmt::format("{}:{}", base->scheme, location)
                                      : fmt::format("{}://{}{}", base->scheme, base->authority, location);
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

void find_redirects(const DiagnosisInput& input, const std::vector<ItemView>& answers, Findings& findings)
{
    std::vector<ItemView> permanent;
    Redirects redirects;
    for (const ItemView& seen : answers) {
        const int status = seen.as<CachedResponse>().status;
        const bool is_permanent = status == 301 || status == 308;
        const std::string target = target_of(seen);
        if (is_permanent && is_whole(seen.item->name) && !target.empty()) {
            permanent.push_back(seen);
            redirects[seen.item->name] = target;
        }
    }
    std::vector<ItemView> wrong;
    for (const ItemView& seen : permanent) {
        const Hop* live = live_answer(input, seen.item->name);
        const bool differs = live != nullptr && bare_address(live->location) != target_of(seen);
        if (differs || (live == nullptr && goes_in_circle(seen.item->name, redirects))) {
            wrong.push_back(seen);
        }
    }
    if (wrong.empty()) {
        return;
    }
    Finding finding = about(
        input, "cached-redirect", Confidence::high, wrong,
        fmt::format("The browser remembers a redirect that the site does not make any more: {}.", list_of(wrong)));
    for (const ItemView& seen : wrong) {
        finding.evidence.emplace_back("redirect", seen.item->name + " to " + seen.as<CachedResponse>().location);
    }
    findings.push_back(std::move(finding));
}

void find_refusals(const DiagnosisInput& input, const std::vector<ItemView>& answers, Findings& findings)
{
    std::vector<ItemView> refusals;
    bool proven = false;
    for (const ItemView& seen : answers) {
        const int status = seen.as<CachedResponse>().status;
        if ((status != 401 && status != 403) || !input.site.owns_host(seen.item->host)) {
            continue;
        }
        const Hop* live = live_answer(input, seen.item->name);
        if (live != nullptr && live->status == status) {
            continue;  // the site itself says so
        }
        refusals.push_back(seen);
        proven = proven || live != nullptr;
    }
    if (refusals.empty()) {
        return;
    }
    Finding finding = about(input, "cached-refusal", proven ? Confidence::medium : Confidence::low, refusals,
                            fmt::format("The browser keeps {} of the site in its cache: {}.",
                                        count_of(refusals.size(), "refusal", "refusals"), list_of(refusals)));
    for (const ItemView& seen : refusals) {
        finding.evidence.emplace_back("answer",
                                      fmt::format("{} {}", seen.as<CachedResponse>().status, seen.item->name));
    }
    findings.push_back(std::move(finding));
}

/// A page kept in the cache holds the token against forged forms (CSRF) of the day it was made. Where the site sets a
/// new token with that very page, a form on the kept one is refused when it is sent.
void find_kept_forms(const DiagnosisInput& input, const std::vector<ItemView>& answers, Findings& findings)
{
    const auto is_form_token = [](const std::string& name) {
        const std::string lowered = lower(name);
        return lowered.find("csrf") != std::string::npos || lowered.find("xsrf") != std::string::npos;
    };
    std::vector<ItemView> kept;
    for (const ItemView& seen : answers) {
        const Hop* live = live_answer(input, seen.item->name);
        if (seen.as<CachedResponse>().status == 200 && live != nullptr && live->status == 200 &&
            std::any_of(live->set_cookie_names.begin(), live->set_cookie_names.end(), is_form_token)) {
            kept.push_back(seen);
        }
    }
    if (!kept.empty()) {
        findings.push_back(
            about(input, "cached-form", Confidence::low, kept,
                  fmt::format("The browser keeps a page whose form may be out of date: {}.", list_of(kept))));
        findings.back().evidence = {{"page", kept.front().item->name}};
    }
}

/// An entity tag without what compression adds to it: "W/" in front, "-gzip" behind.
std::string core_of(std::string_view etag)
{
    etag.remove_prefix(etag.starts_with("W/") ? 2 : 0);
    std::string core(etag);
    std::erase(core, '"');
    for (const std::string_view tail : {"--gzip", "-gzip", ";gzip", "-br", "-df", "-zstd"}) {
        if (core.ends_with(tail)) {
            core.erase(core.size() - tail.size());
            break;
        }
    }
    return core;
}

/// Do both say by a validator (RFC 9110 section 8.8) which page they are, and do they say different ones?
bool is_another_page(const CachedResponse& kept, const Hop& live)
{
    const bool both_dated = !kept.last_modified.empty() && !live.last_modified.empty();
    if (both_dated) {
        return kept.last_modified != live.last_modified;
    }
    return !kept.etag.empty() && !live.etag.empty() && core_of(kept.etag) != core_of(live.etag);
}

/// A page that the browser shows without asking, and that is not the site's any more: it asks for scripts of its day.
void find_outdated_pages(const DiagnosisInput& input, const std::vector<ItemView>& answers, Findings& findings)
{
    constexpr std::int64_t soon_s = 3600;
    std::vector<ItemView> outdated;
    std::int64_t for_s = 0;
    for (const ItemView& seen : answers) {
        const auto& kept = seen.as<CachedResponse>();
        const Hop* live = live_answer(input, seen.item->name);
        const bool is_shown =
            kept.status == 200 && kept.type == "text/html" && kept.fresh_until.value_or(0) > input.now;
        if (is_shown && live != nullptr && live->status == 200 && is_another_page(kept, *live)) {
            outdated.push_back(seen);
            for_s = std::max(for_s, *kept.fresh_until - input.now);
        }
    }
    if (!outdated.empty()) {
        findings.push_back(
            about(input, "outdated-page", for_s > soon_s ? Confidence::medium : Confidence::low, outdated,
                  fmt::format("The browser shows a page from its cache that the site has replaced, for another {}: {}.",
                              age_of(for_s), list_of(outdated))));
        findings.back().evidence = {{"page", outdated.front().item->name}, {"fresh_for_s", std::to_string(for_s)}};
    }
}

/// What scripts can only get from another host if it allows that (Fetch standard, CORS).
bool needs_cors(std::string_view type)
{
    return type == "application/json" || type.ends_with("+json") || type.starts_with("font/");
}

/// An answer of another of the site's hosts that was kept for a request without an Origin, or for another one, and
/// that the browser gives to the page's scripts all the same, because nothing says that it differs by origin.
void find_without_cors(const DiagnosisInput& input, const std::vector<ItemView>& answers, Findings& findings)
{
    const Url& target = input.site.target();
    std::vector<ItemView> closed;
    for (const ItemView& seen : answers) {
        const auto& kept = seen.as<CachedResponse>();
        const bool is_open = kept.allowed_origin == "*" || kept.allowed_origin == target.origin();
        const bool is_given_out =
            kept.status == 200 && !kept.varies_by_origin && kept.fresh_until.value_or(0) > input.now;
        if (is_given_out && !is_open && (needs_cors(kept.type) || !kept.allowed_origin.empty()) &&
            input.site.owns_host(seen.item->host) && seen.item->host != target.host) {
            closed.push_back(seen);
        }
    }
    if (!closed.empty()) {
        findings.push_back(about(input, "cached-without-cors", Confidence::medium, closed,
                                 fmt::format("The browser keeps answers that the page's scripts may not read (no CORS "
                                             "header for {}): {}.",
                                             target.origin(), list_of(closed))));
        findings.back().evidence = {{"origin", target.origin()}};
        for (const ItemView& seen : closed) {
            findings.back().evidence.emplace_back("answer", seen.item->name);
        }
    }
}

/// When a cookie was last sent to the host.
std::optional<std::int64_t> last_visit(const DiagnosisInput& input, std::size_t profile, std::string_view host)
{
    std::optional<std::int64_t> last;
    for (const ItemView& seen : items_of<Cookie>(input, profile)) {
        if (is_sent_to(*seen.item, host, {}) && seen.item->partition.empty() && seen.item->used) {
            last = std::max(last.value_or(0), *seen.item->used);
        }
    }
    return last;
}

/// A worker whose script the site does not give out any more can never be updated, nor does it end by itself before the
/// browser notices.
void find_orphaned_workers(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    std::vector<ItemView> orphans;
    bool gone = true;
    for (const ItemView& seen : items_of<ServiceWorker>(input, profile)) {
        const auto asked = input.scripts.find(seen.as<ServiceWorker>().script);
        if (asked == input.scripts.end()) {
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
        Finding finding = about(input, "orphaned-service-worker", gone ? Confidence::high : Confidence::medium, orphans,
                                gone ? "A part of the site that runs in the browser is not on the site any more."
                                     : "The site answers with a page for a part of it that runs in the browser, and "
                                       "that can therefore not be updated.");
        for (const ItemView& seen : orphans) {
            finding.evidence.emplace_back("host", seen.item->host);
            finding.evidence.emplace_back("status",
                                          std::to_string(input.scripts.at(seen.as<ServiceWorker>().script).status));
        }
        findings.push_back(std::move(finding));
    }
}

/// Browsers look for a new script on a visit if the last look is a day old. A worker that was not looked after for a
/// week although the site was used stays as it is because the look fails: its script is gone or broken.
void find_stale_workers(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    constexpr std::int64_t week_s = 7 * 86400;
    constexpr std::int64_t two_days_s = 2 * 86400;
    std::vector<ItemView> stale;
    std::int64_t age = 0;
    for (const ItemView& seen : items_of<ServiceWorker>(input, profile)) {
        const auto visit = last_visit(input, profile, seen.item->host);
        const auto& worker = seen.as<ServiceWorker>();
        const auto checked = worker.checked;
        if (worker.answers_pages && checked && visit && input.now - *checked > week_s &&
            *visit - *checked > two_days_s) {
            stale.push_back(seen);
            age = std::max(age, input.now - *checked);
        }
    }
    if (!stale.empty()) {
        Finding finding =
            about(input, "stale-service-worker", Confidence::medium, stale,
                  fmt::format("A part of the site that runs in the browser could not be updated for {}.", age_of(age)));
        for (const ItemView& seen : stale) {
            finding.evidence.emplace_back("host", seen.item->host);
        }
        findings.push_back(std::move(finding));
    }
}

/// A worker that answers for pages can keep the browser from asking for a name and password.
void find_hiding_workers(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    if (!input.probe || answer_of(*input.probe, {}) != Answer::challenge) {
        return;
    }
    std::vector<ItemView> hiding;
    for (const ItemView& seen : items_of<ServiceWorker>(input, profile)) {
        if (seen.as<ServiceWorker>().answers_pages && seen.item->partition.empty() &&
            seen.item->host == host_of(input.probe->final_url)) {
            hiding.push_back(seen);
        }
    }
    if (!hiding.empty()) {
        findings.push_back(about(input, "worker-hides-sign-in", Confidence::high, hiding,
                                 "The site asks for a password, but a part of it that runs in the browser may hide "
                                 "the question."));
        findings.back().evidence = {{"host", hiding.front().item->host}};
    }
}

}  // namespace

void cache(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        const auto answers = items_of<CachedResponse>(input, profile);
        find_redirects(input, answers, findings);
        find_refusals(input, answers, findings);
        find_kept_forms(input, answers, findings);
        find_outdated_pages(input, answers, findings);
        find_without_cors(input, answers, findings);
        find_orphaned_workers(input, profile, findings);
        find_stale_workers(input, profile, findings);
        find_hiding_workers(input, profile, findings);
    }
}

}  // namespace unstick::findings
