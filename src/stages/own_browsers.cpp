#include "own_browsers.h"

#include <fmt/format.h>

#include <algorithm>

#include "../hold.h"
#include "../verdict.h"

namespace unstick {

namespace {

/// The site, and the sites that the way to the page led over: their cookies and answers belong to the way.
Site with_the_way(const Site& site, const Report& report)
{
    Site all = site;
    for (const auto* probe : {&report.before, &report.browser_before}) {
        for (const Hop& hop : *probe ? (*probe)->hops : std::vector<Hop>{}) {
            const std::string host(host_of(hop.url));
            const auto other = Site::parse(registrable_domain(host));
            if (!all.owns_host(host) && other) {
                all.add(*other);
            }
        }
    }
    return all;
}

/// Everything but what no page load asks for.
std::set<Kind> kinds_of_a_visit()
{
    std::set<Kind> kinds = all_kinds();
    kinds.erase(Kind::passwords);
    return kinds;
}

void note(const ProfilePlan& plan, Error error, Report& report)
{
    error.where = fmt::format("{}/{}", plan.adapter->id, plan.profile.id);
    error.what = "its own browser could not be asked, so a client that has nothing stored stands in: " + error.what;
    const bool known = std::any_of(report.retest_problems.begin(), report.retest_problems.end(), [&](const Error& one) {
        return one.where == error.where && one.what == error.what;
    });
    if (!known) {
        report.retest_problems.push_back(std::move(error));
    }
}

}  // namespace

OwnBrowsers::OwnBrowsers(Job& job)
    : job_(job), retest_(job.host, job.request.state_dir, job.request.probe.http, job.request.probe.browser)
{
}

void OwnBrowsers::copy(const Adapter& adapter, const Profile& profile)
{
    const Request& request = job_.request;
    ProfilePlan plan = plan_profile(adapter, profile, with_the_way(*request.site, job_.report), kinds_of_a_visit());
    auto copy = request.os && *request.os != job_.host.machine().os
                    ? fail(Code::unsupported, "", "the profile belongs to another system")
                    : PrivateCopy::make(plan, request.state_dir);
    const auto free = still_free(adapter, profile, job_.host);
    if (!copy || !free) {
        note(plan, copy ? free.error() : copy.error(), job_.report);
        return;
    }
    copies_.push_back({std::move(plan), std::move(*copy)});
}

void OwnBrowsers::hold_and_copy(const Adapter& adapter, const Profile& profile)
{
    Closing none;
    if (const auto locks = hold(adapter, profile, job_.host, none); locks) {
        copy(adapter, profile);
    } else {
        note({&adapter, profile, *job_.request.site, {}}, locks.error(), job_.report);
    }
}

void OwnBrowsers::visit(Moment moment)
{
    Report& report = job_.report;
    auto& decisive = moment == Moment::before ? report.browser_before : report.browser_after;
    decisive.reset();
    job_.stages.expect(copies_.size());
    for (const auto& [plan, copy] : copies_) {
        job_.stages.next(
            fmt::format("opening the page in {}, on a copy of the profile {}", plan.adapter->label, plan.profile.id));
        auto met = retest_.visit(plan, copy, job_.request.site->target().text());
        if (!met) {
            note(plan, met.error(), report);
            continue;
        }
        met->clean_status = report.before ? std::optional(report.before->status) : std::nullopt;
        for (ProfileReport& profile : report.profiles) {
            if (profile.path == plan.profile.path.string()) {
                (moment == Moment::before ? profile.before : profile.after) = *met;
            }
        }
        const auto& expected = job_.request.probe.expect_status;
        if (!decisive || (is_not_this_browser(*met, expected) && !is_not_this_browser(*decisive, expected))) {
            decisive = std::move(*met);
        }
    }
    copies_.clear();
}

}  // namespace unstick
