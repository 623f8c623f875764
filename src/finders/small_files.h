#pragma once
// The one way to read folders of many small files (caches): whoever reads one of those mostly waits, for a disk or for
// a computer far away, so that many are read at once.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/side_by_side.h"
#include "platform/own_descriptors.h"

namespace unstick {

/// So many are worth a thread, and are read by one: neighbours in a folder share what the system locks.
inline constexpr std::size_t files_per_turn = 64;

/// Deals out the numbers below a count, a turn at a time. One for each thread, all of one dealer's counter.
class Numbers {
public:
    Numbers(std::size_t count, std::atomic<std::size_t>& turns) : count_(count), turns_(&turns) {}

    /// Nothing when all are dealt.
    std::optional<std::size_t> next()
    {
        if (at_ == end_) {
            at_ = std::min(count_, turns_->fetch_add(1) * files_per_turn);
            end_ = std::min(count_, at_ + files_per_turn);
        }
        return at_ < end_ ? std::optional(at_++) : std::nullopt;
    }

private:
    std::size_t count_;
    std::atomic<std::size_t>* turns_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
};

/// Calls read(numbers) in up to `most_threads` threads, which together are dealt all numbers below `count`, and returns
/// what each has made of its own, in no order. `read` sees what was opened before, but what it opens it closes
/// (platform/own_descriptors.h). It must not throw.
template <class Read>
auto read_small_files(std::size_t count, const Read& read) -> std::vector<decltype(read(std::declval<Numbers&>()))>
{
    std::atomic<std::size_t> turns = 0;
    std::vector<decltype(read(std::declval<Numbers&>()))> parts(
        std::clamp<std::size_t>((count + files_per_turn - 1) / files_per_turn, 1, most_threads));
    side_by_side(parts.size(), [&](std::size_t thread) {
        if (thread > 0 && is_only_work()) {  // else a lock that others let go would stay in our table
            own_descriptors();
        }
        Numbers numbers(count, turns);
        parts[thread] = read(numbers);
    });
    return parts;
}

}  // namespace unstick
