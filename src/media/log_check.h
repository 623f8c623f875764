#pragma once
// Debian's and others' builds of LevelDB hold assertions, which end the program, where a log is whole but is none of a
// database's: what stands in it is looked at before LevelDB sees it.

#include <cstddef>
#include <string_view>

namespace unstick::pairs {

inline constexpr std::size_t log_block_size = 32U << 10U;

/// May LevelDB read this block of a log (`NNNNNN.log`; they follow each other from its beginning)? True if every record
/// that begins a batch of changes has a sequence number that LevelDB can have given out (below 2^56). Damaged records
/// are left to LevelDB, which checks their sums. Format: records of u32 sum, u16 size, u8 type (1 whole, 2 first, 3
/// middle, 4 last) and content; a batch begins with a u64 sequence number. Little-endian. (LevelDB's doc/log_format.md,
/// write_batch.cc)
bool is_readable_log_block(std::string_view block);

}  // namespace unstick::pairs
