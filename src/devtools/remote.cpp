#include "devtools/remote.h"

namespace unstick {

std::vector<std::string> programs_of(const Adapter& adapter, const Profile& profile, const Machine& machine)
{
    std::vector<std::string> all;
    for (const Root& root : adapter.roots) {
        if (root.os != machine.os) {
            continue;
        }
        std::vector<std::string> programs;
        for (const std::string_view name : root.programs) {
            if (name.starts_with('{')) {
                if (const auto path = machine.expand(name)) {
                    programs.push_back(path->string());
                }
            } else if (!name.empty()) {
                programs.emplace_back(name);
            }
        }
        std::error_code unreadable;
        if (fs::equivalent(machine.expand(root.data).value_or(fs::path()), profile.root, unreadable) && !unreadable) {
            return programs;
        }
        all.insert(all.end(), programs.begin(), programs.end());
    }
    return all;
}

Result<Probe> BrowserRetest::visit(const ProfilePlan& plan, const PrivateCopy& copy, const std::string& url,
                                   const VisitManner& how)
{
    auto& session = sessions_[plan.adapter->remote];
    if (!session) {
        session = plan.adapter->remote->session(run_);
    }
    return session->visit(plan, copy, url, how);
}

}  // namespace unstick
