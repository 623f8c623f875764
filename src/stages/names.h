#pragma once
// --flush-dns: a name that this computer remembers with an old address leads to a server that knows nobody.

#include "job.h"

namespace unstick {

/// Empties this computer's cache of host names, and looks the target up before and after; in a dry run it only looks.
/// Does nothing without --flush-dns. Before the re-test, which then asks the address that is true now.
void flush_names(Job& job);

}  // namespace unstick
