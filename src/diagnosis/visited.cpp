// What the browser's own visit showed (--retest browser), joined with what is stored.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "diagnosis/rules.h"
#include "web/url.h"

namespace unstick::findings {

namespace {

/// Only what is kept for hosts on the way of the page has a part in what it shows.
bool is_on_the_way(const VisitSeen& visit, const ItemView& seen)
{
    return visit.hosts.contains(seen.item->host);
}

/// A database that is there is not made anew: scripts that ask for another store, or an older form, end with an
/// exception.
void find_misfit_database(const DiagnosisInput& input, std::size_t profile, const VisitSeen& visit, Findings& findings)
{
    auto databases = items_of<Database>(input, profile);
    std::erase_if(databases, [&](const ItemView& seen) { return !is_on_the_way(visit, seen); });
    if (!visit.may_be_stuck || !visit.signs.misfit_database || databases.empty()) {
        return;
    }
    Finding finding = about(
        input, "misfit-database", visit.shows_little ? Confidence::medium : Confidence::low, databases,
        fmt::format("The site's scripts ask a database of theirs for what is not in it: {}.", list_of(databases)));
    finding.evidence = {{"origins", list_of(databases)}, {"exception", "NotFoundError or VersionError of IndexedDB"}};
    findings.push_back(std::move(finding));
}

/// Is it called like where programs get new tokens (RFC 6749 section 3.2: the token endpoint)? The last parts of the
/// path.
bool sounds_like_renewal(const FailedRequest& part)
{
    constexpr std::array<std::string_view, 4> words{"token", "refresh", "renew", "silent"};
    const auto url = parse_url(part.url);
    const std::string path = url ? lower(url->path) : std::string();
    const std::size_t last =
        path.find_last_of('/', path.ends_with('/') && path.size() > 1 ? path.size() - 2 : path.npos);
    const std::size_t before = last == path.npos || last == 0 ? 0 : path.find_last_of('/', last - 1);
    const std::string end = before == path.npos ? path : path.substr(before);
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return end.find(word) != std::string::npos; });
}

/// What is kept to get a new token with, and in storage what lies beside it of the same sign-in.
std::vector<ItemView> kept_to_renew(const DiagnosisInput& input, std::size_t profile, const VisitSeen& visit)
{
    const auto renews = [](const ItemView& seen) { return is_kept_to_renew(*seen.item); };
    auto entries = items_of<StorageEntry, OriginStorage>(input, profile);
    std::erase_if(entries, [&](const ItemView& seen) { return !is_on_the_way(visit, seen); });
    std::set<std::string_view> renewing;  // hosts
    for (const ItemView& seen : entries) {
        if (renews(seen)) {
            renewing.insert(seen.item->host);
        }
    }
    std::erase_if(entries, [&](const ItemView& seen) {
        return !renews(seen) && !(renewing.contains(seen.item->host) && is_part_of_sign_in(*seen.item));
    });
    for (const ItemView& cookie : live_cookies(input, profile)) {
        const bool goes_along = std::any_of(visit.hosts.begin(), visit.hosts.end(), [&](const std::string& host) {
            return is_sent_to(*cookie.item, host, {});
        });
        if (goes_along && renews(cookie)) {
            entries.push_back(cookie);
        }
    }
    return entries;
}

/// A token that the site does not renew any more, though nothing in it says so. A page that asks for the password then
/// is in order.
void find_refused_renewal(const DiagnosisInput& input, std::size_t profile, const VisitSeen& visit, Findings& findings)
{
    const auto& refused = visit.signs.refused;
    const auto renewal = std::find_if(refused.begin(), refused.end(), sounds_like_renewal);
    if (!visit.may_be_stuck || renewal == refused.end()) {
        return;
    }
    const auto kept = kept_to_renew(input, profile, visit);
    const std::string what =
        fmt::format("The site refuses to renew a sign-in ({}), and its scripts do not go on without.", renewal->what);
    Finding finding;
    if (kept.empty()) {
        finding = outside("renewal-refused", Confidence::low, where_of(input.inventory[profile]), what,
                          "what it is kept in has no name that tells: fix --least finds it");
    } else {
        finding =
            about(input, "renewal-refused", visit.shows_little ? Confidence::medium : Confidence::low, kept, what);
        finding.evidence.emplace_back("names", list_of(kept));
    }
    finding.evidence.emplace_back("request", fmt::format("{}: {}", renewal->url, renewal->what));
    findings.push_back(std::move(finding));
}

/// A frame of another site, or a request to it, was kept from its cookies and came to nothing.
void find_frames_without_cookies(const DiagnosisInput& input, std::size_t profile, const VisitSeen& visit,
                                 Findings& findings)
{
    const auto& hosts = visit.signs.without_cookies;
    if (hosts.empty()) {
        return;
    }
    const bool is_likely = visit.shows_little && !visit.is_signed_in;
    findings.push_back(outside(
        "third-party-cookies-blocked", is_likely ? Confidence::medium : Confidence::low,
        where_of(input.inventory[profile]),
        fmt::format(
            "A setting or policy keeps {} from its cookies in this site's page, and what the page asks of it fails.",
            hosts.front()),
        fmt::format(
            "allow cookies of other sites for {} in the browser's settings (Privacy, third-party cookies), or open "
            "{} by itself",
            input.site.name(), hosts.front())));
    for (const std::string& host : hosts) {
        findings.back().evidence.emplace_back("host", host);
    }
}

}  // namespace

void visited(const DiagnosisInput& input, Findings& findings)
{
    for (const auto& entry : input.visits) {
        find_misfit_database(input, entry.first, entry.second, findings);
        find_refused_renewal(input, entry.first, entry.second, findings);
        find_frames_without_cookies(input, entry.first, entry.second, findings);
    }
}

}  // namespace unstick::findings
