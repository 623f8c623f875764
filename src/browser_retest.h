#pragma once
// The re-test by the browser itself: what the browser that owns a profile meets at the target, opened without a window
// on a private copy of the profile (browser_copy.h). Every address is asked as a real visit would ask it.

#include <map>

#include "browser_copy.h"
#include "host.h"
#include "probe.h"

namespace unstick {

class BrowserRetest {
public:
    BrowserRetest(Host& host, fs::path state_folder, HttpOptions http, BrowserOptions options)
        : host_(host), state_folder_(std::move(state_folder)), http_(std::move(http)), options_(std::move(options))
    {
    }

    /// Opens `url` in the browser of `plan`'s profile, on `copy`. The browser has ended when this returns.
    /// Errors: not_found if its program is not there; unsupported if it belongs to another system, is kept in a
    /// sandbox, or cannot read the cookies in the copy; denied, io if it does not start or ends too early.
    Result<Probe> visit(const ProfilePlan& plan, const PrivateCopy& copy, const std::string& url);

private:
    Result<std::unique_ptr<PipedProgram>> start(const Adapter& adapter, const Profile& profile, const PrivateCopy& copy,
                                                const std::vector<std::string>& arguments);
    Result<std::string> user_agent_of(const Adapter& adapter, const Profile& profile);

    Host& host_;
    fs::path state_folder_;
    HttpOptions http_;
    BrowserOptions options_;
    std::map<std::string, std::string, std::less<>> user_agents_;  ///< by Adapter::id
};

}  // namespace unstick
