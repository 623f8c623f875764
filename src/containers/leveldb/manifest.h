#pragma once
// `MANIFEST-NNNNNN`: which tables a database consists of. A log whose records are changes of that list.
// (LevelDB's version_edit.cc, version_set.cc)

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "containers/leveldb/internal_key.h"

namespace unstick::pairs {

inline constexpr std::uint64_t largest_file_number = std::uint64_t{1} << 62U;  ///< LevelDB counts on from it

struct TableEntry {
    std::uint64_t size = 0;
    InternalKey smallest;
    InternalKey largest;

    bool operator==(const TableEntry&) const = default;
};

/// What the records of a MANIFEST say together.
struct Manifest {
    using Level = std::map<std::uint64_t, TableEntry>;  ///< by number

    bool is_bytewise = true;      ///< if not, nothing else of it was read
    std::uint64_t log = 0;        ///< logs with this number or a higher one are part of the database
    std::uint64_t next_file = 0;  ///< the number that the next new file gets
    std::uint64_t sequence = 0;   ///< the number of the last change in a table
    std::array<Level, 7> levels;

    bool operator==(const Manifest&) const = default;
};

/// Nothing if it is none that LevelDB can have written: if a record is none, or numbers in it cannot have been given
/// out, keys are no keys or out of order, or tables overlap where none may.
std::optional<Manifest> read_manifest(std::string_view content);

/// The content of a MANIFEST that says just this.
std::string manifest_of(const Manifest& manifest);

}  // namespace unstick::pairs
