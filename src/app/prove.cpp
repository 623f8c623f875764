#include "app/prove.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/counterparts.h"
#include "app/prove_cookies.h"
#include "base/text.h"
#include "inventory/profile_lock.h"
#include "journal/apply.h"
#include "net/judgement.h"
#include "web/cookie_match.h"

namespace unstick {

namespace {

/// The same findings, about the items of a copy.
std::vector<Finding> about_copy(std::span<const Finding> findings, const std::map<ItemRef, ItemRef>& known)
{
    std::map<ItemRef, ItemRef> in_copy;
    for (const auto& [copy, inventory] : known) {
        in_copy.emplace(inventory, copy);
    }
    std::vector<Finding> moved(findings.begin(), findings.end());
    for (Finding& finding : moved) {
        std::vector<ItemRef> items;
        for (const ItemRef& ref : finding.items) {
            if (const auto there = in_copy.find(ref); there != in_copy.end()) {
                items.push_back(there->second);
            }
        }
        finding.items = std::move(items);
    }
    return moved;
}

const Item& item_at(const ProfilePlan& plan, const ItemRef& ref)
{
    return plan.stores[ref.store].found.items[ref.item];
}

/// Removes items from a copy as `fix` would from the profile, with a journal that goes with it.
Result<void> take_away(const Context& context, const ProfilePlan& plan, const std::set<ItemRef>& items)
{
    TRY_ASSIGN(const auto folder, PrivateFolder::make());
    TRY_ASSIGN(auto journal, Journal::create(folder.path(), plan.site.name(), context.host.now(), nullptr,
                                             media_of(context.adapters)));
    std::vector<ProfilePlan> plans = only(std::span(&plan, 1), items);
    TRY_ASSIGN(const auto left_out, record_plans(journal, plans));
    if (!left_out.empty()) {
        return tl::unexpected<Error>(left_out.front());
    }
    Closing none;
    TRY_ASSIGN(auto locks, lock_profile(*plan.adapter, plan.profile, context.host, none));
    const auto problems = carry_out(
        journal, plan.profile, [] { return Result<void>(); }, locks);
    return problems.empty() ? Result<void>() : tl::unexpected<Error>(problems.front());
}

/// The search in one profile.
class Searching {
public:
    Searching(const Context& context, RetestBrowsers& browsers, std::size_t profile, const Probe& before)
        : context_(context), browsers_(browsers), profile_(profile), before_(before)
    {
    }

    Proof run(const ProfilePlan& known, std::span<const Finding> findings, std::size_t visits)
    {
        Proof proof = search(known, findings, *context_.request.site, visits);
        // Is it what a site on the way has stored, the sign-in provider for example?
        if (proof.end == SearchEnd::not_here &&
            browsers_.way().arguments().size() > context_.request.site->arguments().size()) {
            const std::vector<Tried> trail = proof.trail;
            is_first_told_ = false;
            Proof with_others = search(known, findings, browsers_.way(), visits - std::min(visits, trail.size()) + 1);
            with_others.trail.erase(with_others.trail.begin());  // nothing away, as before
            with_others.trail.insert(with_others.trail.begin(), trail.begin(), trail.end());
            proof = std::move(with_others);
        }
        return proof;
    }

private:
    /// Notes what a visit showed.
    Shown tell(std::size_t away, const Probe& met)
    {
        const Shown shown = shown_of(met, before_, context_.request.probe.expect_status);
        tried_.push_back({away, shown, page_in_words(met)});
        return shown;
    }

    Shown visit(const Site& site, const std::set<ItemRef>& away, std::size_t visits)
    {
        if (away.empty() && !is_first_told_) {
            is_first_told_ = true;
            return tell(0, before_);
        }
        context_.stages.now(fmt::format("trying without {} (visit {} of at most {})",
                                        count_of(away.size(), "item", "items"), tried_.size() + 1, visits));
        auto met = browsers_.visit_again(
            profile_,
            [&](const ProfilePlan& plan) -> Result<void> {
                return away.empty() ? Result<void>() : take_away(context_, plan, away);
            },
            site);
        if (!met) {
            tried_.push_back({away.size(), Shown::no_answer, met.error().what});
            return Shown::no_answer;
        }
        return tell(away.size(), *met);
    }

