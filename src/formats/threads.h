#pragma once
// Work that all cores share.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <future>
#include <thread>
#include <vector>

namespace unstick {

/// How many threads are worth starting for work that can be cut into so many pieces: at least one.
inline std::size_t threads_for(std::size_t pieces)
{
    return std::clamp<std::size_t>(pieces, 1, std::max(1U, std::thread::hardware_concurrency()));
}

/// Calls work(0) to work(threads - 1), each in a thread of its own, and returns when all have ended.
template <class Work>
void in_threads(std::size_t threads, const Work& work)
{
    // These wait when they are destroyed. Not std::jthread: libc++ has none yet.
    std::vector<std::future<void>> helpers;
    for (std::size_t i = 1; i < threads; ++i) {
        helpers.push_back(std::async(std::launch::async, std::cref(work), i));
    }
    work(0);
}

}  // namespace unstick
