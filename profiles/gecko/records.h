#pragma once
// Files of Firefox that are lists of records, each with a key: slots of data storage (containers/data_storage.h) and
// lines of text. Their medium takes records out and puts them back; the file is replaced as a whole.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/item.h"

namespace unstick {

struct MediumOps;  // journal/medium.h

namespace gecko {

namespace fs = std::filesystem;

/// A record of such a file. `container` is the file, `table` the form of its records, `key` the record's bytes.
inline constexpr Medium record_medium{"gecko-record"};
extern const MediumOps record_medium_ops;

inline constexpr std::uint64_t largest_file = 4U << 20U;  ///< of records

/// How the records of a file are written.
enum class RecordForm {
    small_slots,  ///< `SiteSecurityServiceState.bin`
    large_slots,  ///< all other `.bin`
    lines,        ///< `cert_override.txt`: what stands before the first tab is the key; "#" begins a remark
    salt_lines,   ///< `enumerate_devices.txt`: salt, time, and the origin, which is the key, with a space between two
};
std::string_view name_of(RecordForm form);

/// The line that such a file begins with; without it Firefox reads nothing of it. Empty: there is none.
std::string_view heading_of(RecordForm form);

struct Record {
    std::string key;
    std::string value;
    std::string bytes;  ///< as in the file; of a line without its end
};

/// All records of a file. Errors: as files::read_file; corrupt; unsupported (another heading).
Result<std::vector<Record>> read_records(const fs::path& file, RecordForm form);

/// The records of a content. Errors: corrupt.
Result<std::vector<Record>> records_in(std::string_view content, RecordForm form);

/// The piece that is a record.
Piece piece_of(const fs::path& file, RecordForm form, const Record& record);

}  // namespace gecko

}  // namespace unstick
