#pragma once
// Tables that are written.

#include <leveldb/env.h>
#include <leveldb/table_builder.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "containers/leveldb/manifest.h"

namespace unstick::pairs {

/// What tells one list of entries from another one, in this process.
class Digest {
public:
    void add(std::string_view internal_key, std::string_view value);
    bool operator==(const Digest&) const = default;

private:
    std::uint64_t count_ = 0;
    std::uint64_t mixed_ = 0;
};

/// What was written: nothing, if there were no entries.
struct Written {
    TableEntry entry;
    Digest digest;
};

/// Writes a table as LevelDB does.
class TableWriter {
public:
    explicit TableWriter(std::unique_ptr<leveldb::WritableFile> file);
    TableWriter(const TableWriter&) = delete;
    TableWriter& operator=(const TableWriter&) = delete;
    ~TableWriter();

    /// Not ok if it is not after the last one, too.
    leveldb::Status add(std::string_view internal_key, std::string_view value);
    /// Closes the file. Of one without entries nothing is to be kept.
    leveldb::Status finish();

    bool is_empty() const { return builder_.NumEntries() == 0; }
    const Written& written() const { return written_; }

private:
    std::unique_ptr<leveldb::WritableFile> file_;
    leveldb::TableBuilder builder_;
    std::string last_;
    bool is_finished_ = false;
    Written written_;
};

}  // namespace unstick::pairs
