#pragma once
// The limit for core files, which keep_memory_private lowers for us (own_process.h).

namespace unstick {

/// Gives this process the limit back that we were started with: for programs that are the user's and not ours. May be
/// called between fork and exec.
void restore_core_limit();

}  // namespace unstick
