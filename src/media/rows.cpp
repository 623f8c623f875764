#include "rows.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "../files.h"

namespace unstick::rows {

namespace {

/// The largest database that is copied to be read, with its pending changes: those of browsers have some hundred MB.
constexpr std::uint64_t largest_copy = 2ULL << 30U;

/// A companion file (write-ahead log, rollback journal) that may hold what the database itself does not.
bool has_content(const fs::path& file)
{
    const auto found = files::info(file);
    return found ? found->type == files::Type::file && found->size > 0 : found.error().code != Code::not_found;
}

/// A second name may be a backup's, or in a place where we must not change anything.
Result<files::Info> check_file(const fs::path& file)
{
    auto found = files::info(file);
    if (found && found->type != files::Type::file) {
        return fail(Code::unsupported, file.string(), "it is not a regular file");
    }
    if (found && found->names > 1) {
        return fail(Code::unsupported, file.string(), "it has a second name (a hard link), and would change there too",
                    "put a copy of the file in its place and run unstick again");
    }
    return found;
}

/// SQLite does not say why it cannot open a file; the system does.
Error cannot_open(const fs::path& file, const std::string& message)
{
    std::array<char, 1> byte{};
    const auto read = files::Folder::open(file.parent_path()).and_then([&](const files::Folder& folder) {
        return folder.read(file.filename().string().c_str(), 0, byte);
    });
    return read ? Error{Code::io, file.string(), message, {}}
                : Error{read.error().code, file.string(), read.error().what, read.error().hint};
}

/// A rollback journal can name one more file at its end, the super-journal of a transaction over several databases,
/// which SQLite reads and deletes when it rolls back. Only our own transactions have one, beside the journal.db of a
/// run; anything else was put there to make us delete it. The file ends with the name, its length, a checksum (both 4
/// bytes, big-endian) and a mark (sqlite.org/fileformat.html, "The Super-Journal File"). `original`: what it is a copy
/// of.
Result<void> check_rollback_journal(const fs::path& file, const fs::path& original)
{
    constexpr std::string_view magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
    constexpr std::size_t after_name = 16;
    constexpr std::size_t longest = 4096;  // SQLite takes no longer name
    const auto found = files::info(file);
    const auto folder = files::Folder::open(file.parent_path());
    if (!found || !folder) {
        return found || found.error().code == Code::not_found ? Result<void>() : tl::unexpected<Error>(found.error());
    }
    std::string end(static_cast<std::size_t>(std::min<std::uint64_t>(found->size, longest + after_name)), '\0');
    const auto read = folder->read(file.filename().string().c_str(), found->size - end.size(), end);
    if (!read) {
        return tl::unexpected<Error>(read.error());
    }
    if (!end.ends_with(magic) || end.size() < after_name) {
        return {};
    }
    end.resize(end.size() - after_name + 4);
    std::size_t length = 0;
    for (const char byte : end.substr(end.size() - 4)) {
        length = length << 8U | static_cast<unsigned char>(byte);
    }
    end.resize(end.size() - 4);
    const std::string name = end.substr(end.size() - std::min(length, end.size()));
    if (!fs::path(name.c_str()).filename().string().starts_with("journal.db-mj")) {
        return fail(Code::unsupported, original.string(), "it names a file that does not belong to this database",
                    "start the browser once: it repairs or replaces it");
    }
    return {};
}

fs::path with_suffix(const fs::path& file, std::string_view suffix)
{
    return file.string() + std::string(suffix);
}

}  // namespace

Result<void> check_usable(const fs::path& file)
{
    return check_file(file).and_then([&](const files::Info&) {
        return check_rollback_journal(with_suffix(file, "-journal"), with_suffix(file, "-journal"));
    });
}

/// SQLite's pointers to empty blobs are null; a null value is something else.
std::string blob_of(const SQLite::Column& column)
{
    return column.getBytes() == 0
               ? std::string()
               : std::string(static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes()));
}

void bind_blob(SQLite::Statement& statement, int index, const std::string& bytes)
{
    statement.bind(index, static_cast<const void*>(bytes.data()), static_cast<int>(bytes.size()));
}

