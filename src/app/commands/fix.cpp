#include <algorithm>
#include <utility>

#include "app/browser_retest.h"
#include "app/chosen_profiles.h"
#include "app/commands/commands.h"
#include "app/commands/least_with_person.h"
#include "app/diagnose.h"
#include "app/dns.h"
#include "app/locked_profiles.h"
#include "app/profile_reports.h"
#include "app/prove.h"
#include "app/remove.h"
#include "app/retest.h"
#include "app/shared_ports.h"
#include "app/tidy_runs.h"
#include "diagnosis/escalate.h"
#include "net/compare.h"
#include "report/verdict.h"

namespace unstick::commands {

namespace {

/// Of all that is to be done if there is something to remove; what --escalate adds is not known yet.
std::size_t stages_of(const Request& request, std::size_t profiles)
{
    const std::size_t looking = profiles + (request.retest != Retest::none ? 1 : 0);
    const std::size_t looking_again = request.yes ? 0 : profiles;
    return looking + (request.dry_run ? 0 : looking_again + stages_of_step(request, profiles));
}

/// The profile in which a person can look for the cause: the only one that holds something of the site.
std::optional<std::size_t> only_with_items(std::span<const LockedProfile> held)
{
    std::optional<std::size_t> number;
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (held[i].plan.items() > 0 && std::exchange(number, i)) {
            return std::nullopt;
        }
    }
    return number;
}

/// Leaves only these items in the plans.
void narrow(std::vector<LockedProfile>& held, const std::set<ItemRef>& named)
{
    auto plans = only(plans_of(held), named);
    for (std::size_t i = 0; i < held.size(); ++i) {
        held[i].plan = std::move(plans[i]);
    }
}

/// With --escalate: nothing is taken from a profile whose browser is not stuck.
void spare(std::vector<LockedProfile>& held, const std::set<std::size_t>& fine)
{
    for (const std::size_t profile : fine) {
        for (StorePlan& store : held[profile].plan.stores) {
            store.found.items.clear();
        }
    }
}

/// With --stale: what the chosen findings name; nothing in those of `fine`, whose browsers are not stuck.
std::set<ItemRef> stale_items(const std::vector<Finding>& findings, const std::set<std::size_t>& fine)
{
    auto named = named_by(findings);
    std::erase_if(named, [&](const ItemRef& ref) { return fine.contains(ref.profile); });
    return named;
}

/// With --least: what was proved to keep the browsers out.
std::set<ItemRef> proved_items(const std::vector<Proof>& proofs)
{
    std::set<ItemRef> items;
    for (const Proof& proof : proofs) {
        if (proof.end == SearchEnd::proved) {
            items.insert(proof.items.begin(), proof.items.end());
        }
    }
    return items;
}

/// Findings; with --rule, only those of the chosen rules.
Diagnosis diagnose_chosen(const Context& context, const std::optional<Probe>& before, std::vector<LockedProfile>& held,
                          std::span<const Discovered> profiles, const Visits& visits)
{
    const Request& request = context.request;
    // Rules look at plans in a row. They are lent: a copy of 3,000 items takes 2 ms.
    std::vector<ProfilePlan> plans;
    for (LockedProfile& one : held) {
        plans.push_back(std::move(one.plan));
    }
    Diagnosis diagnosis = diagnose(context, before, plans, profiles, visits.each);
    for (std::size_t i = 0; i < held.size(); ++i) {
        held[i].plan = std::move(plans[i]);
    }
    if (request.stale && !request.rules.empty()) {
        std::erase_if(diagnosis.findings,
                      [&](const Finding& finding) { return !request.rules.contains(std::string(finding.rule)); });
    }
    return diagnosis;
}

/// What the browsers meet before anything is changed; nothing without --retest browser.
Visits visit_before(const Context& context, const Inventory& inventory, RetestBrowsers& browsers)
{
    if (context.request.retest != Retest::browser) {
        return {};
    }
    copy_all(inventory.held, browsers);
    Visits visits =
        browsers.visit(context.request.least ? RetestBrowsers::Copies::keep : RetestBrowsers::Copies::erase);
    ask_about_pages(context, visits);
    if (visits.decisive) {
        browsers.follow(*visits.decisive);
    }
    return visits;
}

/// Those of high confidence.
std::vector<Finding> sure_ones(std::vector<Finding> findings)
{
    std::erase_if(findings, [](const Finding& finding) { return finding.confidence != Confidence::high; });
    return findings;
}

/// What the plans say besides their items.
struct PlansTold {
    std::uint64_t items = 0;  ///< how many they have
    std::vector<Error> problems = {};
    std::vector<std::string> notes = {};  ///< each once
};

PlansTold told_by(std::span<const LockedProfile> held)
{
    PlansTold told;
    for (const LockedProfile& one : held) {
        append(told.problems, problems_of(one.plan));
        told.items += one.plan.items();
        for (std::string& note : notes_of(std::span(&one.plan, 1))) {
            if (std::find(told.notes.begin(), told.notes.end(), note) == told.notes.end()) {
                told.notes.push_back(std::move(note));
            }
        }
    }
    return told;
}

/// What the stages of a `fix` returned, in their order. Those that were not reached have nothing to say.
struct FixResult {
    Tidied tidied = {};
    Discovery discovery = {};
    FlushedNames flushed = {};
    std::optional<Probe> before = {};        ///< none: --retest none
    std::vector<std::string> asked_so = {};  ///< as SiteAnswer::notes
    bool is_held_to_https = false;           ///< as SiteAnswer has it
    Inventory inventory = {};
    Diagnosis diagnosis = {};
    SparedByPorts spared = {};
    PlansTold told = {};
    Visits visits = {};
    std::vector<Error> not_asked = {};  ///< browsers, before and after
    std::vector<Proof> proofs = {};     ///< with --least
    Result<bool> answer = true;         ///< the user's, or why it cannot be had
    std::optional<Removal> removal = {};
    Restarted restarted = {};
    std::vector<std::string> advice = {};  ///< on profiles and caches that may be missing
};

/// A client that has nothing stored is kept out, too: only what findings name may go then, and only if the user said so
/// beforehand; or what the browser's own visits prove, which an order to use https only may be.
bool is_in_vain(const Request& request, const FixResult& fix)
{
    if (!fix.before || !is_not_this_browser(*fix.before, request.probe.expect_status)) {
        return false;
    }
    const bool may_prove = request.least && request.retest == Retest::browser && fix.is_held_to_https;
    const bool goes_for_order = request.escalate && request.kinds.contains(Kind::network) && fix.is_held_to_https;
    return !may_prove && !((request.stale || goes_for_order) && (request.yes || request.dry_run));
}

Outcome outcome_of(const Request& request, const FixResult& fix)
{
    Outcome outcome{.before = fix.before,
                    .expect_status = request.probe.expect_status,
                    .found = fix.told.items,
                    .shared_by_ports = fix.spared.items,
                    .dry_run = request.dry_run,
                    .stale = request.stale,
                    .least = request.least,
                    .all_the_same = fix.before && is_not_this_browser(*fix.before, request.probe.expect_status) &&
                                    !is_in_vain(request, fix),
                    .browser_runs = fix.restarted.browsers > 0,
                    .browser_before = fix.visits.decisive};
    outcome.asked_person = std::any_of(fix.proofs.begin(), fix.proofs.end(),
                                       [](const Proof& proof) { return proof.by == ProvedBy::person; });
    outcome.has_to_be_named = std::any_of(fix.proofs.begin(), fix.proofs.end(), has_to_be_named);
    for (const OpenProfile& open : fix.inventory.open) {
        outcome.open_browsers.insert(open.label);
        outcome.open_items += open.items;
        outcome.can_be_closed = outcome.can_be_closed && open.can_be_asked;
    }
    outcome.command = narrow_fix_command(request) + manner_options(request);
    if (fix.removal) {
        outcome.after = fix.removal->decisive;
        outcome.removed = fix.removal->removed;
        outcome.spared = fix.removal->spared;
        outcome.cookies_refused = fix.removal->cookies_refused;
    }
    return outcome;
}

template <class Value>
std::optional<Value> at(const std::map<std::size_t, Value>& values, std::size_t number)
{
    const auto found = values.find(number);
    return found == values.end() ? std::nullopt : std::optional(found->second);
}

/// Those that hold something of the site, after those that were left out.
std::vector<ProfileReport> shown(const Inventory& inventory, const Visits& before, const Removal& removal)
{
    std::vector<ProfileReport> profiles = inventory.left_out;
    for (std::size_t i = 0; i < inventory.held.size(); ++i) {
        const ProfilePlan& plan = inventory.held[i].plan;
        if (plan.items() == 0) {
            continue;
        }
        ProfileReport& profile = profiles.emplace_back(
            with_stores(report_of(*plan.adapter, plan.profile), plan, at(removal.gone, i).value_or(RemovedItems())));
        profile.before = at(before.each, i);
        profile.after = at(removal.visited, i);
    }
    return profiles;
}

std::vector<Error> problems_of(const FixResult& fix)
{
    std::vector<Error> problems = fix.tidied.problems;
    append(problems, fix.discovery.problems);
    append(problems, fix.flushed.problems);
    append(problems, fix.inventory.problems);
    append(problems, fix.told.problems);
    if (!fix.answer) {
        problems.push_back(fix.answer.error());
    }
    if (fix.removal) {
        append(problems, fix.removal->problems);
    }
    append(problems, fix.restarted.problems);
    return problems;
}

/// The report but for its end: also what the question shows.
Report report_of(const Context& context, const FixResult& fix)
{
    const Removal removal = fix.removal.value_or(Removal());
    Report report = report_begun(context);
    report.target = fix.before ? shown_url(fix.before->asked) : "";
    report.expired = fix.tidied.expired;
    report.dns = fix.flushed.names;
    report.before = fix.before;
    report.browser_before = fix.visits.decisive;
    report.profiles = shown(fix.inventory, fix.visits, removal);
    report.findings = fix.diagnosis.findings;
    report.run = removal.run;
    report.after = removal.after;
    report.browser_after = removal.browser_after;
    report.with_cookies = fix.removal ? removal.with_cookies : fix.diagnosis.with_cookies;
    report.retest_problems = fix.not_asked;
    report.next = fix.tidied.next;
    append(report.next, fix.asked_so);
    append(report.next, fix.inventory.next);
    append(report.next, fix.told.notes);
    if (fix.spared.items > 0) {
        report.next.push_back(fix.spared.note);
    }
    for (const Proof& proof : fix.proofs) {
        append(report.next, notes_of(proof, fix_command(context.request), visit_options(context.request)));
    }
    report.problems = problems_of(fix);
    return report;
}

/// What may have been meant instead of this site; a single word that no name server knows, for a command.
std::vector<std::string> meant_instead(const FixResult& fix, const Site& site)
{
    std::vector<std::string> next;
    if (site.name().find_first_of(".:") == std::string::npos) {
        next.push_back("'" + site.name() + "' was taken for the name of a site; unstick --help lists the commands.");
    }
    append(next, near_misses_in(fix.discovery.profiles, site));
    return next;
}

Conclusion conclusion_of(const Request& request, const FixResult& fix, const std::vector<Error>& problems)
{
    if (!fix.answer || !*fix.answer) {
        return conclude_declined(fix.answer);
    }
    const Outcome outcome = outcome_of(request, fix);
    Conclusion end = conclude_fix(outcome, problems);
    if (is_in_vain(request, fix)) {
        if (fix.before->error_code == "dns") {
            append(end.next, meant_instead(fix, *request.site));
        }
        return end;
    }
    if (fix.discovery.profiles.empty()) {
        end = or_no_profiles(std::move(end), fix.before, outcome.expect_status);
    }
    const bool is_all = request.kinds.contains(Kind::network) && request.kinds.contains(Kind::permissions);
    if (outcome.found == 0 && request.stale && !is_all) {
        end.next.emplace_back(
            "Orders to use https only (HSTS) and site settings are looked at with --with network,permissions.");
    }
    append(end.next, fix.advice);
    if (outcome.found == 0 && !request.stale) {
        append(end.next, near_misses_in(fix.discovery.profiles, *request.site));
    }
    return end;
}

/// The report with its end.
Report whole_report_of(const Context& context, const FixResult& fix)
{
    Report report = report_of(context, fix);
    if (fix.removal && fix.removal->cut_off) {
        return cut_off(std::move(report), *fix.removal->cut_off);
    }
    return concluded(report, conclusion_of(context.request, fix, report.problems));
}

/// What became of a search with the person as a removal: what was proved is away already.
Removal removal_of(const FoundWithPerson& found)
{
    Removal removal;
    removal.run = found.run;
    removal.removed = found.proof.items.size();
    removal.problems = found.problems;
    for (const ItemRef& ref : found.proof.items) {
        ++removal.gone[ref.profile][ref.store];
    }
    return removal;
}

/// Neither browsers nor requests told: can the person, and will they?
bool is_person_to_ask(const Context& context, const FixResult& fix)
{
    if (!context.console.is_so || context.request.dry_run || !fix.proofs.empty() || !fix.visits.each.empty()) {
        return false;
    }
    return context.console.is_so(
        "unstick can find with you what keeps you out: it takes a little away, you open the page and say whether you "
        "are in, and what did not help is put back. In between the browser has to be closed. Begin?",
        "Nothing was changed.");
}

/// Which of the cookies that the site refuses has to go is found by requests, as `why` does it: a finding that names
/// all of them is made one of these.
void tell_refused_apart(const Context& context, RetestBrowsers& browsers, FixResult& fix)
{
    std::vector<Finding>& findings = fix.diagnosis.findings;
    if (std::none_of(findings.begin(), findings.end(), is_wide)) {
        return;
    }
    const auto plans = plans_of(fix.inventory.held);
    for (const Proof& proof : prove_each(context, browsers, {}, fix.before, plans, fix.diagnosis)) {
        take_in(proof, plans, fix_command(context.request), visit_options(context.request), findings);
    }
}

/// --least: what has to go is found by experiments, and nothing else is left in the plans.
void find_least(const Context& context, RetestBrowsers& browsers, Closing& closing, FixResult& fix)
{
    const Request& request = context.request;
    auto& held = fix.inventory.held;
    const auto plans = plans_of(held);
    fix.proofs = prove_each(context, browsers, fix.visits, fix.before, plans, fix.diagnosis);
    const auto number = only_with_items(held);
    if (number && is_person_to_ask(context, fix)) {
        FoundWithPerson found = find_with_person(context, held[*number], *number, fix.diagnosis.findings, closing);
        append(fix.inventory.next, found.next);
        if (found.proof.end == SearchEnd::proved) {
            fix.removal = removal_of(found);
        } else {
            append(fix.inventory.problems, found.problems);
        }
        fix.proofs.push_back(std::move(found.proof));
    }
    for (const Proof& proof : fix.proofs) {
        take_in(proof, plans, fix_command(request), visit_options(request), fix.diagnosis.findings);
    }
    narrow(held, proved_items(fix.proofs));
}

}  // namespace

