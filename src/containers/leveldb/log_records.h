#pragma once
// The records of LevelDB's logs: `NNNNNN.log` and `MANIFEST-NNNNNN`.
//
// Blocks of 32 KiB; in them pieces of u32 sum, u16 size, u8 type (1 whole, 2 first, 3 middle, 4 last) and content.
// Little-endian. (LevelDB's doc/log_format.md, log_reader.cc)

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace unstick::pairs {

/// The sum that stands beside some bytes in LevelDB's files: CRC-32C, masked.
std::uint32_t sum_of(std::string_view bytes);

/// Each record that LevelDB reads, in order, until `visit` says false. What is damaged is passed over as by LevelDB:
/// with the rest of its block. True if `visit` never said false.
bool each_record(std::string_view log, const std::function<bool(std::string_view record)>& visit);

/// Appends a record to a log.
void append_record(std::string& log, std::string_view record);

}  // namespace unstick::pairs
