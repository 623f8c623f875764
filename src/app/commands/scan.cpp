// Which sites of this computer look stuck? One look into each store for all sites; no site is asked.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "app/chosen_profiles.h"
#include "app/commands/commands.h"
#include "app/diagnose.h"
#include "app/plan_each.h"
#include "app/profile_reports.h"
#include "base/text.h"
#include "report/phrases.h"
#include "report/verdict.h"
#include "web/cookie_match.h"
#include "web/url.h"

namespace unstick::commands {

namespace {

/// Into so many parts that take about as long as each other each profile is divided: they are looked into side by side.
constexpr std::size_t parts_of_profile = 3;

/// The kinds of a part, as far as rules are about them: none is about passwords.
std::set<Kind> kinds_of(std::size_t part)
{
    if (part < 2) {
        return {part == 0 ? Kind::storage : Kind::cache};
    }
    std::set<Kind> kinds = all_kinds();
    for (const Kind kind : {Kind::storage, Kind::cache, Kind::passwords}) {
        kinds.erase(kind);
    }
    return kinds;
}

/// Each profile once for each of its parts.
std::vector<Discovered> parts_of(std::span<const Discovered> profiles)
{
    std::vector<Discovered> parts;
    for (const Discovered& profile : profiles) {
        parts.insert(parts.end(), parts_of_profile, profile);
    }
    return parts;
}

/// What is stored of one site, a plan for each profile that has something of it: by the profile's number.
using OfSite = std::map<std::size_t, ProfilePlan>;

/// Which site a host is of. The list of suffixes is asked for each host once, not for each item.
class SiteNames {
public:
    /// The registrable domain of the item's host; empty if it says none.
    const std::string& of(const Item& item)
    {
        const std::string_view host = split_url(item.host) ? host_of(item.host) : cookie_domain(item.host);
        const auto [known, is_new] = names_.try_emplace(std::string(host));
        if (is_new && !host.empty()) {
            known->second = registrable_domain(lower(host));
        }
        return known->second;
    }

private:
    std::unordered_map<std::string, std::string> names_;  ///< by host
};

/// Deals the items of a profile out to the sites that they are of. Stores keep their order.
void deal_out(std::size_t number, ProfilePlan whole, SiteNames& names, std::map<std::string, OfSite>& sites)
{
    for (StorePlan& store : whole.stores) {
        std::map<std::string, std::vector<Item>> parts;
        for (Item& item : store.found.items) {
            if (const std::string& site = names.of(item); !site.empty()) {
                parts[site].push_back(std::move(item));
            }
        }
        for (auto& [site, items] : parts) {
            const auto plan = sites[site].try_emplace(number, ProfilePlan{whole.adapter, whole.profile, {}, {}}).first;
            StorePlan part{store.spec, store.path, {}};
            part.found.present = true;
            part.found.version = store.found.version;
            part.found.items = std::move(items);
            plan->second.stores.push_back(std::move(part));
        }
    }
}

/// The findings of one site; nothing if it is no site that could be named.
std::optional<SiteSeen> judge(const Context& context, const std::string& name, OfSite&& plans)
{
    auto site = Site::parse(name, Site::BareLabel::if_stored);
    if (!site) {
        return std::nullopt;
    }
    Request request = context.request;
    request.site = *site;
    std::vector<ProfilePlan> inventory;
    for (auto& [number, plan] : plans) {
        plan.site = *site;
        inventory.push_back(std::move(plan));
    }
    const std::string command = fix_command(request);
    const std::optional<Probe> not_asked;
    SiteSeen seen;
    seen.site = site->name();
    seen.findings = find_causes(
        {.inventory = inventory, .site = *site, .probe = not_asked, .now = context.host.now(), .command = command});
    std::erase_if(seen.findings, [](const Finding& finding) { return finding.items.empty(); });
    if (seen.findings.empty()) {
        return std::nullopt;
    }
    seen.confidence = seen.findings.front().confidence;
    seen.why = why_command(command);
    return seen;
}

/// The most likely first; of those that are alike, by name.
void rank(std::vector<SiteSeen>& sites)
{
    const auto key = [](const SiteSeen& seen) { return std::pair(seen.confidence, std::string_view(seen.site)); };
    std::sort(sites.begin(), sites.end(),
              [&](const SiteSeen& one, const SiteSeen& other) { return key(one) < key(other); });
}

Conclusion conclude_scan(const Report& report)
{
    const auto likely =
        static_cast<std::uint64_t>(std::count_if(report.sites.begin(), report.sites.end(), [](const SiteSeen& seen) {
            return seen.confidence != Confidence::low;
        }));
    const std::string all = count_of(report.sites_looked_at, "site", "sites");
    if (likely > 0) {
        return {{"wrong-found", fmt::format("{} of {} {} stuck. No site was asked, and nothing was changed.", likely,
                                            all, likely == 1 ? "looks" : "look")},
                Exit::wrong_found};
    }
    return {{report.sites.empty() ? "nothing-wrong" : "only-hints",
             fmt::format("None of {} looks stuck. No site was asked.", all)},
            exit_of_problems(report.problems, true)};
}

}  // namespace

Report scan(const Context& context)
{
    const auto discovery = discover_for(context);
    if (!discovery) {
        return refused(report_begun(context), discovery.error());
    }
    const std::vector<Discovered> parts = parts_of(discovery->profiles);
    context.stages.expect(parts.size());
    const Site everything = Site::everything();
    const auto look = [&](std::size_t number) {
        // Without programs: a Mac's keychain is not asked for everything that is in it.
        return plan_profile(*parts[number].adapter, parts[number].profile, everything,
                            kinds_of(number % parts_of_profile));
    };
    auto plans = plan_each(parts, look, &context.stages);

    Report report = report_begun(context);
    report.problems = discovery->problems;
    SiteNames names;
    std::map<std::string, OfSite> sites;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        append(report.problems, problems_of(plans[i]));
        deal_out(i / parts_of_profile, std::move(plans[i]), names, sites);
    }
    for (auto& [name, of_site] : sites) {
        ++report.sites_looked_at;
        if (auto seen = judge(context, name, std::move(of_site))) {
            report.sites.push_back(std::move(*seen));
        }
    }
    rank(report.sites);
    Conclusion end = conclude_scan(report);
    if (parts.empty()) {
        end = or_no_profiles(std::move(end), std::nullopt, std::nullopt);
    }
    append(report.next, advice_on(context, *discovery));
    return concluded(std::move(report), std::move(end));
}

}  // namespace unstick::commands
