// What keeps a site's scripts from storing anything: broken databases, and settings that forbid cookies.

#include <fmt/format.h>

#include <algorithm>

#include "diagnosis/rules.h"
#include "web/url.h"

namespace unstick::findings {

namespace {

void find_broken(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    auto broken = items_of<Database>(input, profile);
    std::erase_if(broken, [](const ItemView& seen) { return !seen.as<Database>().broken; });
    if (!broken.empty()) {
        Finding finding = about(input, "broken-database", Confidence::medium, broken,
                                fmt::format("A database of the site's scripts cannot be opened: {}.", list_of(broken)));
        finding.evidence = {{"origins", list_of(broken)}};
        findings.push_back(std::move(finding));
    }
}

/// A setting "block" for cookies is about all storage of the site: Chromium gives it neither cookies nor local storage.
void find_blocked_cookies(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    auto blocked = items_of<SiteSetting>(input, profile);
    std::erase_if(blocked,
                  [](const ItemView& seen) { return seen.item->name != "cookies" || !seen.as<SiteSetting>().blocks; });
    if (!blocked.empty()) {
        Finding finding = about(input, "cookies-blocked", Confidence::high, blocked,
                                "A setting of this browser forbids the site its cookies, so no sign-in can last.");
        for (const ItemView& seen : blocked) {
            finding.evidence.emplace_back("setting", seen.item->label);
        }
        findings.push_back(std::move(finding));
    }
}

/// What forbids more than this site its cookies is named, and left: it is the user's or the administrator's to change.
void find_bans(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    const bool over_other_sites =
        input.probe && std::any_of(input.probe->hops.begin(), input.probe->hops.end(),
                                   [&](const Hop& hop) { return !input.site.owns_host(host_of(hop.url)); });
    const ProfilePlan& plan = input.inventory[profile];
    for (const StorePlan& store : plan.stores) {
        for (const CookieBan& ban : store.found.bans) {
            const bool policy = ban.by == CookieBan::By::policy;
            const std::string who = policy ? "A policy of this computer's administrator" : "A setting of this browser";
            if (ban.third_party && !over_other_sites) {
                continue;  // of no matter for a sign-in at the site itself
            }
            findings.push_back(outside(
                ban.third_party ? "third-party-cookies-blocked" : "cookies-blocked",
                ban.third_party ? Confidence::low : Confidence::high, where_of(plan),
                who + (ban.third_party ? " keeps other sites' frames from their cookies; sign-ins that go over another "
                                         "site may need them."
                                       : " forbids the site its cookies, so no sign-in can last."),
                policy ? "ask the administrator to allow cookies for this site"
                       : "allow cookies for this site in the browser's settings (Privacy, Cookies)"));
            findings.back().evidence = {{policy ? "policy" : "setting", ban.name}};
        }
    }
}

/// On Linux the key of the cookies lies in the desktop's key store. A browser that does not get it there goes on with
/// another key, and leaves out what it cannot read: the user is signed out of all sites at once.
void find_locked_keys(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    auto unreadable = live_cookies(input, profile);
    std::erase_if(unreadable, [](const ItemView& seen) { return !seen.as<Cookie>().key_is_gone; });
    if (unreadable.empty()) {
        return;
    }
    const Profile& where = input.inventory[profile].profile;
    findings.push_back(
        outside("key-store-locked", Confidence::high, where.browser + "/" + where.id,
                "The browser did not get at this desktop's key store (keyring) when it last ran, and cannot read the "
                "cookies from before: it is signed out of all sites at once.",
                "nothing has to be removed: unlock the key store (GNOME Keyring, KWallet) by signing in to the desktop "
                "with its password, then start the browser again"));
    findings.back().evidence = {{"names", list_of(unreadable)}, {"count", std::to_string(unreadable.size())}};
}

/// WebKit keeps a domain that it takes for a tracker from its cookies in other sites' pages, and deletes what it stored
/// if the user has not clicked or typed at the domain itself.
void find_tracking_records(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    auto records = items_of<TrackingRecord>(input, profile);
    std::erase_if(records, [](const ItemView& seen) {
        return !seen.as<TrackingRecord>().prevalent || seen.as<TrackingRecord>().interacted;
    });
    if (records.empty()) {
        return;
    }
    const bool over_other_sites =
        input.probe && std::any_of(input.probe->hops.begin(), input.probe->hops.end(),
                                   [&](const Hop& hop) { return !input.site.owns_host(host_of(hop.url)); });
    Finding finding =
        about(input, "tracking-prevention", over_other_sites ? Confidence::medium : Confidence::low, records,
              "The browser's tracking prevention takes the site for a tracker that you do not visit, and "
              "keeps its cookies from it in other sites' pages.");
    finding.advice = "or open the site by itself, click there once, and sign in";
    for (const ItemView& seen : records) {
        finding.evidence.emplace_back("domain", seen.item->host);
    }
    findings.push_back(std::move(finding));
}

}  // namespace

void storage(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        find_broken(input, profile, findings);
        find_locked_keys(input, profile, findings);
        find_tracking_records(input, profile, findings);
        find_blocked_cookies(input, profile, findings);
        find_bans(input, profile, findings);
    }
}

}  // namespace unstick::findings
