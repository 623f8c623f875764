#include "profile_reports.h"

#include <algorithm>

#include "../hold.h"

namespace unstick {

ProfileReport report_of(const Adapter& adapter, const Profile& profile)
{
    ProfileReport report;
    report.browser = profile.browser;
    report.browser_label = adapter.label;
    report.profile = profile.id;
    report.name = profile.name;
    report.path = profile.path.string();
    return report;
}

ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Error& not_held)
{
    ProfileReport busy = report_of(adapter, profile);
    busy.in_use = not_held.code == Code::locked;
    busy.use = not_held.what;
    return busy;
}

ProfileReport report_of(const Adapter& adapter, const Profile& profile, const Use& use)
{
    ProfileReport shown = report_of(adapter, profile);
    shown.in_use = use.state != Use::State::free;
    shown.use = use.what;
    return shown;
}

ProfileReport survey_of(const Discovered& found, const Host& host, std::vector<Error>& problems)
{
    const auto& [adapter, profile] = found;
    ProfileReport shown = report_of(*adapter, profile, use_of(*adapter, profile, host));
    // A scope that owns nothing: what is left is which stores there are and whether they are known.
    const ProfilePlan plan = plan_profile(*adapter, profile, Site(), all_kinds());
    for (const StorePlan& store : plan.stores) {
        shown.stores.push_back(report_of(store, profile));
        problems.insert(problems.end(), store.found.problems.begin(), store.found.problems.end());
    }
    return shown;
}

void add_plan(const ProfilePlan& plan, ProfileReport shown, Report& report)
{
    for (const StorePlan& store : plan.stores) {
        report.problems.insert(report.problems.end(), store.found.problems.begin(), store.found.problems.end());
        for (const std::string& note : store.found.notes) {
            if (std::find(report.next.begin(), report.next.end(), note) == report.next.end()) {
                report.next.push_back(note);
            }
        }
        if (!store.found.items.empty()) {
            shown.stores.push_back(report_of(store, plan.profile));
        }
    }
    if (!shown.stores.empty()) {
        report.profiles.push_back(std::move(shown));
    }
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
        report.labels.push_back(item.label);
    }
    return report;
}

}  // namespace unstick