    Proof search(const ProfilePlan& known, std::span<const Finding> findings, const Site& site, std::size_t visits)
    {
        tried_.clear();
        Proof proof{.profile = profile_};
        const ProfilePlan copy = browsers_.plan_of_copy(profile_, site);
        const auto inventory = counterparts(copy, known, profile_);
        const auto named = about_copy(findings, inventory);
        const auto atoms = atoms_of(copy, profile_, named);
        const auto refs_of = [&](const Items& chosen) { return items_of(atoms, chosen, 0); };
        const SearchResult found = find_needed(search_among(atoms, copy, named, visits),
                                               [&](const Items& away) { return visit(site, refs_of(away), visits); });
        proof.end = found.end;
        for (const ItemRef& ref : refs_of(found.needed)) {
            const Item& item = item_at(copy, ref);
            proof.names.push_back(name_of(item));
            proof.only_cookies = proof.only_cookies && item.as<Cookie>() != nullptr;
            if (const auto there = inventory.find({profile_, ref.store, ref.item}); there != inventory.end()) {
                proof.items.push_back(there->second);
            } else if (const std::string domain = registrable_domain(cookie_domain(item.host));
                       !item.host.empty() && !context_.request.site->owns_host(domain)) {
                proof.elsewhere.insert(domain);
            } else {
                proof.kinds.insert(copy.stores[ref.store].spec->kind);
            }
        }
        std::sort(proof.items.begin(), proof.items.end());
        proof.trail = std::move(tried_);
        return proof;
    }

    const Context& context_;
    RetestBrowsers& browsers_;
    std::size_t profile_;
    const Probe& before_;
    bool is_first_told_ = false;
    std::vector<Tried> tried_;
};

/// Does a finding that is more than a hint name something of the profile?
bool is_something_likely(std::span<const Finding> findings, std::size_t profile)
{
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.confidence != Confidence::low && !finding.items.empty() &&
               finding.items.front().profile == profile;
    });
}

}  // namespace

std::vector<Proof> prove_each(const Context& context, RetestBrowsers& browsers, const Visits& visits,
                              const std::optional<Probe>& clean, std::span<const ProfilePlan> inventory,
                              const Diagnosis& diagnosis)
{
    std::vector<Proof> proofs;
    std::size_t left = context.request.visits;
    for (const auto& [number, met] : visits.each) {
        if (is_stuck(met, context.request.probe.expect_status) != true || left == 0) {
            continue;
        }
        // With nothing stored it is the same: no visit is needed, unless a good session may lie beside a bad one.
        if (met.fresh && is_alike(met, *met.fresh) && !is_something_likely(diagnosis.findings, number)) {
            proofs.push_back({.profile = number, .end = SearchEnd::not_here, .trail = {}});
        } else {
            proofs.push_back(
                Searching(context, browsers, number, met).run(inventory[number], diagnosis.findings, left));
            left -= std::min(left, proofs.back().trail.size());
        }
    }
    browsers.drop_copies();
    for (const CookieProbe& met : diagnosis.with_cookies) {
        if (left > 0 && clean && !visits.each.contains(met.profile) && is_kept_out(met.probe)) {
            proofs.push_back(prove_by_cookies(context, *clean, met, inventory, diagnosis.findings, left));
            left -= std::min(left, proofs.back().trail.size());
        }
    }
    return proofs;
}

void ask_about_pages(const Context& context, Visits& visits)
{
    if (!context.console.ask) {
        return;
    }
    for (auto& [number, met] : visits.each) {
        if (is_stuck(met, context.request.probe.expect_status) || !met.page) {
            continue;
        }
        const std::string& words = met.page->first_line.empty() ? met.page->title : met.page->first_line;
        met.said_stuck = context.console.ask(
            words.empty() ? "Your browser shows a page without text. Is that the trouble?"
                          : fmt::format("Your browser shows: \"{}\". Is that the trouble?", printable(words)));
        if (met.said_stuck) {
            visits.decisive = met;
        }
    }
}

}  // namespace unstick
