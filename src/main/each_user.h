#pragma once
// --all-users: this program once for each user of this computer.

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/request.h"
#include "report/all_users.h"

namespace unstick {

/// What each user's run printed and how it ended, also that of users whose run could not be started. Errors: usage if
/// something is to be changed and nobody can confirm it; as users().
Result<std::vector<UserRun>> run_for_each_user(const Request& request, const std::vector<std::string>& arguments);

}  // namespace unstick
