#pragma once
// Holding a profile: making sure that no browser has it open, and keeping it so while we work.

#include "adapter.h"
#include "host.h"
#include "media/medium.h"

namespace unstick {

/// Takes the profile's lock files after asking whether a browser holds it; the profile is ours as long as the locks
/// live. With `close`, a browser that can be asked is asked to quit, and waited for (20 s); never killed.
/// Errors: locked, with what to do; denied.
Result<HeldLocks> hold(const Adapter& adapter, const Profile& profile, Host& host, bool close);

/// While we hold a profile: has a browser started on it all the same? Asked before each change. Errors: locked.
Result<void> still_free(const Adapter& adapter, const Profile& profile, const Host& host);

/// Could `hold` take the profile now? Takes and drops the lock files. Errors: as hold.
Result<void> could_hold(const Adapter& adapter, const Profile& profile, const Host& host);

/// For showing: who holds the profile now. Takes and drops the lock files.
Use use_of(const Adapter& adapter, const Profile& profile, const Host& host);

}  // namespace unstick
