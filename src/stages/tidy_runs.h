#pragma once
// What earlier runs left.

#include "job.h"

namespace unstick {

/// Runs that were cut off before anything changed, and runs whose time is over, go. Runs that were cut off while
/// profiles changed stay, and are named: undoing them puts everything back.
void tidy_runs(Job& job);

}  // namespace unstick
