#include "diagnosis/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.h"
#include "diagnosis/rules.h"
#include "model/kind.h"
#include "web/cookie_match.h"
#include "web/masking.h"
#include "web/url.h"

namespace unstick {

namespace {

constexpr std::array all_rules{
    RuleInfo{"shadowed-cookie", "a cookie set for the site and for a part of it: the server gets both"},
    RuleInfo{"shadowed-path-cookie", "a cookie set for a page and for a folder above it: the server gets both"},
    RuleInfo{"duplicate-partitioned-cookie",
             "a cookie once on its own and once bound to the site: the server gets both"},
    RuleInfo{"outlived-cookie", "a cookie that the site has replaced under the same name and does not renew any more"},
    RuleInfo{"secure-cookie-blocks", "a cookie from https that the site's http pages may not replace"},
    RuleInfo{"cookie-header-too-big", "more cookies than a server accepts"},
    RuleInfo{"abandoned-login-cookies", "what is left of many sign-ins that were not completed"},
    RuleInfo{"too-many-cookies", "so many cookies that the browser throws new ones away"},
    RuleInfo{"restored-session-cookie", "a cookie that should have ended with the browser, and is days old"},
    RuleInfo{"expired-cookie", "a cookie whose time is over"},
    RuleInfo{"cookies-refused", "cookies that the site refuses, while it lets a client without them in"},
    RuleInfo{"malformed-cookie", "a cookie with bytes that no cookie should have"},
    RuleInfo{"wrong-clock", "this computer's clock differs from the site's"},
    RuleInfo{"dead-token", "a sign-in token that has expired and cannot be renewed"},
    RuleInfo{"login-in-progress", "a sign-in that was cut off and is still marked as going on"},
    RuleInfo{"stale-service-worker", "a part of the site that runs in the browser and was not updated"},
    RuleInfo{"orphaned-service-worker", "a part of the site that runs in the browser and is not on the site any more"},
    RuleInfo{"worker-hides-sign-in", "a part of the site that runs in the browser and may hide the password question"},
    RuleInfo{"cached-redirect", "a permanent redirect that the site does not make any more"},
    RuleInfo{"cached-refusal", "a refusal that is kept in the cache"},
    RuleInfo{"cached-form", "a page in the cache whose form the site may not take any more"},
    RuleInfo{"broken-database", "a database of the site's scripts that cannot be opened"},
    RuleInfo{"cookies-blocked", "a setting that forbids the site its cookies"},
    RuleInfo{"third-party-cookies-blocked", "a setting or policy against cookies in other sites' frames"},
    RuleInfo{"stale-hsts", "an HSTS entry (https only), and the site's https does not answer"},
    RuleInfo{"alt-service-failed", "another way to the server that is remembered and failed"},
    RuleInfo{"refused-set-cookie", "a cookie that the site sets in a way that no browser accepts"},
    RuleInfo{"realm-changes", "the site names its sign-in differently with each answer"},
    RuleInfo{"wants-certificate", "the site refuses because the browser sent no certificate"},
    RuleInfo{"saved-sign-in", "a saved sign-in for just what the site asks for"},
    RuleInfo{"no-usable-challenge", "the site refuses without a way to sign in"},
    RuleInfo{"bound-session-alone", "a session bound to this device whose cookies are gone"},
    RuleInfo{"sign-in-elsewhere", "the sign-in is at another site"},
    RuleInfo{"outdated-page", "a page in the cache that is older than the site's, and shown without asking"},
    RuleInfo{"cached-without-cors", "an answer in the cache that the site's other hosts may not read"},
    RuleInfo{"challenges-in-one-line", "several ways to sign in, in one line: Chrome and its like see the first only"},
    RuleInfo{"key-store-locked", "the browser cannot read its cookies: all sites are signed out"},
    RuleInfo{"provider-back-off", "the sign-in provider asks to wait after too many tries"},
    RuleInfo{"cookie-sent-twice", "a cookie that the recording shows twice in one request"},
    RuleInfo{"tracking-prevention", "the browser takes the site for a tracker that nobody visits"},
    RuleInfo{"misfit-database", "a database without what the site's scripts ask of it (why --retest browser)"},
    RuleInfo{"renewal-refused", "a sign-in that the site does not renew any more (why --retest browser)"},
    RuleInfo{"proved-by-visits", "without it the browser itself is let in (why --retest browser, fix --least)"},
};

void likeliest_first(std::vector<Finding>& findings)
{
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.confidence < b.confidence; });
}

}  // namespace

