#pragma once
// Work that mostly waits, for a disk or for another computer: some of it at once.

#include <cstddef>
#include <functional>

namespace unstick {

/// So many threads at most do what is done side by side, in the whole program. Measured with folders of small files
/// (docs/benchmarks.md): with these a cold disk is at its limit, and where all is in memory they cost no more than two.
inline constexpr std::size_t most_threads = 32;

/// Calls work(n) for some n below `wanted`, 0 among them, each in a thread of its own but for 0, which this one does,
/// and waits for all. So `work` takes what is to be done from what all share. What is nested gets the threads that are
/// left; where the system has no more for us, fewer do it, down to this one. What one of them throws is thrown again.
void side_by_side(std::size_t wanted, const std::function<void(std::size_t)>& work);

/// Is there just one call of side_by_side that has started threads, or none?
bool is_only_work();

}  // namespace unstick