Report fix(const Context& context)
{
    const Request& request = context.request;
    FixResult fix{.tidied = tidy_runs(context)};
    auto discovery = discover_for(context);
    if (!discovery) {
        return refused(report_of(context, fix), discovery.error());
    }
    fix.discovery = std::move(*discovery);
    const auto& profiles = fix.discovery.profiles;
    fix.flushed = flush_names(request, context.host);
    context.stages.expect(stages_of(request, profiles.size()));
    if (const auto asked = ask_if_wanted(context, profiles)) {
        fix.before = asked->met;
        fix.asked_so = asked->notes;
        fix.is_held_to_https = asked->is_held_to_https;
    }
    if (is_in_vain(request, fix)) {
        return whole_report_of(context, fix);
    }

    Closing closing{.allowed = request.close && !request.dry_run, .reopen = request.reopen};
    fix.inventory = lock_and_plan(context, profiles, closing);
    auto& held = fix.inventory.held;
    RetestBrowsers browsers(context, fix.before);
    fix.visits = visit_before(context, fix.inventory, browsers);
    fix.not_asked = browsers.problems();
    fix.diagnosis = diagnose_chosen(context, fix.before, held, profiles, fix.visits);
    const auto fine = not_stuck(fix.visits, request.probe.expect_status);
    make_hints(fix.diagnosis.findings, fine);
    if ((request.stale || request.escalate) && !request.least) {
        tell_refused_apart(context, browsers, fix);
    }
    const bool is_kept_out = fix.before && is_not_this_browser(*fix.before, request.probe.expect_status);
    const bool is_narrowed = !request.least && (request.stale || is_kept_out);
    if (is_narrowed) {
        narrow(held,
               request.stale ? stale_items(fix.diagnosis.findings, fine) : named_by(sure_ones(fix.diagnosis.findings)));
    }
    if (request.escalate) {
        spare(held, fine);
    }
    if (request.least) {
        find_least(context, browsers, closing, fix);
    }
    fix.spared = spare_shared(context, held, fix.diagnosis.findings);
    fix.told = told_by(held);
    fix.advice = fix.told.items == 0 ? advice_on(context, fix.discovery) : fix.discovery.notes;

    const bool is_wanted = fix.told.items > 0 && !request.dry_run && !fix.removal;
    if (is_wanted) {
        fix.answer = agreed(context, held, report_of(context, fix));
    }
    if (is_wanted && fix.answer && *fix.answer) {
        const auto plans = plans_of(held);
        const auto steps =
            request.escalate && !is_narrowed ? escalation(plans, fix.diagnosis.findings) : std::vector<Step>{plans};
        fix.removal = remove_in_steps(context, held, steps, browsers, fix.diagnosis.with_cookies);
        fix.not_asked = browsers.problems();
    }
    const bool is_cut_off = fix.removal && fix.removal->cut_off;
    if (closing.reopen && !is_cut_off) {
        release(held);
        fix.restarted = start_again(closing, context.host);
    }
    return whole_report_of(context, fix);
}

}  // namespace unstick::commands