std::string_view name_of(Confidence confidence)
{
    switch (confidence) {
        case Confidence::proved:
            return "proved";
        case Confidence::high:
            return "high";
        case Confidence::medium:
            return "medium";
        case Confidence::low:
            break;
    }
    return "low";
}

std::span<const RuleInfo> rules()
{
    return all_rules;
}

std::vector<Finding> find_causes(const DiagnosisInput& input)
{
    std::vector<Finding> findings;
    for (const auto family :
         {findings::duplicate_cookies, findings::cookies, findings::cookie_limits, findings::cookies_refused,
          findings::clock, findings::tokens, findings::cache, findings::storage, findings::auth, findings::set_cookie,
          findings::network, findings::provider, findings::recorded, findings::visited}) {
        family(input, findings);
    }
    likeliest_first(findings);
    return findings;
}

void make_hints(std::vector<Finding>& findings, const std::set<std::size_t>& profiles)
{
    for (Finding& finding : findings) {
        if (!finding.items.empty() && profiles.contains(finding.items.front().profile)) {
            finding.confidence = Confidence::low;
        }
    }
    likeliest_first(findings);
}

std::set<ItemRef> named_by(std::span<const Finding> findings)
{
    std::set<ItemRef> named;
    for (const Finding& finding : findings) {
        named.insert(finding.items.begin(), finding.items.end());
    }
    return named;
}

std::string where_of(const ProfilePlan& plan)
{
    return plan.profile.browser + "/" + plan.profile.id;
}

std::string narrowed_to(const Profile& profile, std::span<const ProfilePlan> inventory, std::string_view command)
{
    // A browser that is installed in two ways has two folders with profiles of the same name.
    const auto same_name = std::count_if(inventory.begin(), inventory.end(), [&](const ProfilePlan& plan) {
        return plan.profile.browser == profile.browser && plan.profile.id == profile.id;
    });
    // Of one data folder that the user named, profiles are told apart by their names alone.
    const std::string which = command.find(" --user-data-dir ") != command.npos ? ""
                              : same_name > 1 ? " --user-data-dir " + shell_word(profile.root.string())
                                              : " --browser " + profile.browser;
    return which + " --profile " + shell_word(profile.id);
}

std::string with_option(const std::set<Kind>& named)
{
    std::string list;
    for (const Kind kind : named) {
        list += (list.empty() ? " --with " : ",") + std::string(info(kind).name);
    }
    return list;
}

std::string kinds_to_name(std::span<const ProfilePlan> inventory, const std::set<ItemRef>& items)
{
    std::set<Kind> named;
    for (const ItemRef& ref : items) {
        const Kind kind = inventory[ref.profile].stores[ref.store].spec->kind;
        if (!info(kind).by_default) {
            named.insert(kind);
        }
    }
    return with_option(named);
}

std::vector<ProfilePlan> only(std::span<const ProfilePlan> inventory, const std::set<ItemRef>& items)
{
    std::vector<ProfilePlan> plans(inventory.begin(), inventory.end());
    for (ProfilePlan& plan : plans) {
        for (StorePlan& store : plan.stores) {
            store.found.items.clear();
        }
    }
    for (const ItemRef& ref : items) {
        plans[ref.profile].stores[ref.store].found.items.push_back(
            inventory[ref.profile].stores[ref.store].found.items[ref.item]);
    }
    return plans;
}

