#include "app/profile_reports.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "inventory/profile_lock.h"
#include "web/cookie_match.h"
#include "web/url.h"

namespace unstick {

ProfileReport report_of(const Adapter& adapter, const Profile& profile)
{
    ProfileReport report;
    report.browser = profile.browser;
    report.browser_label = adapter.label;
    report.profile = profile.id;
    report.name = profile.name;
    report.path = profile.path.string();
    if (!profile.why_root.empty()) {  // a journal does not say
        report.data_folder = {profile.root.string(), profile.why_root};
        report.caches.push_back({profile.cache.string(), profile.why_cache});
        for (const Spot& more : profile.more_caches) {
            report.caches.push_back({more.path.string(), more.why});
        }
    }
    return report;
}

ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Error& not_held)
{
    ProfileReport busy = report_of(adapter, profile);
    busy.in_use = not_held.code == Code::locked;
    busy.use = not_held.what;
    return busy;
}

ProfileReport report_of(const Adapter& adapter, const Profile& profile, const LockState& use)
{
    ProfileReport shown = report_of(adapter, profile);
    shown.in_use = use.state != LockState::State::free;
    shown.use = use.what;
    return shown;
}

ProfilePlan plan_of_survey(const Discovered& found)
{
    // A scope that owns nothing: what is left is which stores there are and whether they are known.
    return plan_profile(*found.adapter, found.profile, Site(), all_kinds());
}

Survey survey_of(const ProfilePlan& plan, const Host& host)
{
    const LockState use = lock_state_of(*plan.adapter, plan.profile, host);
    Survey survey{.profile = report_of(*plan.adapter, plan.profile, use), .problems = problems_of(plan)};
    for (const StorePlan& store : plan.stores) {
        survey.profile.stores.push_back(report_of(store, plan.profile));
    }
    return survey;
}

ProfileReport with_stores(ProfileReport shown, const ProfilePlan& plan, const RemovedItems& removed)
{
    for (std::size_t i = 0; i < plan.stores.size(); ++i) {
        if (!plan.stores[i].found.items.empty()) {
            StoreReport& store = shown.stores.emplace_back(report_of(plan.stores[i], plan.profile));
            store.removed = removed.contains(i) ? removed.at(i) : 0;
        }
    }
    return shown;
}

std::vector<std::string> hosts_in(std::span<const ProfilePlan> plans, const Site& site)
{
    std::set<std::string> hosts;
    for (const ProfilePlan& plan : plans) {
        for (const StorePlan& store : plan.stores) {
            for (const Item& item : store.found.items) {
                const std::string_view host = split_url(item.host) ? host_of(item.host) : cookie_domain(item.host);
                if (site.owns_host(host)) {
                    hosts.insert(lower(host));
                }
            }
        }
    }
    return {hosts.begin(), hosts.end()};
}

std::vector<Error> problems_of(const ProfilePlan& plan)
{
    std::vector<Error> problems;
    for (const StorePlan& store : plan.stores) {
        problems.insert(problems.end(), store.found.problems.begin(), store.found.problems.end());
    }
    return problems;
}

std::vector<std::string> notes_of(std::span<const ProfilePlan> plans)
{
    std::vector<std::string> notes;
    for (const ProfilePlan& plan : plans) {
        for (const StorePlan& store : plan.stores) {
            for (const std::string& note : store.found.notes) {
                if (std::find(notes.begin(), notes.end(), note) == notes.end()) {
                    notes.push_back(note);
                }
            }
        }
    }
    return notes;
}

std::string shown_path(const fs::path& path, const Profile& profile)
{
    const fs::path relative = path.lexically_relative(profile.path);
    return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

StoreReport report_of(const StorePlan& store, const Profile& profile)
{
    StoreReport report;
    report.kind = store.spec->kind;
    report.store = store.spec->label;
    report.path = shown_path(store.path, profile);
    report.version = store.found.version;
    report.found = store.found.items.size();
    for (const Item& item : store.found.items) {
        report.bytes += item.bytes;
        report.shared += item.is_shared_by_ports ? 1 : 0;
        report.labels.push_back(item.label);
        if (item.as<Cookie>() != nullptr) {
            report.cookies.push_back(item.name);
        }
    }
    return report;
}

}  // namespace unstick
