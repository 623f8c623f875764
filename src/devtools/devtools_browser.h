#pragma once
// Remote control of browsers that speak the Chrome DevTools Protocol over pipes, by the switches of their programs.

#include "devtools/remote.h"

namespace unstick {

/// A JSON file of which a copy of a profile gets only some members.
struct JsonSettings {
    std::string_view file;
    bool in_root = false;                          ///< it lies in the user data directory, not in the profile
    std::span<const std::string_view> members;     ///< JSON pointers
    std::span<const std::string_view> fresh = {};  ///< those of them that are not about sites
};

struct DevToolsSwitches {
    std::span<const std::string_view> always_copied;  ///< RemoteDebugging::always_copied
    std::span<const JsonSettings> settings;
    /// A setting (JSON pointer into one of `settings`) and its value under which the cookies of a browser that was
    /// closed live on, and the argument that says the same.
    std::string_view keeps_session;
    int keeps_session_value = 0;
    std::string_view keeps_session_argument;
    std::span<const std::string_view> headless_arguments;
    std::string_view crash_variable;                     ///< the variable that names a folder for its crash reports
    std::span<const std::string_view> folder_arguments;  ///< how the arguments start that name the copy's folder
    std::string_view proxy_argument;                     ///< a proxy's address
    std::string_view resolve_argument;                   ///< "MAP host:port address", ',' between two
    std::string_view user_agent_argument;                ///< how the browser names itself
};

class DevToolsBrowser final : public RemoteDebugging {
public:
    explicit DevToolsBrowser(const DevToolsSwitches& switches) : switches_(switches) {}

    std::span<const std::string_view> always_copied() const override { return switches_.always_copied; }
    Result<CopiedSettings> copy_settings(const Profile& profile, const fs::path& folder, const fs::path& profile_folder,
                                         Settings which) const override;
    std::unique_ptr<RemoteSession> session(const RemoteRun& run) const override;

private:
    DevToolsSwitches switches_;
};

}  // namespace unstick
