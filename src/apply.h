#pragma once
// Carrying a plan out: journal first, then change, then look again.

#include <functional>

#include "journal.h"
#include "media/medium.h"
#include "plan.h"

namespace unstick {

/// Writes everything that the plans name into the journal and seals it. No profile changes.
/// Errors: as Journal::record; then nothing may be carried out.
Result<void> record_plans(Journal& journal, const std::vector<ProfilePlan>& plans);

/// The last store that was recorded; 0 if there is none.
std::int64_t last_store(const Journal& journal);

/// Removes all that the journal holds of one profile after the store `after`, store by store. One store's failure does
/// not stop the next; `may_go_on` is asked before each change and its error stops all.
std::vector<Error> carry_out(Journal& journal, const Profile& profile, const std::function<Result<void>()>& may_go_on,
                             HeldLocks& locks, std::int64_t after = 0);

}  // namespace unstick
