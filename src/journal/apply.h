#pragma once
// Carrying a plan out: journal first, then change, then look again.

#include <functional>

#include "inventory/plan.h"
#include "journal/journal.h"
#include "journal/medium.h"

namespace unstick {

/// Writes everything that the plans name into the journal and seals it. No profile changes. A store that we may not,
/// or cannot, read well enough to put it back (denied, unsupported) is left out, of the plans too; value: why. Errors:
/// as Journal::record; then nothing may be carried out.
Result<std::vector<Error>> record_plans(Journal& journal, std::vector<ProfilePlan>& plans);

/// The last store that was recorded; 0 if there is none.
std::int64_t last_store(const Journal& journal);

/// Removes all that the journal holds of one profile after the store `after`, store by store. One store's failure does
/// not stop the next; `may_go_on` is asked before each change and its error stops all.
std::vector<Error> carry_out(Journal& journal, const Profile& profile, const std::function<Result<void>()>& may_go_on,
                             HeldLocks& locks, std::int64_t after = 0);

}  // namespace unstick
