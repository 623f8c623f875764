#pragma once
// Medium::row: rows of SQLite tables. SQLiteCpp is included in this folder, in journal.cpp and in
// finders/sql_rows.cpp and profiles/webkit/safari_profiles.cpp only.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/private_folder.h"

namespace SQLite {
class Column;
class Database;
class Exception;
class Statement;
}  // namespace SQLite

namespace unstick::rows {

namespace fs = std::filesystem;

/// Ends what a hostile or damaged database lets take for ever: a tree in which one page is met a billion times, an
/// expression in an index. Counts SQLite's instructions and the pages it looks at, no time, so that the same database
/// always ends in the same place; a sound one needs a small part of what its size allows. What goes beyond fails with
/// Code::corrupt (error_of). For as long as it lives.
class WorkLimit {
public:
    /// `bytes`: of all files that are read through this connection.
    WorkLimit(SQLite::Database& database, std::uint64_t bytes);
    ~WorkLimit();
    WorkLimit(const WorkLimit&) = delete;
    WorkLimit& operator=(const WorkLimit&) = delete;

    struct Work;

private:
    SQLite::Database& database_;
    std::unique_ptr<Work> work_;
};

/// A database opened for looking. Leaves no trace in its folder: without pending journal or
/// write-ahead log it is opened in place as immutable, otherwise a private copy (platform/private_folder.h)
/// is read.
class Reader {
public:
    /// Errors: not_found, denied, locked, corrupt (not a database), unsupported (not a regular file, one with several
    /// names, or too large to copy), io.
    static Result<Reader> open(const fs::path& file);
    /// Of what is ours, and whose size says nothing about the work: no WorkLimit any more.
    void lift_limit() { limit_.reset(); }
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();
    SQLite::Database& database() { return *database_; }
    /// What to attach, to read the same in another connection while this lives.
    const std::string& uri() const { return uri_; }

private:
    Reader(std::unique_ptr<SQLite::Database> database, std::string uri, std::uint64_t bytes,
           std::optional<PrivateFolder> copy);
    std::optional<PrivateFolder> copy_;  ///< outlives the database in it
    std::unique_ptr<SQLite::Database> database_;
    std::unique_ptr<WorkLimit> limit_;  ///< goes before its database
    std::string uri_;
};

/// A database as it can be attached to another connection to be read, which leaves no trace either. Who reads it waits
/// for others that are changing it, and fails if they do not end.
class Readable {
public:
    /// Errors: as check_usable; locked; as Reader::open.
    static Result<Readable> find(const fs::path& file);
    const std::string& uri() const { return reader_ ? reader_->uri() : uri_; }
    std::uint64_t bytes() const { return bytes_; }  ///< for WorkLimit

private:
    explicit Readable(std::string uri, std::uint64_t bytes, std::optional<Reader> reader = std::nullopt)
        : uri_(std::move(uri)), bytes_(bytes), reader_(std::move(reader))
    {
    }
    std::string uri_;
    std::uint64_t bytes_;
    std::optional<Reader> reader_;  ///< where only a copy can be read, or something that nobody can be changing
};

/// Settings for a database that may be hostile: no triggers, views or schema functions, defensive mode,
/// freed bytes overwritten (secure_delete), foreign keys off (we delete by name). For every connection.
void harden(SQLite::Database& database);

/// May the file be opened where it is, and changed? Errors: not_found, denied; unsupported if it is no regular file,
/// has several names, or a rollback journal that names other files.
Result<void> check_usable(const fs::path& file);

/// Opens a database, hardened, through no symbolic link. `query` as in SQLite's URIs: "mode=rw". Throws SQLite's
/// exceptions.
std::unique_ptr<SQLite::Database> connect(const fs::path& file, std::string_view query);

/// Of a database with its companions, for WorkLimit.
std::uint64_t size_with_companions(const fs::path& file);

/// A path as an SQLite URI with parameters.
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
    /// Errors: not_found, denied, locked, corrupt, unsupported (as Reader), io.
    static Result<Writer> open(const fs::path& file);
    Writer(Writer&&) noexcept;
    ~Writer();
    SQLite::Database& database() { return *database_; }

    /// Moves a write-ahead log into the database and empties it, so that it keeps no old bytes.
    /// Throws SQLite::Exception.
    void empty_log();

private:
    Writer(std::unique_ptr<SQLite::Database> database, std::uint64_t bytes);
    std::unique_ptr<SQLite::Database> database_;
    std::unique_ptr<WorkLimit> limit_;
};

/// What names a row of a table: `rowid` or, in a table without rowids, the columns of its primary key.
struct RowName {
    std::vector<std::string> columns;

    /// The SQL expression that makes Piece::key.
    std::string key_expression() const;
    /// The SQL condition for the row with this key; for no row if it is none (is_key).
    std::string condition(std::string_view key) const;
};

/// Is it a key as `RowName::key_expression` makes them: SQL literals and nothing else, ',' between two? What else
/// stands there never gets into SQL.
bool is_key(std::string_view text);

/// Throws SQLite::Exception. `schema` is that of an attached database: "main".
RowName row_name(SQLite::Database& database, std::string_view schema, std::string_view table);

/// What goes in one transaction.
struct Removal {
    std::map<std::string, std::vector<std::string>> rows;  ///< table -> keys as in Piece::key

    /// A total, by its table and name, and by how much it goes down (Piece::counter_delta).
    using Total = std::pair<std::string, std::string>;
    std::map<Total, std::int64_t> shares;
};

/// Deletes rows and lowers totals in one transaction; afterwards the rows' bytes are in no page, journal or write-ahead
/// log. Errors: locked, changed (a row is not there any more: nothing is deleted), corrupt (also if a total is smaller
/// than what it adds up), io.
Result<void> erase(const fs::path& file, const Removal& removal);

}  // namespace unstick::rows
