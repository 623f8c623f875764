#include "app/prove_cookies.h"

#include <fmt/format.h>

#include <set>

#include "app/retest.h"
#include "base/text.h"
#include "diagnosis/search.h"

namespace unstick {

namespace {

/// The same plan with nothing but the cookies that can be read.
ProfilePlan cookies_in(ProfilePlan plan)
{
    for (StorePlan& store : plan.stores) {
        if (store.spec->read_jar == nullptr || !store.found.problems.empty()) {
            store.found.items.clear();
        }
    }
    return plan;
}

Shown shown_by(const Probe& met)
{
    if (is_kept_out(met)) {
        return Shown::stuck;
    }
    if (is_let_in(met)) {
        return Shown::in;
    }
    return met.status == 0 || met.status == 429 ? Shown::no_answer : Shown::cannot_tell;
}

std::string in_words(const Probe& met)
{
    return goes_in_circles(met) ? "redirects that go in circles"
           : met.status == 0    ? "no answer"
                                : fmt::format("the answer {}", met.status);
}

}  // namespace

Proof prove_by_cookies(const Context& context, const Probe& clean, const CookieProbe& refused,
                       std::span<const ProfilePlan> inventory, std::span<const Finding> findings, std::size_t visits)
{
    const ProfilePlan& plan = inventory[refused.profile];
    const Url target = target_of(context.request, clean);
    const auto atoms = atoms_of(cookies_in(plan), refused.profile, findings);
    Proof proof{.profile = refused.profile, .by = ProvedBy::client};
    const auto tell = [&](std::size_t away, const Probe& met) {
        proof.trail.push_back({away, shown_by(met), in_words(met)});
        return proof.trail.back().shown;
    };
    const auto refs_of = [&](const Items& chosen) { return items_of(atoms, chosen, refused.profile); };
    const auto item_at = [&](const ItemRef& ref) -> const Item& {
        return plan.stores[ref.store].found.items[ref.item];
    };
    const auto ask = [&](const Items& away) {
        const auto refs = refs_of(away);
        if (refs.empty() && proof.trail.empty()) {
            return tell(0, refused.probe);
        }
        context.stages.now(fmt::format("asking without {} (request {} of at most {})",
                                       count_of(refs.size(), "cookie", "cookies"), proof.trail.size() + 1, visits));
        std::set<CookieName> names;
        for (const ItemRef& ref : refs) {
            names.insert(cookie_name(item_at(ref)));
        }
        const auto met = probe_with_cookies(context.host, target, context.request.probe, plan, names);
        return tell(refs.size(), met ? met->probe : clean);  // with no cookie left it is a client with nothing stored
    };
    const SearchResult found = find_needed(search_among(atoms, plan, findings, visits), ask);
    proof.end = found.end;
    const auto needed = refs_of(found.needed);
    proof.items.assign(needed.begin(), needed.end());
    for (const ItemRef& ref : proof.items) {
        proof.names.push_back(name_of(item_at(ref)));
    }
    return proof;
}

}  // namespace unstick
