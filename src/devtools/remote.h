#pragma once
// What a family of browsers implements so that its browsers can be opened on a private copy of a profile and asked what
// they meet at a site. The protocol and the programs' switches are the family's affair: devtools/chrome.h is the one of
// those that speak the Chrome DevTools Protocol.

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/plan.h"
#include "net/probe.h"
#include "platform/host.h"

namespace unstick {

class PrivateCopy;

/// What came into a copy besides files as they are.
struct CopiedSettings {
    std::vector<fs::path> files;  ///< of the profile; the copy has its own of them
    bool keeps_session = false;   ///< cookies of a browser that was closed live on
};

/// Which settings a copy gets.
enum class Settings {
    all,    ///< those that decide how pages are loaded
    fresh,  ///< of these only those that are not about sites: the proxy, languages
};

/// How a visit is made.
struct VisitManner {
    bool fresh = false;   ///< on a copy without anything of the profile: no cookie has to be readable
    bool direct = false;  ///< past the browser's cache and service workers
    std::optional<std::uint32_t> known = {};  ///< PageSeen::fingerprint of a page that needs no second look
};

/// The browsers of one family, opened one after the other in one run.
class RemoteSession {
public:
    RemoteSession() = default;
    RemoteSession(const RemoteSession&) = delete;
    RemoteSession& operator=(const RemoteSession&) = delete;
    virtual ~RemoteSession() = default;

    /// Opens `url` in the browser of `plan`'s profile, on `copy`. The browser has ended when this returns.
    /// Errors: not_found if its program is not there; unsupported if it belongs to another system, is kept in a
    /// sandbox, or cannot read the cookies in the copy; denied, io if it does not start or ends too early.
    virtual Result<Probe> visit(const ProfilePlan& plan, const PrivateCopy& copy, const std::string& url,
                                const VisitManner& how) = 0;
};

/// What a session needs of a run.
struct RemoteRun {
    Host& host;
    HttpOptions http;
    BrowserOptions options;
};

class RemoteDebugging {
public:
    /// Files of a profile that are copied even if the site has nothing in them.
    virtual std::span<const std::string_view> always_copied() const = 0;
    /// Writes into a copy what a browser needs of the settings of a profile: `folder` becomes its user data directory,
    /// `profile_folder` below it its profile. Errors: denied, io.
    virtual Result<CopiedSettings> copy_settings(const Profile& profile, const fs::path& folder,
                                                 const fs::path& profile_folder, Settings which) const = 0;
    virtual std::unique_ptr<RemoteSession> session(const RemoteRun& run) const = 0;

    RemoteDebugging() = default;
    RemoteDebugging(const RemoteDebugging&) = delete;
    RemoteDebugging& operator=(const RemoteDebugging&) = delete;
    virtual ~RemoteDebugging() = default;
};

/// The programs that may own a profile, the likeliest first.
std::vector<std::string> programs_of(const Adapter& adapter, const Profile& profile, const Machine& machine);

/// The re-test by the browsers themselves, of whatever families: one session for each.
class BrowserRetest {
public:
    BrowserRetest(Host& host, HttpOptions http, BrowserOptions options)
        : run_{host, std::move(http), std::move(options)}
    {
    }

    /// As RemoteSession::visit. The adapter has a `remote`: else there is no copy.
    Result<Probe> visit(const ProfilePlan& plan, const PrivateCopy& copy, const std::string& url,
                        const VisitManner& how);

private:
    RemoteRun run_;
    std::map<const RemoteDebugging*, std::unique_ptr<RemoteSession>> sessions_;
};

}  // namespace unstick
