// Which sites of this computer look stuck? One look into each store for all sites; no site is asked.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "app/chosen_profiles.h"
#include "app/commands/commands.h"
#include "app/diagnose.h"
#include "app/plan_each.h"
#include "app/profile_reports.h"
#include "base/side_by_side.h"
#include "base/text.h"
#include "platform/own_process.h"
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

/// A site by its name, and what is stored of it.
using NamedSite = std::pair<std::string, OfSite>;

/// The sites, and which of them a host is of. The list of suffixes is asked for each host once, not for each item.
class Sites {
public:
    /// The one that the item is of; nullptr if its host says none.
    OfSite* of(const Item& item)
    {
        const std::string_view host = split_url(item.host) ? host_of(item.host) : cookie_domain(item.host);
        const auto [known, is_new] = by_host_.try_emplace(std::string(host), nullptr);
        if (is_new) {
            const std::string name = host.empty() ? std::string() : registrable_domain(lower(host));
            known->second = name.empty() ? nullptr : &by_name_[name];
        }
        return known->second;
    }

    /// Adds what another part has of each site, and loses, behind what is there.
    void add(Sites& more)
    {
        for (auto& [name, of_site] : more.by_name_) {
            OfSite& ours = by_name_[name];
            for (auto& [number, plan] : of_site) {
                const auto [known, is_new] = ours.try_emplace(number, std::move(plan));
                if (!is_new) {
                    known->second.stores.insert(known->second.stores.end(), std::move_iterator(plan.stores.begin()),
                                                std::move_iterator(plan.stores.end()));
                }
            }
        }
    }

    std::vector<NamedSite> take() { return {std::move_iterator(by_name_.begin()), std::move_iterator(by_name_.end())}; }

private:
    std::map<std::string, OfSite> by_name_;
    std::unordered_map<std::string, OfSite*> by_host_;
};

/// Where the items of one store go that are of one site.
std::vector<Item>& part_of(const StorePlan& store, std::size_t number, const ProfilePlan& whole, OfSite& site)
{
    if (!site.contains(number)) {
        site.emplace(number, ProfilePlan{whole.adapter, whole.profile, {}, {}});
    }
    Found& found = site.at(number).stores.emplace_back(StorePlan{store.spec, store.path, {}}).found;
    found.present = true;
    found.version = store.found.version;
    return found.items;
}

/// Deals the items of a profile, which loses them, out to the sites that they are of. Stores keep their order.
Sites deal_out(std::size_t number, ProfilePlan& whole)
{
    Sites sites;
    for (StorePlan& store : whole.stores) {
        std::vector<OfSite*> owners;
        std::unordered_map<OfSite*, std::size_t> counts;
        for (const Item& item : store.found.items) {
            ++counts[owners.emplace_back(sites.of(item))];
        }
        std::unordered_map<OfSite*, std::vector<Item>*> parts;
        for (std::size_t i = 0; i < owners.size(); ++i) {
            if (owners[i] == nullptr) {
                continue;
            }
            const auto [part, is_new] = parts.try_emplace(owners[i]);
            if (is_new) {
                part->second = &part_of(store, number, whole, *owners[i]);
                part->second->reserve(counts.at(owners[i]));
            }
            part->second->push_back(std::move(store.found.items[i]));
        }
        store.found.items = {};
    }
    return sites;
}

/// The findings of one site; nothing if it is no site that could be named. `request`: as the context's, for any site.
std::optional<SiteSeen> judge(const Context& context, Request& request, const std::string& name, OfSite&& plans)
{
    auto site = Site::parse(name, Site::BareLabel::if_stored);
    if (!site) {
        return std::nullopt;
    }
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

/// What is to be said of the sites, in their order; several are judged at once.
std::vector<SiteSeen> judge_all(const Context& context, std::vector<NamedSite> sites)
{
    constexpr std::size_t most_judges = 4;
    std::vector<std::optional<SiteSeen>> judged(sites.size());
    std::atomic<std::size_t> next = 0;
    side_by_side(std::min(sites.size(), most_judges), [&](std::size_t) {
        Request request = context.request;
        for (std::size_t i = next++; i < sites.size(); i = next++) {
            judged[i] = judge(context, request, sites[i].first, std::move(sites[i].second));
        }
    });
    std::vector<SiteSeen> seen;
    for (auto& one : judged) {
        if (one) {
            seen.push_back(std::move(*one));
        }
    }
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
    keep_freed_memory();
    const auto discovery = discover_for(context);
    if (!discovery) {
        return refused(report_begun(context), discovery.error());
    }
    const std::vector<Discovered> parts = parts_of(discovery->profiles);
    context.stages.expect(parts.size());
    const Site everything = Site::everything();
    std::vector<Sites> dealt(parts.size());
    const auto look = [&](std::size_t number) {
        // Without programs: a Mac's keychain is not asked for everything that is in it.
        ProfilePlan plan = plan_profile(*parts[number].adapter, parts[number].profile, everything,
                                        kinds_of(number % parts_of_profile));
        dealt[number] = deal_out(number / parts_of_profile, plan);  // while other parts are looked into
        return plan;
    };
    const auto plans = plan_each(parts, look, &context.stages);

    Report report = report_begun(context);
    report.problems = discovery->problems;
    Sites sites;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        append(report.problems, problems_of(plans[i]));
        sites.add(dealt[i]);
    }
    std::vector<NamedSite> all = sites.take();
    report.sites_looked_at = all.size();
    report.sites = judge_all(context, std::move(all));
    rank(report.sites);
    Conclusion end = conclude_scan(report);
    if (parts.empty()) {
        end = or_no_profiles(std::move(end), std::nullopt, std::nullopt);
    }
    append(report.next, advice_on(context, *discovery));
    return concluded(std::move(report), std::move(end));
}

}  // namespace unstick::commands
