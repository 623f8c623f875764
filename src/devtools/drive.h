#pragma once
// What sessions of all families of browsers do alike: which program, which cookies, and the exchange of messages.

#include <string>
#include <vector>

#include "devtools/remote.h"
#include "devtools/visit.h"
#include "platform/programs.h"

namespace unstick {

/// The programs that may own a profile, the likeliest first: the one that the person named, or where the adapter says.
/// Errors: unsupported if none of them can be opened on a copy.
Result<std::vector<std::string>> programs_for(const RemoteRun& run, const Adapter& adapter, const Profile& profile);

/// The error where there is no such program.
tl::unexpected<Error> not_found(const std::string& program);

/// Does the profile hold a cookie that would be sent to the address after a start of the browser? `now`: Unix seconds.
bool has_cookies_for(const ProfilePlan& plan, const std::string& url, std::int64_t now);

/// What a visit is given of the run, and of how it is made.
VisitOptions options_for(const RemoteRun& run, const ProfilePlan& plan, const std::string& url, const VisitManner& how);

/// Exchanges messages until the visit is done. Errors: io if the browser ends before.
Result<void> drive(PipedProgram& browser, BrowserVisit& visit);

/// Asks it to close, which writes everything down, and waits for that.
void close(PipedProgram& browser);

}  // namespace unstick
