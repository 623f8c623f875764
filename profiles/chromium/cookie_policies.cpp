// Policies of an administrator about cookies: JSON files in one folder, as Chromium reads them on Linux. Policies and
// their values as Chrome's list of enterprise policies describes them (DefaultCookiesSetting, CookiesBlockedForUrls,
// CookiesAllowedForUrls, BlockThirdPartyCookies).

#include <algorithm>
#include <map>

#include "finders/json_finder.h"
#include "finders/listing.h"
#include "profiles/chromium/finders.h"

namespace unstick {

namespace {

using json_file::Json;

using Policies = std::map<std::string, Json>;

/// Of two files that set the same policy the later one in the alphabet counts. A file that is no JSON sets none.
Policies read_policies(const fs::path& folder, Found& found)
{
    Policies policies;
    for (const std::string& name : files_in(folder, found)) {
        Found unread;
        const auto document = name.ends_with(".json") ? read_json(folder / name, unread) : std::nullopt;
        if (document && document->is_object()) {
            for (const auto& [policy, value] : document->items()) {
                policies[policy] = value;
            }
        }
    }
    return policies;
}

/// Does a list of patterns name the host?
bool names_host(const Policies& policies, const std::string& policy, std::string_view host)
{
    const auto list = policies.find(policy);
    return list != policies.end() && list->second.is_array() &&
           std::any_of(list->second.begin(), list->second.end(), [&](const Json& pattern) {
               return pattern.is_string() && pattern_is_for(pattern.get<std::string>(), host);
           });
}

}  // namespace

Found find_cookie_policies(const fs::path& folder, const Site& site)
{
    constexpr int block = 2;
    Found found;
    const Policies policies = read_policies(folder, found);
    found.problems.clear();  // what is not for everybody to read is not for this user's browser either
    const std::string& host = site.target().host;
    const bool allowed = names_host(policies, "CookiesAllowedForUrls", host);
    const auto by_default = policies.find("DefaultCookiesSetting");
    if (names_host(policies, "CookiesBlockedForUrls", host) && !allowed) {
        found.bans.push_back({CookieBan::By::policy, false, "CookiesBlockedForUrls"});
    } else if (by_default != policies.end() && by_default->second == block && !allowed) {
        found.bans.push_back({CookieBan::By::policy, false, "DefaultCookiesSetting"});
    }
    if (const auto third = policies.find("BlockThirdPartyCookies"); third != policies.end() && third->second == true) {
        found.bans.push_back({CookieBan::By::policy, true, "BlockThirdPartyCookies"});
    }
    return found;
}

}  // namespace unstick
