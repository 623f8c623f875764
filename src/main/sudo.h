#pragma once
// `sudo unstick SITE`: whose home folder is meant.

#include <span>

#include "cli/request.h"
#include "model/adapter.h"
#include "platform/host.h"

namespace unstick {

/// Who was called by sudo works in root's home folder, where there mostly is no browser profile. If there is none, and
/// the request names no place, it is made to name the home folder of the user who called sudo (SUDO_USER, SUDO_UID):
/// the rights for it are taken as for --home. The account has to be known here, and nobody else may own a folder on the
/// way there. `Request::note` then says whose it is; or, where that cannot be done, what to type.
void look_where_sudo_was_called(Request& request, const Host& host, std::span<const Adapter> adapters);

}  // namespace unstick
