#include "finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "../cookie_jar.h"
#include "../kind.h"
#include "../text.h"
#include "../url.h"
#include "families.h"

namespace unstick {

namespace {

constexpr std::array all_rules{
    RuleInfo{"shadowed-cookie", "a cookie set for the site and for a part of it: the server gets both"},
    RuleInfo{"shadowed-path-cookie", "a cookie set for a page and for a folder above it: the server gets both"},
    RuleInfo{"partitioned-twin", "a cookie once on its own and once bound to the site: the server gets both"},
    RuleInfo{"outlived-cookie", "a cookie that the site has replaced under the same name and does not renew any more"},
    RuleInfo{"secure-cookie-blocks", "a cookie from https that the site's http pages may not replace"},
    RuleInfo{"cookie-header-too-big", "more cookies than a server accepts"},
    RuleInfo{"login-litter", "what is left of many sign-ins that were not completed"},
    RuleInfo{"too-many-cookies", "so many cookies that the browser throws new ones away"},
    RuleInfo{"undead-session-cookie", "a cookie that should have ended with the browser, and is days old"},
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
    RuleInfo{"kept-form", "a page in the cache whose form the site may not take any more"},
    RuleInfo{"broken-database", "a database of the site's scripts that cannot be opened"},
    RuleInfo{"cookies-blocked", "a setting that forbids the site its cookies"},
    RuleInfo{"third-party-cookies-blocked", "a setting or policy against cookies in other sites' frames"},
    RuleInfo{"https-order-left", "an order to use https only, and the site's https does not answer"},
    RuleInfo{"other-way-failed", "another way to the server that is remembered and failed"},
    RuleInfo{"refused-set-cookie", "a cookie that the site sets in a way that no browser accepts"},
    RuleInfo{"realm-changes", "the site names its sign-in differently with each answer"},
    RuleInfo{"wants-certificate", "the site refuses because the browser sent no certificate"},
    RuleInfo{"saved-sign-in", "a saved sign-in for just what the site asks for"},
    RuleInfo{"no-usable-challenge", "the site refuses without a way to sign in"},
    RuleInfo{"bound-session-alone", "a session bound to this device whose cookies are gone"},
    RuleInfo{"sign-in-elsewhere", "the sign-in is at another site"},
};

std::string where_of(const ProfilePlan& plan)
{
    return plan.profile.browser + "/" + plan.profile.id;
}

/// What narrows a command to one profile. A browser that is installed in two ways has two folders with profiles of the
/// same name.
std::string options_for(const Scene& scene, const Profile& profile)
{
    const auto same_name = std::count_if(scene.inventory.begin(), scene.inventory.end(), [&](const ProfilePlan& plan) {
        return plan.profile.browser == profile.browser && plan.profile.id == profile.id;
    });
    // Of one data folder that the user named, profiles are told apart by their names alone.
    return scene.command.find(" --user-data-dir ") != std::string::npos
               ? fmt::format(" --profile {}", shell_word(profile.id))
           : same_name > 1 ? fmt::format(" --user-data-dir {} --profile {}", shell_word(profile.root.string()),
                                         shell_word(profile.id))
                           : fmt::format(" --browser {} --profile {}", profile.browser, shell_word(profile.id));
}

/// " --with network" if items are of kinds that are removed only when named.
std::string kinds_for(const Scene& scene, const std::vector<ItemRef>& items)
{
    std::set<Kind> named;
    for (const ItemRef& ref : items) {
        const Kind kind = scene.inventory[ref.profile].stores[ref.store].spec->kind;
        if (!info(kind).by_default) {
            named.insert(kind);
        }
    }
    std::string list;
    for (const Kind kind : named) {
        list += (list.empty() ? " --with " : ",") + std::string(info(kind).name);
    }
    return list;
}

}  // namespace

std::string_view name_of(Confidence confidence)
{
    switch (confidence) {
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

std::string shell_word(const std::string& word)
{
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
        return word;
    }
    const bool same_everywhere = word.find_first_of("\"$`!") == std::string::npos &&
                                 word.find("\\\\") == std::string::npos && !word.ends_with('\\');
    if (same_everywhere) {
        return '"' + word + '"';
    }
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

std::vector<Finding> find_causes(const Scene& scene)
{
    std::vector<Finding> findings;
    for (const auto family : {findings::twins, findings::cookies, findings::cookie_load, findings::cookie_answer,
                              findings::clock, findings::tokens, findings::cache, findings::storage, findings::auth,
                              findings::answers, findings::network, findings::provider}) {
        family(scene, findings);
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.confidence < b.confidence; });
    return findings;
}

std::set<ItemRef> named_by(std::span<const Finding> findings)
{
    std::set<ItemRef> named;
    for (const Finding& finding : findings) {
        named.insert(finding.items.begin(), finding.items.end());
    }
    return named;
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

std::vector<Seen> items_of(const Scene& scene, std::size_t profile, ItemType type)
{
    std::vector<Seen> seen;
    const auto& stores = scene.inventory[profile].stores;
    for (std::size_t s = 0; s < stores.size(); ++s) {
        const auto& items = stores[s].found.items;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (items[i].type == type) {
                seen.push_back({&items[i], {profile, s, i}});
            }
        }
    }
    return seen;
}

Finding about(const Scene& scene, std::string_view rule, Confidence confidence, const std::vector<Seen>& items,
              std::string what)
{
    Finding finding;
    finding.rule = rule;
    finding.confidence = confidence;
    finding.what = std::move(what);
    for (const Seen& seen : items) {
        finding.items.push_back(seen.ref);
    }
    std::sort(finding.items.begin(), finding.items.end());
    finding.items.erase(std::unique(finding.items.begin(), finding.items.end()), finding.items.end());
    const ProfilePlan& plan = scene.inventory[finding.items.front().profile];
    finding.where = where_of(plan);
    finding.fix = fmt::format("{} --rule {}{}{}", scene.command, rule, kinds_for(scene, finding.items),
                              options_for(scene, plan.profile));
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

std::string list_of(const std::vector<Seen>& items)
{
    constexpr std::size_t most = 5;
    std::vector<std::string_view> names;
    std::unordered_set<std::string_view> known;
    for (const Seen& seen : items) {
        if (known.insert(seen.item->name).second) {
            names.push_back(seen.item->name);
        }
    }
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
        list += (i == 0 ? "" : ", ") + std::string(names[i]);
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

std::string_view bare_host(std::string_view host)
{
    return host.starts_with('.') ? host.substr(1) : host;
}

bool is_sent_to(const Item& cookie, std::string_view host, std::string_view path)
{
    return is_for(cookie.host, cookie.path, host, path);
}

bool is_expired(const Item& cookie, std::int64_t now)
{
    return cookie.expires && *cookie.expires <= now;
}

std::vector<Seen> live_cookies(const Scene& scene, std::size_t profile)
{
    auto cookies = items_of(scene, profile, ItemType::cookie);
    std::erase_if(cookies, [&](const Seen& seen) { return is_expired(*seen.item, scene.now); });
    return cookies;
}

bool sets(const Hop& hop, const Item& cookie)
{
    return is_sent_to(cookie, host_of(hop.url), {}) &&
           std::find(hop.set_cookie_names.begin(), hop.set_cookie_names.end(), cookie.name) !=
               hop.set_cookie_names.end();
}

std::vector<std::string> hosts_met(const Scene& scene)
{
    std::vector<std::string> hosts;
    if (scene.probe) {
        for (const Hop& hop : scene.probe->hops) {
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
