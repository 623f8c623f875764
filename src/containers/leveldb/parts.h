#pragma once
// A database as the files that it consists of. LevelDB itself shows the live pairs; in its files there are also the
// versions that were overwritten and the keys that were removed.

#include <leveldb/iterator.h>
#include <leveldb/table.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "containers/leveldb/manifest.h"
#include "containers/leveldb/overlay_env.h"

namespace unstick::pairs {

namespace fs = std::filesystem;

/// "000005.log"
std::string file_name(std::uint64_t number, std::string_view ending);

/// A table that is open. Its keys are internal keys.
class Table {
public:
    Table(std::unique_ptr<leveldb::RandomAccessFile> file, std::unique_ptr<leveldb::Table> table)
        : file_(std::move(file)), table_(std::move(table))
    {
    }
    /// Checks the sums of what it reads. Not longer than the table.
    std::unique_ptr<leveldb::Iterator> iterate() const;

private:
    std::unique_ptr<leveldb::RandomAccessFile> file_;
    std::unique_ptr<leveldb::Table> table_;
};

/// All that is read has gone through the checks of OverlayEnv.
class Parts {
public:
    /// For as long as `env`, which reads the folder and is used by nobody else. Errors: corrupt, denied, io,
    /// unsupported (another order of keys).
    static Result<Parts> open(const fs::path& folder, OverlayEnv& env);

    const Manifest& manifest() const { return manifest_; }
    /// Numbers of the logs that are part of the database, in their order.
    const std::vector<std::uint64_t>& logs() const { return logs_; }

    /// Errors: as open.
    Result<std::string> read_log(std::uint64_t number) const;
    Result<Table> open_table(std::uint64_t number, const TableEntry& entry) const;
    /// What a table is named: LevelDB has had two endings. Errors: as open.
    Result<std::string> table_name(std::uint64_t number) const;

    /// What a status that is not ok says of the database.
    Error error(const leveldb::Status& status) const;

private:
    Parts(fs::path folder, OverlayEnv& env) : folder_(std::move(folder)), env_(&env) {}
    Result<std::string> read(const std::string& name) const;

    fs::path folder_;
    OverlayEnv* env_;
    Manifest manifest_;
    std::vector<std::uint64_t> logs_;
};

}  // namespace unstick::pairs
