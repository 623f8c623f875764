#pragma once
// What a browser of Chromium's family meets at an address, opened without a window on a private copy of its profile and
// led over the Chrome DevTools Protocol. Every address is asked as a real visit would ask it.

#include <map>

#include "devtools/devtools_browser.h"
#include "platform/host.h"

namespace unstick {

class DevToolsSession final : public RemoteSession {
public:
    /// `switches` has to live as long as this does.
    DevToolsSession(const DevToolsSwitches& switches, RemoteRun run) : switches_(switches), run_(std::move(run)) {}

    Result<Probe> visit(const ProfilePlan& plan, const PrivateCopy& copy, const std::string& url,
                        const VisitManner& how) override;

private:
    Result<std::unique_ptr<PipedProgram>> start(const Adapter& adapter, const Profile& profile, const PrivateCopy& copy,
                                                const std::vector<std::string>& arguments);

    const DevToolsSwitches& switches_;
    RemoteRun run_;
    std::map<std::string, std::string, std::less<>> user_agents_;  ///< by Adapter::id, once asked
};

}  // namespace unstick
