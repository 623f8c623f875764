#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/browser_retest.h"
#include "app/chosen_profiles.h"
#include "app/commands/commands.h"
#include "app/diagnose.h"
#include "app/dns.h"
#include "app/plan_each.h"
#include "app/profile_reports.h"
#include "app/prove.h"
#include "app/retest.h"
#include "base/text.h"
#include "inventory/profile_lock.h"
#include "net/har.h"
#include "report/verdict.h"
#include "web/url.h"

namespace unstick::commands {

namespace {

/// What the profiles hold of the site; one entry a profile in each list.
struct LookedInto {
    std::vector<ProfilePlan> plans = {};
    std::vector<LockState> uses = {};
    std::uint64_t items = 0;
    std::map<Kind, std::uint64_t> left = {};  ///< as WhyOutcome::left
};

/// What the stages of a `why` returned.
struct WhyResult {
    Discovery discovery = {};
    FlushedNames flushed = {};
    std::optional<Probe> before = {};        ///< none: --retest none
    std::vector<std::string> asked_so = {};  ///< as SiteAnswer::notes
    bool is_held_to_https = false;           ///< as SiteAnswer has it
    LookedInto looked = {};
    Visits visits = {};
    std::vector<Error> not_asked = {};  ///< browsers
    std::optional<Recording> recording = {};
    Diagnosis diagnosis = {};
    bool can_ask_browser = false;               ///< of those that hold something, one at least
    bool is_open = false;                       ///< one at least
    std::vector<std::string> proof_notes = {};  ///< of searches that proved nothing, or not all
};

/// Looks into each profile whether a browser has it open or not: finders only read. Hands those that hold something of
/// the site to their browsers.
LookedInto look_into(const Context& context, std::span<const Discovered> profiles, RetestBrowsers& browsers)
{
    const Request& request = context.request;
    std::set<Kind> kinds = all_kinds();
    kinds.erase(Kind::passwords);  // no rule is about them
    const auto look = [&](std::size_t number) {
        const auto& [adapter, profile] = profiles[number];
        return plan_profile(*adapter, profile, *request.site, kinds, WholeCache::no, &context.host);
    };
    LookedInto looked{.plans = plan_each(profiles, look, &context.stages)};
    for (std::size_t i = 0; i < looked.plans.size(); ++i) {
        const ProfilePlan& plan = looked.plans[i];
        looked.uses.push_back(lock_state_of(*plan.adapter, plan.profile, context.host));
        looked.items += plan.items();
        for (const StorePlan& store : plan.stores) {
            if (!request.kinds.contains(store.spec->kind) && !store.found.items.empty()) {
                looked.left[store.spec->kind] += store.found.items.size();
            }
        }
        if (request.retest == Retest::browser && plan.items() > 0) {
            browsers.hold_and_copy(i, *plan.adapter, plan.profile);
        }
    }
    return looked;
}

/// Those that hold something of the site.
std::vector<ProfileReport> shown(const LookedInto& looked, const Visits& visits)
{
    std::vector<ProfileReport> profiles;
    for (std::size_t i = 0; i < looked.plans.size(); ++i) {
        const ProfilePlan& plan = looked.plans[i];
        if (plan.items() == 0) {
            continue;
        }
        ProfileReport& profile =
            profiles.emplace_back(with_stores(report_of(*plan.adapter, plan.profile, looked.uses[i]), plan));
        if (const auto met = visits.each.find(i); met != visits.each.end()) {
            profile.before = met->second;
        }
    }
    return profiles;
}

std::uint64_t requests_to(const Site& site, const Recording& recording)
{
    return static_cast<std::uint64_t>(
        std::count_if(recording.exchanges.begin(), recording.exchanges.end(),
                      [&](const Exchange& exchange) { return site.owns_host(host_of(exchange.url)); }));
}

/// What was recorded; it must be about the site.
Result<Recording> recording_of(const Request& request)
{
    auto recording = read_har(request.har);
    if (!recording) {
        Error error = recording.error();
        error.code = error.code == Code::denied ? Code::denied : Code::usage;
        return tl::unexpected<Error>(std::move(error));
    }
    if (requests_to(*request.site, *recording) == 0) {
        return fail(Code::usage, request.har.string(), "the recording holds no request to " + request.site->name(),
                    "name the site that was recorded, or record again while the page is opened");
    }
    return recording;
}

/// What the findings are drawn from.
std::string note_of(const Recording& recording, const Request& request)
{
    const std::uint64_t count = requests_to(*request.site, recording);
    return fmt::format(
        "The site was not asked: {} to it in {} {} looked at{}{}.", count_of(count, "request", "requests"),
        request.har.filename().string(), count == 1 ? "was" : "were",
        recording.left_out > 0 ? fmt::format(", and {} left out", count_of(recording.left_out, "other", "others")) : "",
        recording.has_cookies ? ""
                              : ". It holds no cookies: Chrome leaves them out unless its settings allow "
                                "sensitive data in HAR files");
}

Conclusion conclusion_of(const Context& context, const WhyResult& why, const std::vector<Error>& problems)
{
    const Request& request = context.request;
    Conclusion end = conclude_why({.before = why.before,
                                   .browser_before = why.visits.decisive,
                                   .expect_status = request.probe.expect_status,
                                   .findings = why.diagnosis.findings,
                                   .items = why.looked.items,
                                   .left = why.looked.left,
                                   .command = narrow_fix_command(request),
                                   .can_ask_browser = why.can_ask_browser,
                                   .is_open = why.is_open},
                                  problems);
    if (why.discovery.profiles.empty() && !why.recording) {
        end = or_no_profiles(std::move(end), why.before, request.probe.expect_status);
    }
    append(end.next, why.looked.items == 0 ? advice_on(context, why.discovery) : why.discovery.notes);
    if (why.looked.items == 0) {
        append(end.next, near_misses_in(why.discovery.profiles, *request.site));
    }
    const bool is_weighed = end.verdict.code == "proved" || end.verdict.code == "not-stuck";  // the others are hints
    if (const auto named = named_by(why.diagnosis.findings); !named.empty() && !is_weighed) {
        end.next.push_back("All of them at once: " + narrow_fix_command(request) + " --stale" +
                           kinds_to_name(why.looked.plans, named));
    }
    return end;
}

/// What the browsers showed about the findings: those about one that is not stuck are hints, and one that is stuck is
/// searched for what keeps it out.
void weigh(const Context& context, RetestBrowsers& browsers, WhyResult& why)
{
    const Request& request = context.request;
    std::vector<Finding>& findings = why.diagnosis.findings;
    make_hints(findings, not_stuck(why.visits, request.probe.expect_status));
    const bool others_too = why.before && is_not_this_browser(*why.before, request.probe.expect_status);
    if (others_too && !why.is_held_to_https) {
        browsers.drop_copies();
        return;
    }
    for (const Proof& proof : prove_each(context, browsers, why.visits, why.before, why.looked.plans, why.diagnosis)) {
        take_in(proof, why.looked.plans, fix_command(request), visit_options(request), findings);
        append(why.proof_notes, notes_of(proof, fix_command(request), visit_options(request)));
    }
}

Report report_of(const Context& context, const WhyResult& why)
{
    Report report = report_begun(context);
    report.target = why.before ? shown_url(why.before->asked) : "";
    report.before = why.before;
    report.browser_before = why.visits.decisive;
    report.retest_problems = why.not_asked;
    report.with_cookies = why.diagnosis.with_cookies;
    report.dns = why.flushed.names;
    report.profiles = shown(why.looked, why.visits);
    report.findings = why.diagnosis.findings;
    report.next = why.asked_so;
    append(report.next, why.proof_notes);
    append(report.next, notes_of(why.looked.plans));
    report.problems = why.discovery.problems;
    append(report.problems, why.flushed.problems);
    for (const ProfilePlan& plan : why.looked.plans) {
        append(report.problems, problems_of(plan));
    }
    return concluded(report, conclusion_of(context, why, report.problems));
}

}  // namespace

Report why(const Context& context)
{
    const Request& request = context.request;
    auto discovery = discover_for(context);
    if (!discovery) {
        return refused(report_begun(context), discovery.error());
    }
    WhyResult why{.discovery = std::move(*discovery), .flushed = flush_names(request, context.host)};
    const auto& profiles = why.discovery.profiles;
    context.stages.expect(profiles.size() + (request.retest != Retest::none ? 1 : 0));
    if (const auto asked = ask_if_wanted(context, profiles)) {
        why.before = asked->met;
        why.asked_so = asked->notes;
        why.is_held_to_https = asked->is_held_to_https;
    }
    if (!request.har.empty()) {
        auto recording = recording_of(request);
        if (!recording) {
            return refused(report_begun(context), recording.error());
        }
        why.recording = std::move(*recording);
        why.asked_so.push_back(note_of(*why.recording, request));
    }
    RetestBrowsers browsers(context, why.before);
    why.looked = look_into(context, profiles, browsers);
    for (std::size_t i = 0; i < why.looked.plans.size(); ++i) {
        const ProfilePlan& plan = why.looked.plans[i];
        why.can_ask_browser |= plan.items() > 0 && plan.adapter->remote != nullptr;
        why.is_open |= plan.items() > 0 && why.looked.uses[i].state != LockState::State::free;
    }
    why.visits = browsers.visit(RetestBrowsers::Copies::keep);
    ask_about_pages(context, why.visits);
    why.not_asked = browsers.problems();
    why.diagnosis = why.recording ? diagnose_recording(context, *why.recording, why.looked.plans, profiles)
                                  : diagnose(context, why.before, why.looked.plans, profiles, why.visits.each);
    weigh(context, browsers, why);
    return report_of(context, why);
}

}  // namespace unstick::commands
