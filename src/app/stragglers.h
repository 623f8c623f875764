#pragma once
// Processes of a browser that has quit, which nobody can hold: they may write once more what they had read before.

#include <vector>

#include "inventory/plan.h"
#include "journal/undo.h"
#include "platform/host.h"

namespace unstick {

/// Could something of the browser still write to one of these files or folders? If it was closed just now, if one of
/// them is younger than half a minute, or if a helper runs. To be asked before we write to them.
bool may_be_written(const Adapter& adapter, const std::vector<fs::path>& places, bool closed, const Host& host);

/// Waits until nobody can be writing any more, and looks for what was removed. Problems: what is there again.
std::vector<Error> look_for_stragglers(const std::vector<ProfilePlan>& removed, Host& host);

/// The same for what was put back. Problems: what is not there any more.
std::vector<Error> look_for_stragglers(Journal& journal, const ProfileUndone& undone, const Adapter& adapter,
                                       Host& host);

}  // namespace unstick
