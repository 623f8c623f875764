#pragma once
// Medium::row: rows of SQLite tables. SQLiteCpp is included in this folder, in journal.cpp and in
// formats/sql_rows.cpp only.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../result.h"

namespace SQLite {
class Database;
}

namespace unstick::rows {

namespace fs = std::filesystem;

/// A database opened for looking. Leaves no trace in its folder: without pending journal or
/// write-ahead log it is opened in place as immutable, otherwise a private copy (in the system's
/// temporary folder, removed at the end) is read.
class Reader {
public:
    /// Errors: not_found, denied, locked, corrupt (not a database), io.
    static Result<Reader> open(const fs::path& file);
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();
    SQLite::Database& database() { return *database_; }

private:
    Reader(std::unique_ptr<SQLite::Database> database, fs::path copy);
    std::unique_ptr<SQLite::Database> database_;
    fs::path copy_;
};

/// Settings for a database that may be hostile: no triggers, views or schema functions, defensive mode,
/// freed bytes overwritten (secure_delete), foreign keys off (we delete by name). For every connection.
void harden(SQLite::Database& database);

/// `"name"`, quotes doubled.
std::string quoted(std::string_view name);

/// Table -> rowids.
using Rowids = std::map<std::string, std::vector<std::int64_t>>;

/// Deletes rows in one transaction; afterwards their bytes are in no page, journal or write-ahead log.
/// Errors: locked, changed (a row is not there any more: nothing is deleted), corrupt, io.
Result<void> erase(const fs::path& file, const Rowids& rowids);

}  // namespace unstick::rows
