#pragma once
// Putting back what a run removed.

#include <functional>

#include "journal/journal.h"
#include "journal/medium.h"

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
    std::vector<Error> left;          ///< old versions of folders that cannot be removed yet: no failure to put back
    std::vector<fs::path> set_aside;  ///< what a browser had made in the place of folders that are back
};

/// Puts the items of one profile back. An item of which anything came back in the meantime is left as it is now and
/// named. What the browser wrote since stays. Can be repeated after a failure or a crash.
ProfileUndone undo_profile(Journal& journal, std::int64_t profile_id, const Profile& profile,
                           const std::function<Result<void>()>& may_go_on, HeldLocks& locks);

/// Makes room for the older of what came back in a profile: takes the newer out of it, written down in the run `aside`
/// first, of which nothing else was carried out in this profile. Items that the run does not hold whole keep their
/// newer ones. Value: how many items were taken out. Errors: as Journal::record; then nothing was.
Result<std::uint64_t> make_room(Journal& journal, Journal& aside, std::int64_t profile_id, const Profile& profile,
                                const std::function<Result<void>()>& may_go_on, HeldLocks& locks);

/// What undo could not put back because it is not whole in the run any more. Changes nothing.
std::vector<Error> check_run(Journal& journal);

}  // namespace unstick
