#pragma once
// Firefox and its relatives, opened on a private copy of a profile.

#include <string>
#include <string_view>
#include <vector>

#include "devtools/remote.h"

namespace unstick {

const RemoteDebugging& gecko_remote();

/// The lines of a file of preferences (prefs.js, user.js) that a copy gets, as they are. Pure.
std::vector<std::string> chosen_preferences(std::string_view text, Settings which);

/// What the agent is given (remote_agent.h): a proxy, addresses of names, and whether cookies without an end live on.
std::string agent_settings(const HttpOptions& http, bool keeps_session);

}  // namespace unstick
