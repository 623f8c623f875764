#pragma once
// Holding a profile: making sure that no browser has it open, and keeping it so while we work.

#include "model/adapter.h"
#include "platform/files.h"
#include "platform/host.h"

namespace unstick {

/// Whether browsers may be asked to quit, and those that did.
struct Closing {
    struct Closed {
        std::string label;                         ///< the browser's
        Result<std::vector<std::string>> command;  ///< how to start it again, with its tabs; or why we cannot
    };
    bool allowed = false;
    bool reopen = false;  ///< start them again at the end
    std::vector<Closed> closed = {};
};

/// Takes the profile's lock files after asking whether a browser holds it; the profile is ours as long as the locks
/// live. If `closing` allows it, a browser that can be asked is asked to quit, and waited for (20 s); never killed.
/// Errors: locked, with what to do; denied.
Result<HeldLocks> lock_profile(const Adapter& adapter, const Profile& profile, Host& host, Closing& closing);

struct Restarted {
    std::size_t browsers = 0;          ///< how many run again
    std::vector<Error> problems = {};  ///< the others
};

/// Starts the browsers again that were closed.
Restarted start_again(const Closing& closing, Programs& programs);

/// While we hold a profile: has a browser started on it all the same? Asked before each change. Errors: locked.
Result<void> still_free(const Adapter& adapter, const Profile& profile, const Processes& processes);

/// Could `lock_profile` take the profile now? Takes and drops the lock files. Errors: as lock_profile.
Result<void> could_lock_profile(const Adapter& adapter, const Profile& profile, const Host& host);

/// For showing: who holds the profile now. Takes and drops the lock files.
LockState lock_state_of(const Adapter& adapter, const Profile& profile, const Host& host);

}  // namespace unstick
