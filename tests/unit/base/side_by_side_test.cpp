// Work in several threads: all of it is done, and no more threads do it than may.

#include "base/side_by_side.h"

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/fixtures/catch.h"

using namespace unstick;

TEST_CASE("this thread does the first part, others do others, and no number comes twice")
{
    std::mutex mutex;
    std::set<std::size_t> numbers;
    std::thread::id first;
    side_by_side(8, [&](std::size_t number) {
        const std::lock_guard lock(mutex);
        CHECK(numbers.insert(number).second);
        first = number == 0 ? std::this_thread::get_id() : first;
    });
    CHECK(first == std::this_thread::get_id());
    CHECK(numbers.size() <= 8);
    CHECK(*numbers.rbegin() == numbers.size() - 1);
}

TEST_CASE("what is nested gets the threads that are left, and those that end are used again")
{
    for (int again = 0; again < 3; ++again) {
        std::atomic<std::size_t> now = 0;
        std::atomic<std::size_t> most = 0;
        std::atomic<std::size_t> done = 0;
        std::atomic<std::size_t> outer = 0;
        side_by_side(8, [&](std::size_t) {
            ++outer;
            std::atomic<int> left = 200;
            side_by_side(most_threads, [&](std::size_t) {
                const std::size_t here = ++now;
                for (std::size_t seen = most; here > seen && !most.compare_exchange_weak(seen, here);) {
                }
                for (; left-- > 0; ++done) {
                    std::this_thread::yield();
                }
                --now;
            });
        });
        CHECK(done == outer * 200);
        CHECK(most <= most_threads);
        CHECK(is_only_work());
    }
}

TEST_CASE("whether other work is done in threads is known to what is nested")
{
    std::atomic<bool> alone = true;
    side_by_side(2, [&](std::size_t) { alone = alone && is_only_work(); });
    CHECK(alone);
    side_by_side(1, [&](std::size_t) { side_by_side(2, [&](std::size_t) { alone = alone && is_only_work(); }); });
    CHECK(alone);
    side_by_side(2, [&](std::size_t) { side_by_side(2, [&](std::size_t) { alone = alone && is_only_work(); }); });
    CHECK_FALSE(alone);
}

TEST_CASE("what a part throws comes out, when all have ended")
{
    std::atomic<int> ended = 0;
    std::atomic<int> begun = 0;
    CHECK_THROWS_AS(side_by_side(4,
                                 [&](std::size_t number) {
                                     ++begun;
                                     if (number == 1) {
                                         ++ended;
                                         throw std::runtime_error("one of them");
                                     }
                                     ++ended;
                                 }),
                    std::runtime_error);
    CHECK(ended == begun);
    CHECK(is_only_work());
}
