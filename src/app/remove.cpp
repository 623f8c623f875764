#include "app/remove.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/stragglers.h"
#include "base/text.h"
#include "journal/apply.h"
#include "report/verdict.h"
#include "web/cookie_match.h"

namespace unstick {

namespace {

struct Verified {
    RemovedItems gone;
    std::vector<Error> problems;  ///< what is still there
};

/// Looks again for what a step removed: what is still there was not removed, whatever the media said. Asks for the host
/// names of the whole plan: they are not in the profile any more.
Verified verify(const ProfilePlan& whole, const ProfilePlan& step, Programs& programs)
{
    Verified verified;
    for (std::size_t i = 0; i < step.stores.size(); ++i) {
        const StorePlan& planned = step.stores[i];
        if (planned.found.items.empty()) {
            continue;
        }
        const Found left = rescan(planned, whole.site, &programs);
        append(verified.problems, left.problems);
        const std::uint64_t count = planned.found.items.size();
        verified.gone[i] = count - std::min<std::uint64_t>(left.items.size(), count);
        if (!left.items.empty()) {
            verified.problems.push_back({Code::io, shown_path(planned.path, whole.profile),
                                         fmt::format("{} of {} are still there",
                                                     count_of(left.items.size(), "item", "items"), planned.spec->label),
                                         "close every window of the browser and run unstick again"});
        }
    }
    return verified;
}

/// Writes a step down and makes that durable; what cannot be put back is left out of it. Value: why. Error: nothing of
/// it may be removed.
Result<std::vector<Error>> write_down(Journal& journal, Step& step)
{
    auto left_out = record_plans(journal, step);
    const bool nothing_is_left =
        std::all_of(step.begin(), step.end(), [](const ProfilePlan& plan) { return plan.items() == 0; });
    if (left_out && !left_out->empty() && nothing_is_left) {
        return tl::unexpected<Error>(left_out->front());
    }
    return left_out;
}

/// Could something of a browser that has quit write to what is to be changed?
bool something_may_write(const Context& context, const Step& step)
{
    return std::any_of(step.begin(), step.end(), [&](const ProfilePlan& plan) {
        std::vector<fs::path> places;
        for (const StorePlan& store : plan.stores) {
            if (!store.found.items.empty()) {
                places.push_back(store.path);
            }
        }
        return !places.empty() && may_be_written(*plan.adapter, places, context.request.close, context.host);
    });
}

/// Removes one step: written down first, then carried out, then looked for. Adds to `removal` what comes of it. Error:
/// it could not be written down; then nothing of it was removed.
Result<void> remove_step(const Context& context, Journal& journal, std::span<LockedProfile> held, Step step,
                         Removal& removal)
{
    const std::int64_t before = last_store(journal);
    const bool look_again = something_may_write(context, step);
    context.stages.next("writing down what will be removed, so that it can be put back");
    TRY_ASSIGN(const auto left_out, write_down(journal, step));
    append(removal.problems, left_out);
    const std::size_t problems_before = removal.problems.size();
    const std::uint64_t removed_before = removal.removed;
    for (std::size_t i = 0; i < held.size(); ++i) {
        const ProfilePlan& plan = held[i].plan;
        if (step[i].items() == 0) {
            context.stages.skip();
            continue;
        }
        context.stages.next(fmt::format("removing from {} {}", plan.adapter->label, plan.profile.id));
        const auto is_free = [&] { return still_free(*plan.adapter, plan.profile, context.host); };
        append(removal.problems, carry_out(journal, plan.profile, is_free, held[i].locks, before));
        const Verified verified = verify(plan, step[i], context.host);
        append(removal.problems, verified.problems);
        for (const auto& [store, count] : verified.gone) {
            removal.gone[i][store] += count;
            removal.removed += count;
        }
    }
    if (look_again && removal.removed > removed_before && removal.problems.size() == problems_before) {
        append(removal.problems, look_for_stragglers(step, context.host));
    }
    return {};
}

/// The re-test after something was removed: by the browsers that were copied, or else by a client that has nothing
/// stored.
void ask_again(const Context& context, RetestBrowsers& browsers, Removal& removal)
{
    Visits visits = browsers.visit();
    for (auto& [profile, met] : visits.each) {
        removal.visited.insert_or_assign(profile, std::move(met));
    }
    removal.browser_after = std::move(visits.decisive);
    if (removal.browser_after) {
        context.stages.skip();
        removal.decisive = removal.browser_after;
        return;
    }
    context.stages.next("asking the site again");
    removal.after = probe(context.host, browsers.target().text(), context.request.probe);
    removal.decisive = removal.after;
}

/// Does the step take an order to use https only for the host?
bool takes_order_for(const Step& step, const std::string& host)
{
    return std::any_of(step.begin(), step.end(), [&](const ProfilePlan& plan) {
        return std::any_of(plan.stores.begin(), plan.stores.end(), [&](const StorePlan& store) {
            return std::any_of(store.found.items.begin(), store.found.items.end(), [&](const Item& item) {
                const auto* const order = item.as<Hsts>();
                return order != nullptr && is_for((order->include_subdomains ? "." : "") + item.host, "/", host, {});
            });
        });
    });
}

/// Asks once more with the cookies that are left, where the site refused those that were there. True if it still
/// refuses some.
bool refuses_the_rest(const Request& request, const Url& target, Host& host, std::span<const LockedProfile> held,
                      Removal& removal)
{
    bool refused = false;
    for (CookieProbe& asked : removal.with_cookies) {
        if (is_kept_out(asked.probe)) {
            const auto again = probe_with_cookies(host, target, request.probe, held[asked.profile].plan);
            asked.after = again ? again->probe : *removal.decisive;
            refused = refused || is_kept_out(*asked.after);
        }
    }
    return refused;
}

bool lets_in(const Removal& removal, const Request& request)
{
    return removal.decisive && !removal.cookies_refused &&
           !is_not_this_browser(*removal.decisive, request.probe.expect_status);
}

/// Erases the run, whose lock is released by that.
Result<void> erase(const Request& request, Result<Journal>& journal)
{
    const std::string id = journal->id();
    journal = fail(Code::io, "", "");
    return erase_run(request.state_dir, id);
}

/// What becomes of the journal at the end: it is kept for undo, unless nothing was written down or nobody wants that.
void close_journal(const Request& request, Result<Journal>& journal, Removal& removal)
{
    if (removal.run.empty()) {
        (void)erase(request, journal);
        return;
    }
    if (auto done = journal->set_state(Journal::State::done); !done) {
        removal.problems.push_back(done.error());
    }
    if (!request.no_undo) {
        return;
    }
    if (auto erased = erase(request, journal); erased) {
        removal.run.clear();
    } else {
        removal.problems.push_back(erased.error());
    }
}

/// As remove_in_steps, which see. Throws JournalUnreadable; `removal` then says what was done until then.
void remove_until_it_answers(const Context& context, std::span<LockedProfile> held, std::span<const Step> steps,
                             RetestBrowsers& browsers, Removal& removal)
{
    const Request& request = context.request;
    auto journal = Journal::create(request.state_dir, request.site->name(), context.host.now(), &context.host,
                                   media_of(context.adapters));
    if (!journal) {
        removal.problems.push_back(journal.error());
        return;
    }
    std::size_t done = 0;
    while (done < steps.size() && !lets_in(removal, request) && removal.problems.empty()) {
        if (done > 0) {
            context.stages.expect(stages_of_step(request, held.size()));
        }
        if (const auto step = remove_step(context, *journal, held, steps[done], removal); !step) {
            removal.problems.push_back(step.error());
            break;
        }
        ++done;
        removal.run = journal->id();
        if (takes_order_for(steps[done - 1], browsers.target().host)) {
            browsers.ask_by_http();
        }
        const bool asks = request.retest != Retest::none && removal.removed > 0;
        if (asks && request.retest == Retest::browser) {
            copy_all(held, browsers);
        }
        if (done == steps.size()) {  // a browser may start while the site is asked for the last time
            release(held);
        }
        if (asks) {
            ask_again(context, browsers, removal);
            removal.cookies_refused = refuses_the_rest(request, browsers.target(), context.host, held, removal);
        }
    }
    for (const Step& step : steps.subspan(done)) {
        for (const ProfilePlan& plan : step) {
            removal.spared += plan.items();
        }
    }
    close_journal(request, journal, removal);
}

}  // namespace

std::size_t stages_of_step(const Request& request, std::size_t profiles)
{
    // Writing down, removing, and asking the site again.
    return 1 + profiles + (request.retest != Retest::none ? 1 : 0);
}

Removal remove_in_steps(const Context& context, std::span<LockedProfile> held, std::span<const Step> steps,
                        RetestBrowsers& browsers, std::vector<CookieProbe> with_cookies)
{
    Removal removal;
    removal.with_cookies = std::move(with_cookies);
    try {
        remove_until_it_answers(context, held, steps, browsers, removal);
    } catch (JournalUnreadable& unreadable) {
        removal.cut_off = std::move(unreadable.error);
    }
    return removal;
}

}  // namespace unstick
