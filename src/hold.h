#pragma once
// Holding a profile: making sure that no browser has it open, and keeping it so while we work.

#include "adapter.h"
#include "host.h"
#include "media/medium.h"

namespace unstick {

/// Whether browsers may be asked to quit, and those that did.
struct Closing {
    struct Closed {
        std::string label;                         ///< the browser's
        Result<std::vector<std::string>> command;  ///< how to start it again, with its tabs; or why we cannot
    };
    bool allowed = false;
    std::vector<Closed> closed = {};
};

/// Takes the profile's lock files after asking whether a browser holds it; the profile is ours as long as the locks
/// live. If `closing` allows it, a browser that can be asked is asked to quit, and waited for (20 s); never killed.
/// Errors: locked, with what to do; denied.
Result<HeldLocks> hold(const Adapter& adapter, const Profile& profile, Host& host, Closing& closing);

/// Starts the browsers again that were closed. Returns how many started; the others are named in `problems`.
std::size_t start_again(const Closing& closing, Host& host, std::vector<Error>& problems);

/// While we hold a profile: has a browser started on it all the same? Asked before each change. Errors: locked.
Result<void> still_free(const Adapter& adapter, const Profile& profile, const Host& host);

/// Could `hold` take the profile now? Takes and drops the lock files. Errors: as hold.
Result<void> could_hold(const Adapter& adapter, const Profile& profile, const Host& host);

/// For showing: who holds the profile now. Takes and drops the lock files.
Use use_of(const Adapter& adapter, const Profile& profile, const Host& host);

}  // namespace unstick