Error error_of(const fs::path& file, const SQLite::Exception& exception)
{
    const std::string message = exception.what();
    switch (exception.getErrorCode()) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Code::locked, file.string(), message, "close the browser and run unstick again"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
            return {Code::corrupt, file.string(), message, "the browser repairs or replaces it at its next start"};
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_READONLY:
            return {Code::denied, file.string(), message, "run unstick as the user who owns this file"};
        case SQLITE_CANTOPEN:
            return cannot_open(file, message);
        case SQLITE_FULL:
            return {Code::io, file.string(), message, "free some disk space and run unstick again"};
        case SQLITE_CONSTRAINT:
            return {Code::exists, file.string(), message, {}};
        default:
            return {Code::io, file.string(), message, {}};
    }
}

std::string uri_of(const fs::path& file, std::string_view query)
{
    std::string uri = "file:";
    for (const char c : files::path_for_library(file)) {
        if (c == '%' || c == '?' || c == '#') {
            constexpr std::string_view digits = "0123456789abcdef";
            const auto byte = static_cast<unsigned char>(c);
            uri += {'%', digits[byte >> 4], digits[byte & 15]};
        } else {
            uri += c;
        }
    }
    uri += '?';
    uri += query;
    return uri;
}

void harden(SQLite::Database& database)
{
    sqlite3* const handle = database.getHandle();
    for (const int off : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                          SQLITE_DBCONFIG_ENABLE_FKEY, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION}) {
        sqlite3_db_config(handle, off, 0, nullptr);
    }
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    database.exec("PRAGMA secure_delete = ON");
    database.exec("PRAGMA cell_size_check = ON");
    database.exec("PRAGMA mmap_size = 0");
    database.exec("PRAGMA temp_store = MEMORY");  // secrets belong into no folder for everybody
}

std::string sql_name(std::string_view name)
{
    std::string text = "\"";
    for (const char c : name) {
        text += c;
        if (c == '"') {
            text += c;
        }
    }
    return text + "\"";
}

// --- Reader ---

Reader::Reader(std::unique_ptr<SQLite::Database> database, fs::path copy)
    : database_(std::move(database)), copy_(std::move(copy))
{
}

Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Reader::~Reader()
{
    database_.reset();
    if (!copy_.empty()) {
        (void)files::remove_tree(copy_);  // a leftover in the temporary folder is no reason to fail
    }
}

std::unique_ptr<SQLite::Database> connect(const fs::path& file, std::string_view query)
{
    static const bool replaced = [] {
        sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
        for (const auto& [name, function] : files::database_calls()) {
            if (vfs->xSetSystemCall(vfs, name, function) != SQLITE_OK) {
                throw SQLite::Exception(std::string("SQLite has no system call ") + name);
            }
        }
        return true;
    }();
    (void)replaced;
    // What may be done is in the query; the flags only have to allow it.
    auto database = std::make_unique<SQLite::Database>(
        uri_of(file, query), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_URI | SQLITE_OPEN_NOFOLLOW,
        busy_timeout_ms);
    harden(*database);
    return database;
}

Result<Reader> Reader::open(const fs::path& file)
{
    const auto found = check_file(file);
    if (!found) {
        return tl::unexpected<Error>(found.error());
    }
    fs::path copy;
    try {
        if (!has_content(with_suffix(file, "-wal")) && !has_content(with_suffix(file, "-journal"))) {
            auto database = connect(file, "mode=ro&immutable=1");
            database->execAndGet("SELECT count(*) FROM sqlite_schema");  // is it a database at all?
            return Reader(std::move(database), {});
        }
        // Pending changes: `immutable` would miss them, a normal opening would write. Read a copy.
        auto folder = files::make_temporary_folder("unstick-");
        if (!folder) {
            return tl::unexpected<Error>(folder.error());
        }
        copy = *folder;
        for (const std::string_view suffix : {"", "-wal", "-journal"}) {
            const fs::path source = with_suffix(file, suffix);
            if (!suffix.empty() && !has_content(source)) {
                continue;
            }
            if (const auto info = files::info(source); info && info->size > largest_copy) {
                (void)files::remove_tree(copy);
                return fail(Code::unsupported, source.string(), "it is larger than any file of its kind should be");
            }
            const fs::path target = with_suffix(copy / "database", suffix);
            if (auto copied =
                    files::copy_file(source, target).and_then([&] { return check_rollback_journal(target, source); });
                !copied) {
                (void)files::remove_tree(copy);
                return tl::unexpected<Error>(copied.error());
            }
        }
        auto database = connect(copy / "database", "mode=rw");
        database->execAndGet("SELECT count(*) FROM sqlite_schema");
        return Reader(std::move(database), std::move(copy));
    } catch (const SQLite::Exception& exception) {
        if (!copy.empty()) {
            (void)files::remove_tree(copy);
        }
        return tl::unexpected<Error>(error_of(file, exception));
    }
}

