#include "app/browser_retest.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/retest.h"
#include "inventory/profile_lock.h"
#include "net/compare.h"
#include "net/judgement.h"
#include "report/verdict.h"

namespace unstick {

namespace {

/// Everything but what no page load asks for.
std::set<Kind> kinds_of_a_visit()
{
    std::set<Kind> kinds = all_kinds();
    kinds.erase(Kind::passwords);
    return kinds;
}

}  // namespace

std::set<std::size_t> not_stuck(const Visits& visits, const std::optional<int>& expect_status)
{
    std::set<std::size_t> profiles;
    for (const auto& [number, met] : visits.each) {
        if (is_stuck(met, expect_status) == false) {
            profiles.insert(number);
        }
    }
    return profiles;
}

RetestBrowsers::RetestBrowsers(const Context& context, const std::optional<Probe>& clean)
    : context_(context),
      way_(*context.request.site),
      target_(target_of(context.request, clean)),
      retest_(context.host, context.request.probe.http, context.request.probe.browser)
{
    if (clean) {
        clean_status_ = clean->status;
        if (answers_by_http_only(*clean)) {
            plain_ = target_;
            plain_->scheme = "http";
        }
        follow(*clean);
    }
}

void RetestBrowsers::follow(const Probe& visit)
{
    for (const Hop& hop : visit.hops) {
        const std::string host(host_of(hop.url));
        const auto other = Site::parse(registrable_domain(host));
        if (!way_.owns_host(host) && other) {
            way_.add(*other);
        }
    }
}

void RetestBrowsers::note(const Adapter& adapter, const Profile& profile, Error error)
{
    error.where = fmt::format("{}/{}", adapter.id, profile.id);
    error.what = "its own browser could not be asked, so a client that has nothing stored stands in: " + error.what;
    const bool known = std::any_of(problems_.begin(), problems_.end(), [&](const Error& one) {
        return one.where == error.where && one.what == error.what;
    });
    if (!known) {
        problems_.push_back(std::move(error));
    }
}

void RetestBrowsers::copy(std::size_t number, const Adapter& adapter, const Profile& profile)
{
    const Request& request = context_.request;
    ProfilePlan plan = plan_profile(adapter, profile, way_, kinds_of_a_visit());
    auto copy = request.os && *request.os != context_.host.machine().os
                    ? fail(Code::unsupported, "", "the profile belongs to another system")
                    : PrivateCopy::make(plan);
    const auto free = still_free(adapter, profile, context_.host);
    if (!copy || !free) {
        note(adapter, profile, copy ? free.error() : copy.error());
        return;
    }
    copies_.push_back({.number = number, .plan = std::move(plan), .copy = std::move(*copy)});
}

void RetestBrowsers::hold_and_copy(std::size_t number, const Adapter& adapter, const Profile& profile)
{
    Closing none;
    if (const auto locks = lock_profile(adapter, profile, context_.host, none); locks) {
        copy(number, adapter, profile);
    } else {
        note(adapter, profile, locks.error());
    }
}

Result<std::shared_ptr<const Probe>> RetestBrowsers::fresh(const ProfilePlan& plan)
{
    auto& known = fresh_[std::string(plan.adapter->id)];
    if (!known) {
        TRY_ASSIGN(const auto empty, PrivateCopy::make_fresh(plan));
        TRY_ASSIGN(auto met, retest_.visit(plan, empty, address(), {.fresh = true}));
        known = std::make_shared<const Probe>(std::move(met));
    }
    return known;
}

Result<Probe> RetestBrowsers::met_on(const ProfilePlan& plan, const PrivateCopy& copy)
{
    TRY_ASSIGN(const auto reference, fresh(plan));
    VisitManner how;
    if (reference->page) {
        how.known = reference->page->fingerprint;
    }
    TRY_ASSIGN(auto met, retest_.visit(plan, copy, address(), how));
    met.fresh = reference;
    met.clean_status = clean_status_;
    if (met.from != From::site && !is_alike(met, *reference)) {
        how.direct = true;
        TRY_ASSIGN(auto direct, retest_.visit(plan, copy, address(), how));
        met.direct = std::make_shared<const Probe>(std::move(direct));
    }
    return met;
}

Visits RetestBrowsers::visit(Copies copies)
{
    const Request& request = context_.request;
    const auto& expected = request.probe.expect_status;
    Visits visits;
    context_.stages.expect(copies_.size());
    for (auto& [number, plan, copy] : copies_) {
        context_.stages.next(
            fmt::format("opening the page in {}, on a copy of the profile {}", plan.adapter->label, plan.profile.id));
        const auto opened = copies == Copies::keep ? copy.clone() : Result<PrivateCopy>(std::move(copy));
        auto met = opened ? met_on(plan, *opened) : tl::unexpected<Error>(opened.error());
        if (!met) {
            note(*plan.adapter, plan.profile, met.error());
            continue;
        }
        visits.each.insert_or_assign(number, *met);
        if (!visits.decisive ||
            (is_not_this_browser(*met, expected) && !is_not_this_browser(*visits.decisive, expected))) {
            visits.decisive = std::move(*met);
        }
    }
    for (Copied& copied : copies_) {
        if (copies == Copies::keep && visits.each.contains(copied.number)) {
            kept_.insert_or_assign(copied.number, std::move(copied));
        }
    }
    copies_.clear();
    return visits;
}

namespace {

/// A profile as it lies in a copy.
Profile in_copy(const Profile& profile, const PrivateCopy& copy)
{
    Profile there = profile;
    there.root = copy.folder();
    there.path = there.cache = copy.folder() / PrivateCopy::profile_name;
    there.id = PrivateCopy::profile_name;
    there.policies.clear();
    there.keychains.clear();
    there.more_caches.clear();
    there.more_roots.clear();
    return there;
}

ProfilePlan plan_in(const ProfilePlan& plan, const PrivateCopy& copy, const Site& site)
{
    return plan_profile(*plan.adapter, in_copy(plan.profile, copy), site, kinds_of_a_visit());
}

}  // namespace

ProfilePlan RetestBrowsers::plan_of_copy(std::size_t number, const Site& site) const
{
    const Copied& kept = kept_.at(number);
    return plan_in(kept.plan, kept.copy, site);
}

Result<Probe> RetestBrowsers::visit_again(std::size_t number,
                                          const std::function<Result<void>(const ProfilePlan&)>& prepare,
                                          const Site& site)
{
    const Copied& kept = kept_.at(number);
    TRY_ASSIGN(const auto copy, kept.copy.clone());
    TRY(prepare(plan_in(kept.plan, copy, site)));
    ProfilePlan left = plan_in(kept.plan, copy, way_);  // which cookies the browser has to be able to read
    left.profile = kept.plan.profile;
    return met_on(left, copy);
}

}  // namespace unstick
