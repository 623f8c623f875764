#include "base/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <system_error>
#include <vector>

namespace unstick {

namespace {

std::atomic<std::size_t> threads_left = most_threads - 1;
std::atomic<std::size_t> works = 0;

/// As many of them as there are.
std::size_t take_threads(std::size_t wanted)
{
    std::size_t left = threads_left;
    while (!threads_left.compare_exchange_weak(left, left - std::min(left, wanted))) {
    }
    return std::min(left, wanted);
}

/// One of the threads that were taken: given back at the end.
class Borrowed {
public:
    Borrowed() = default;
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed() { ++threads_left; }
};

/// A call that has started threads.
class Counted {
public:
    Counted() { ++works; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --works; }
};

}  // namespace

void side_by_side(std::size_t wanted, const std::function<void(std::size_t)>& work)
{
    if (wanted <= 1) {
        return work(0);
    }
    const Counted counted;
    const std::size_t threads = take_threads(wanted - 1);
    std::vector<std::future<void>> others;  // these wait when they are destroyed. Not std::jthread: libc++ has none yet
    others.reserve(threads);
    try {
        while (others.size() < threads) {
            others.push_back(std::async(std::launch::async, [&work, number = others.size() + 1] {
                const Borrowed thread;
                work(number);
            }));
        }
    } catch (const std::system_error&) {  // no more threads; those that there are do it
        threads_left += threads - others.size();
    }
    work(0);
    for (auto& other : others) {
        other.get();
    }
}

bool is_only_work()
{
    return works <= 1;
}

}  // namespace unstick