// --- Changing ---

Result<Writer> Writer::open(const fs::path& file)
{
    if (const auto usable = check_usable(file); !usable) {
        return tl::unexpected<Error>(usable.error());
    }
    try {
        auto database = connect(file, "mode=rw");
        database->exec("PRAGMA synchronous = FULL");
        return Writer(std::move(database));
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(file, exception));
    }
}

Writer::Writer(std::unique_ptr<SQLite::Database> database) : database_(std::move(database)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer::~Writer() = default;

void Writer::empty_log()
{
    SQLite::Statement mode(*database_, "PRAGMA journal_mode");
    mode.executeStep();
    if (mode.getColumn(0).getString() == "wal") {
        SQLite::Statement(*database_, "PRAGMA wal_checkpoint(TRUNCATE)").executeStep();
    }
}

namespace {

void delete_rows(SQLite::Database& database, const fs::path& file, const Removal& removal, Result<void>& result)
{
    for (const auto& [table, keys] : removal.rows) {
        const RowName name = row_name(database, "main", table);
        for (const std::string& key : keys) {
            if (database.exec("DELETE FROM main." + sql_name(table) + " WHERE " + name.condition(key)) != 1 && result) {
                result = fail(Code::changed, file.string(), "a row of " + table + " is not there any more",
                              "run unstick again");
            }
        }
    }
}

/// A total that would fall below nothing does not say what we think it says.
void lower_totals(SQLite::Database& database, const fs::path& file, const Removal& removal, Result<void>& result)
{
    for (const auto& [total, amount] : removal.shares) {
        const auto& [table, key] = total;
        SQLite::Statement lower(database, "UPDATE main." + sql_name(table) +
                                              " SET value = CAST(value AS INTEGER) - ?1"
                                              " WHERE key = ?2 AND CAST(value AS INTEGER) >= ?1");
        lower.bind(1, amount);
        lower.bind(2, key);
        if (lower.exec() != 1 && result) {
            result = fail(Code::corrupt, file.string(), "its total " + key + " is smaller than what it adds up");
        }
    }
}

std::string joined(const std::vector<std::string>& parts, std::string_view between)
{
    std::string text;
    for (const std::string& part : parts) {
        text += (text.empty() ? "" : std::string(between)) + part;
    }
    return text;
}

}  // namespace

std::string RowName::key_expression() const
{
    std::vector<std::string> literals;
    for (const std::string& column : columns) {
        literals.push_back("quote(" + column + ")");
    }
    return joined(literals, " || ',' || ");
}

std::string RowName::condition(std::string_view key) const
{
    return "(" + joined(columns, ",") + ") = (" + std::string(key) + ")";
}

RowName row_name(SQLite::Database& database, std::string_view schema, std::string_view table)
{
    SQLite::Statement query(database,
                            "SELECT i.name FROM pragma_table_list l JOIN pragma_table_info(l.name, l.schema) i"
                            " WHERE l.schema = ? AND l.name = ? AND l.wr = 1 AND i.pk > 0 ORDER BY i.pk");
    query.bind(1, std::string(schema));
    query.bind(2, std::string(table));
    RowName name;
    while (query.executeStep()) {
        name.columns.push_back(sql_name(query.getColumn(0).getString()));
    }
    if (name.columns.empty()) {
        name.columns.emplace_back("rowid");
    }
    return name;
}

Result<void> erase(const fs::path& file, const Removal& removal)
{
    auto writer = Writer::open(file);
    if (!writer) {
        return tl::unexpected<Error>(writer.error());
    }
    SQLite::Database& database = writer->database();
    try {
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        Result<void> result;
        delete_rows(database, file, removal, result);
        lower_totals(database, file, removal, result);
        if (!result) {
            return result;  // and the transaction is rolled back
        }
        transaction.commit();
        writer->empty_log();
        return {};
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(file, exception));
    }
}

}  // namespace unstick::rows
