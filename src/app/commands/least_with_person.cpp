#include "app/commands/least_with_person.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/commands/commands.h"
#include "app/counterparts.h"
#include "app/remove.h"
#include "base/text.h"
#include "inventory/profile_lock.h"
#include "net/probe.h"

namespace unstick::commands {

namespace {

/// The search's oracle: what is away from the profile is what it was asked about last.
class Person {
public:
    Person(const Context& context, LockedProfile& held, std::size_t profile, std::vector<Atom> atoms, Closing& closing)
        : context_(context),
          held_(held),
          profile_(profile),
          known_(held.plan),
          atoms_(std::move(atoms)),
          closing_(closing),
          nobody_(context, std::nullopt)
    {
    }

    Shown ask(const Items& away)
    {
        if (away.empty()) {
            return Shown::stuck;  // that is why they came
        }
        // They are not asked twice about the same: they would have to see that it is broken again.
        if (const auto said = said_.find(away); said != said_.end()) {
            return said->second;
        }
        if (const auto changed = change_to(away); !changed) {
            problems_.push_back(changed.error());
            return Shown::no_answer;
        }
        start_browser();
        const bool is_in = context_.console.is_so(
            fmt::format("{} {} away now. Open {} in {}. Are you in now?", count_of(held_.plan.items(), "item", "items"),
                        held_.plan.items() == 1 ? "is" : "are", shown_url(context_.request.site->target().text()),
                        known_.adapter->label),
            left_behind());
        const Shown shown = is_in ? Shown::in : Shown::stuck;
        tried_.push_back({refs_of(away).size(), shown, is_in ? "you were in" : "you were not in"});
        return said_.emplace(away, shown).first->second;
    }

    /// Exactly these are away in the end. What fails is a problem.
    FoundWithPerson end_with(const SearchResult& found)
    {
        const bool is_proved = found.end == SearchEnd::proved;
        const auto changed = change_to(is_proved ? found.needed : Items{});
        if (!changed) {
            problems_.push_back(changed.error());
        }
        FoundWithPerson result{.proof = {.profile = profile_,
                                         .by = ProvedBy::person,
                                         .end = is_proved && !changed ? SearchEnd::no_answer : found.end,
                                         .trail = std::move(tried_)},
                               .run = run_,
                               .problems = std::move(problems_),
                               .next = {}};
        for (const ItemRef& ref : refs_of(found.needed)) {
            const Item& item = known_.stores[ref.store].found.items[ref.item];
            result.proof.items.push_back({profile_, ref.store, ref.item});
            result.proof.names.push_back(name_of(item));
            result.proof.only_cookies = result.proof.only_cookies && item.as<Cookie>() != nullptr;
        }
        if (!run_.empty() && result.proof.end != SearchEnd::proved) {
            result.next.push_back(left_behind());
        }
        held_.plan = known_;
        return result;
    }

private:
    /// As if the profile were the only one of an inventory.
    std::set<ItemRef> refs_of(const Items& chosen) const { return items_of(atoms_, chosen, 0); }

    /// What to type if it ends here.
    std::string left_behind() const
    {
        return fmt::format("What is away stays away. To put it back: unstick undo {}{}", run_,
                           context_.request.undo_options);
    }

    Result<void> change_to(const Items& away)
    {
        if (away == away_) {
            return {};
        }
        if (!run_.empty()) {
            TRY(hold());
            TRY(put_back());
        }
        if (!away.empty()) {
            TRY(hold());
            TRY(take_away(away));
        }
        return {};
    }

    /// Holds the profile again. A browser that cannot be asked to quit is the person's to close.
    Result<void> hold()
    {
        while (true) {
            const auto ours = hold_again(context_, held_, closing_);
            if (ours || ours.error().code != Code::locked ||
                !context_.console.is_so(
                    fmt::format("{} is still open. Close it. Is it closed now?", known_.adapter->label),
                    run_.empty() ? "Nothing was changed." : left_behind())) {
                return ours;
            }
        }
    }

    Result<void> put_back()
    {
        held_.locks.clear();
        Request undoing = context_.request;
        undoing.command = Command::undo;
        undoing.run = run_;
        undoing.yes = true;
        undoing.reopen = false;
        const Report report = undo(in(undoing));
        if (!report.problems.empty()) {
            return tl::unexpected<Error>(report.problems.front());
        }
        run_.clear();
        away_.clear();
        return {};
    }

    /// As `fix` would remove them, but for the re-test.
    Result<void> take_away(const Items& away)
    {
        const auto chosen = refs_of(away);
        std::set<ItemRef> there;
        for (const auto& [now, before] : counterparts(held_.plan, known_, 0)) {
            if (chosen.contains(before)) {
                there.insert(now);
            }
        }
        held_.plan = only(std::span(&held_.plan, 1), there).front();
        Request removing = context_.request;
        removing.retest = Retest::none;
        removing.no_undo = false;
        const std::vector<Step> steps{{held_.plan}};
        Removal removal = remove_in_steps(in(removing), std::span(&held_, 1), steps, nobody_, {});
        held_.locks.clear();
        run_ = removal.run;
        away_ = away;
        if (removal.cut_off) {
            return tl::unexpected<Error>(*removal.cut_off);
        }
        return removal.problems.empty() ? Result<void>() : tl::unexpected<Error>(removal.problems.front());
    }

    /// Those that we asked to quit; others the person opens.
    void start_browser()
    {
        const Restarted started = start_again(closing_, context_.host);
        problems_.insert(problems_.end(), started.problems.begin(), started.problems.end());
        closing_.closed.clear();
    }

    Context in(const Request& request) const
    {
        return {.request = request,
                .host = context_.host,
                .adapters = context_.adapters,
                .console = context_.console,
                .stages = context_.stages,
                .begun_at = context_.begun_at};
    }

    const Context& context_;
    LockedProfile& held_;
    std::size_t profile_;
    ProfilePlan known_;  ///< as it was before anything went
    std::vector<Atom> atoms_;
    Closing& closing_;
    RetestBrowsers nobody_;  ///< no browser is opened on a copy here
    std::string run_;        ///< of what is away; empty: nothing
    Items away_;
    std::map<Items, Shown> said_;
    std::vector<Tried> tried_;
    std::vector<Error> problems_;
};

/// All cookies: the likeliest of what no finding names, and few enough to be taken at once.
Items cookies_among(const std::vector<Atom>& atoms, const ProfilePlan& plan)
{
    Items cookies;
    for (std::size_t a = 0; a < atoms.size(); ++a) {
        const ItemRef& ref = atoms[a].front();
        if (plan.stores[ref.store].found.items[ref.item].as<Cookie>() != nullptr) {
            cookies.push_back(a);
        }
    }
    return cookies;
}

}  // namespace

FoundWithPerson find_with_person(const Context& context, LockedProfile& held, std::size_t profile,
                                 std::span<const Finding> findings, Closing& closing)
{
    auto atoms = atoms_of(held.plan, profile, findings);
    SearchInput input = search_among(atoms, held.plan, findings, context.request.visits);
    // Each step costs the person a sign-in at most, and the smallest ones cost the least.
    input.everything = Everything::last;
    input.hypotheses.push_back(cookies_among(atoms, held.plan));
    std::stable_sort(input.hypotheses.begin(), input.hypotheses.end(),
                     [](const Items& a, const Items& b) { return a.size() < b.size(); });
    Person person(context, held, profile, std::move(atoms), closing);
    return person.end_with(find_needed(input, [&](const Items& away) { return person.ask(away); }));
}

}  // namespace unstick::commands