namespace findings {

std::vector<ItemView> items_that(const DiagnosisInput& input, std::size_t profile, bool (*is_one)(const Item& item))
{
    std::vector<ItemView> seen;
    const auto& stores = input.inventory[profile].stores;
    for (std::size_t s = 0; s < stores.size(); ++s) {
        const auto& items = stores[s].found.items;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (is_one(items[i])) {
                seen.push_back({&items[i], {profile, s, i}});
            }
        }
    }
    return seen;
}

Finding about(const DiagnosisInput& input, std::string_view rule, Confidence confidence,
              const std::vector<ItemView>& items, std::string what)
{
    Finding finding;
    finding.rule = rule;
    finding.confidence = confidence;
    finding.what = std::move(what);
    for (const ItemView& seen : items) {
        finding.items.push_back(seen.ref);
    }
    std::sort(finding.items.begin(), finding.items.end());
    finding.items.erase(std::unique(finding.items.begin(), finding.items.end()), finding.items.end());
    const ProfilePlan& plan = input.inventory[finding.items.front().profile];
    finding.where = where_of(plan);
    finding.fix = fmt::format("{} --rule {}{}{}", input.command, rule,
                              kinds_to_name(input.inventory, {finding.items.begin(), finding.items.end()}),
                              narrowed_to(plan.profile, input.inventory, input.command));
    return finding;
}

Finding outside(std::string_view rule, Confidence confidence, std::string where, std::string what, std::string advice)
{
    Finding finding;
    finding.rule = rule;
    finding.confidence = confidence;
    finding.where = std::move(where);
    finding.what = std::move(what);
    finding.advice = std::move(advice);
    return finding;
}

std::string list_of(const std::vector<ItemView>& items)
{
    constexpr std::size_t most = 5;
    std::vector<std::string_view> names;
    std::unordered_set<std::string_view> known;
    for (const ItemView& seen : items) {
        if (known.insert(seen.item->name).second) {
            names.push_back(seen.item->name);
        }
    }
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
        list += (i == 0 ? "" : ", ") + shown_text(names[i]);
    }
    return names.size() > most ? fmt::format("{} and {} more", list, names.size() - most) : list;
}

std::string age_of(std::int64_t seconds)
{
    struct Unit {
        std::int64_t size;
        std::string_view one;
        std::string_view many;
    };
    constexpr std::array units{Unit{86400, "day", "days"}, Unit{3600, "hour", "hours"}, Unit{60, "minute", "minutes"}};
    for (const auto& [size, one, many] : units) {
        if (seconds >= 2 * size) {
            return count_of(static_cast<std::uint64_t>(seconds / size), one, many);
        }
    }
    return count_of(static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)), "second", "seconds");
}

bool is_sent_to(const Item& cookie, std::string_view host, std::string_view path)
{
    return is_for(cookie.host, std::get<Cookie>(cookie.traits).path, host, path);
}

bool is_expired(const Item& cookie, std::int64_t now)
{
    return cookie.expires && *cookie.expires <= now;
}

std::vector<ItemView> live_cookies(const DiagnosisInput& input, std::size_t profile)
{
    auto cookies = items_of<Cookie>(input, profile);
    std::erase_if(cookies, [&](const ItemView& seen) { return is_expired(*seen.item, input.now); });
    return cookies;
}

bool sets(const Hop& hop, const Item& cookie)
{
    return is_sent_to(cookie, host_of(hop.url), {}) &&
           std::find(hop.set_cookie_names.begin(), hop.set_cookie_names.end(), cookie.name) !=
               hop.set_cookie_names.end();
}

std::vector<std::string> hosts_met(const DiagnosisInput& input)
{
    std::vector<std::string> hosts;
    if (input.probe) {
        for (const Hop& hop : input.probe->hops) {
            const std::string host(host_of(hop.url));
            if (hop.status != 0 && std::find(hosts.begin(), hosts.end(), host) == hosts.end()) {
                hosts.push_back(host);
            }
        }
    }
    return hosts;
}

}  // namespace findings

}  // namespace unstick
