#pragma once
// Whose rights a run has, and where it keeps its journal.

#include "../request.h"
#include "../result.h"

namespace unstick {

/// Root works on other people's folders with their rights: what they put there can trick nobody. Also finds the place
/// for the runs if none was named. Errors: as take_rights_of_owner.
Result<void> take_rights_for(Request& request);

}  // namespace unstick
