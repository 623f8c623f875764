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
class Column;
class Database;
class Exception;
class Statement;
}  // namespace SQLite

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

/// A path as an SQLite URI with parameters: "mode=rw".
std::string uri_of(const fs::path& file, std::string_view query);

/// A table or column name for use in SQL: `"name"`, quotes doubled.
std::string sql_name(std::string_view name);

/// A column's bytes, and bytes as a parameter.
std::string blob_of(const SQLite::Column& column);
void bind_blob(SQLite::Statement& statement, int index, const std::string& bytes);

/// An SQLite exception as an Error about `file`.
Error error_of(const fs::path& file, const SQLite::Exception& exception);

/// How long we wait for a lock that another program holds on a database.
inline constexpr int busy_timeout_ms = 2000;

/// A database opened for changing: hardened, every commit synced. Opening rolls back a hot journal, as the
/// browser itself would.
class Writer {
public:
    /// Errors: not_found, denied, locked, corrupt, io.
    static Result<Writer> open(const fs::path& file);
    Writer(Writer&&) noexcept;
    ~Writer();
    SQLite::Database& database() { return *database_; }

    /// Moves a write-ahead log into the database and empties it, so that it keeps no old bytes.
    /// Throws SQLite::Exception.
    void empty_log();

private:
    explicit Writer(std::unique_ptr<SQLite::Database> database);
    std::unique_ptr<SQLite::Database> database_;
};

/// Table -> rowids.
using Rowids = std::map<std::string, std::vector<std::int64_t>>;

/// Deletes rows in one transaction; afterwards their bytes are in no page, journal or write-ahead log.
/// Errors: locked, changed (a row is not there any more: nothing is deleted), corrupt, io.
Result<void> erase(const fs::path& file, const Rowids& rowids);

}  // namespace unstick::rows
