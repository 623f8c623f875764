#pragma once
// The records of `NNNNNN.log`: batches of changes that no table has yet. A sequence number, how many changes there are,
// and each: 1, key, value sets a key, 0, key removes one. Each has the next sequence number. (LevelDB's write_batch.cc)

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace unstick::pairs {

struct Batch {
    std::uint64_t sequence = 0;  ///< of the first change
    std::uint32_t count = 0;
    std::string_view changes;

    /// The sequence number behind the last change.
    std::uint64_t end() const { return sequence + count; }
};

/// Nothing if a record is too short for one: LevelDB passes over it.
std::optional<Batch> read_batch(std::string_view record);

/// Each change that a batch has: its key, and its bytes. False: they are not what changes are; the ones before that
/// were visited.
bool each_change(std::string_view changes,
                 const std::function<void(std::string_view key, std::string_view bytes)>& visit);

/// Appends a batch to a log.
void append_batch(std::string& log, const Batch& batch);

/// A log that has the changes of this one, with their sequence numbers, but for those of keys of which `is_dropped`
/// says so. What LevelDB does not read of a log is left out.
std::string log_without(std::string_view log, const std::function<bool(std::string_view key)>& is_dropped);

}  // namespace unstick::pairs
