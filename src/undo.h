#pragma once
// Putting back what a run removed.

#include <functional>

#include "journal.h"
#include "media/medium.h"

namespace unstick {

/// What became of one store's items.
struct StoreUndone {
    JournalStore store;
    fs::path path;  ///< of the first container
    std::uint64_t items = 0;
    std::uint64_t restored = 0;        ///< are there now, as they were
    std::uint64_t bytes = 0;           ///< of what was restored
    std::vector<std::string> refused;  ///< labels of items whose place is taken; they were left alone
};

struct ProfileUndone {
    Profile profile;
    std::vector<StoreUndone> stores;
    std::vector<Error> problems;
};

/// Puts the items of one profile back. An item of which anything came back in the meantime is left as it is now and
/// named. What the browser wrote since stays. Can be repeated after a failure or a crash.
ProfileUndone undo_profile(Journal& journal, std::int64_t profile_id, const Profile& profile,
                           const std::function<Result<void>()>& may_go_on, HeldLocks& locks);

}  // namespace unstick
