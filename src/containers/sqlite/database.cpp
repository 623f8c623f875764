#include "containers/sqlite/database.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <SQLiteCpp/VariadicBind.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "platform/files.h"

namespace unstick::rows {

namespace {

/// The largest database that is copied to be read, with its pending changes: those of browsers have some hundred MB.
constexpr std::uint64_t largest_copy = 2ULL << 30U;

/// Of one value or row. Chromium's largest is the storage of an origin, which is below 10 MB.
constexpr int largest_value = 17 << 20;

/// So much work a database may make, by its size; and how often it is looked at. 1,000,000 cookies, all looked at, make
/// 52 each, which is 1,600 a page; of the smallest rows a page has 400, which is 21,000.
constexpr std::uint64_t least_work = 2'000'000;
constexpr std::uint64_t work_per_page = 150'000;
constexpr std::uint64_t page_size = 4096;
constexpr int instructions_between_looks = 1000;
constexpr std::uint64_t work_of_a_page = 10;  ///< that is looked at

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

bool is_same_folder(const fs::path& a, const fs::path& b)
{
    std::error_code unknown;
    return fs::equivalent(a, b, unknown) && !unknown;
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
    if (!found) {
        return found.error().code == Code::not_found ? Result<void>() : tl::unexpected<Error>(found.error());
    }
    TRY_ASSIGN(const auto folder, files::Folder::open(file.parent_path()));
    std::string end(static_cast<std::size_t>(std::min<std::uint64_t>(found->size, longest + after_name)), '\0');
    TRY(folder.read(file.filename().string().c_str(), found->size - end.size(), end));
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
    const fs::path named = name.c_str();
    // A journal's own is beside it. One that is gone is not deleted either.
    const bool is_elsewhere = original.filename() == "journal.db-journal" && files::exists(named).value_or(true) &&
                              !is_same_folder(named.parent_path(), original.parent_path());
    if (!named.filename().string().starts_with("journal.db-mj") || is_elsewhere) {
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
        case SQLITE_INTERRUPT:  // by nobody but WorkLimit
            return {Code::corrupt, file.string(), "it took too long to read: damaged or hostile",
                    "nothing in it was touched"};
        case SQLITE_TOOBIG:
            return {Code::unsupported, file.string(), "a value in it is larger than any real one",
                    "nothing in it was touched"};
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
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, largest_value);
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

// --- WorkLimit ---

struct WorkLimit::Work {
    sqlite3* database;
    std::uint64_t most;
    std::uint64_t done = 0;

    /// Pages are counted by SQLite itself, from the cache or not; the counts are taken over, and begin anew.
    std::uint64_t pages() const
    {
        std::uint64_t sum = 0;
        for (const int counter : {SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS}) {
            int now = 0;
            int highest = 0;
            sqlite3_db_status(database, counter, &now, &highest, 1);
            sum += static_cast<std::uint64_t>(std::max(now, 0));
        }
        return sum;
    }
};

namespace {

/// Ends the statement if it is not 0.
int look_at_work(void* counted)
{
    auto* const work = static_cast<WorkLimit::Work*>(counted);
    work->done += instructions_between_looks + work_of_a_page * work->pages();
    return work->done > work->most ? 1 : 0;
}

}  // namespace

WorkLimit::WorkLimit(SQLite::Database& database, std::uint64_t bytes)
    : database_(database),
      work_(std::make_unique<Work>(Work{database.getHandle(), least_work + (bytes / page_size + 1) * work_per_page}))
{
    (void)work_->pages();
    sqlite3_progress_handler(database_.getHandle(), instructions_between_looks, look_at_work, work_.get());
}

WorkLimit::~WorkLimit()
{
    sqlite3_progress_handler(database_.getHandle(), 0, nullptr, nullptr);
}

std::uint64_t size_with_companions(const fs::path& file)
{
    std::uint64_t bytes = 0;
    for (const std::string_view suffix : {"", "-wal", "-journal"}) {
        const auto info = files::info(with_suffix(file, suffix));
        bytes += info ? info->size : 0;
    }
    return bytes;
}

// --- Reader ---

Reader::Reader(std::unique_ptr<SQLite::Database> database, std::string uri, std::uint64_t bytes,
               std::optional<PrivateFolder> copy)
    : copy_(std::move(copy)),
      database_(std::move(database)),
      limit_(std::make_unique<WorkLimit>(*database_, bytes)),
      uri_(std::move(uri))
{
}

Reader::Reader(Reader&&) noexcept = default;

Reader& Reader::operator=(Reader&& other) noexcept
{
    std::swap(limit_, other.limit_);
    std::swap(database_, other.database_);  // the copy goes after the database that is open in it
    std::swap(copy_, other.copy_);
    return *this;
}

Reader::~Reader() = default;

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
    TRY_ASSIGN(const auto there, check_file(file));
    try {
        if (!has_content(with_suffix(file, "-wal")) && !has_content(with_suffix(file, "-journal"))) {
            auto database = connect(file, "mode=ro&immutable=1");
            database->execAndGet("SELECT count(*) FROM sqlite_schema");  // is it a database at all?
            return Reader(std::move(database), uri_of(file, "mode=ro&immutable=1"), there.size, std::nullopt);
        }
        // Pending changes: `immutable` would miss them, a normal opening would write. Read a copy.
        TRY_ASSIGN(auto copy, PrivateFolder::make());
        const fs::path database_copy = copy.path() / "database";
        for (const std::string_view suffix : {"", "-wal", "-journal"}) {
            const fs::path source = with_suffix(file, suffix);
            if (!suffix.empty() && !has_content(source)) {
                continue;
            }
            if (const auto found = files::info(source); found && found->size > largest_copy) {
                return fail(Code::unsupported, source.string(), "it is larger than any file of its kind should be");
            }
            const fs::path target = with_suffix(database_copy, suffix);
            TRY(files::copy_file(source, target));
            TRY(check_rollback_journal(target, source));
        }
        auto database = connect(database_copy, "mode=rw");
        database->execAndGet("SELECT count(*) FROM sqlite_schema");
        const std::uint64_t bytes = size_with_companions(database_copy);
        return Reader(std::move(database), uri_of(database_copy, "mode=rw"), bytes, std::move(copy));
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(file, exception));
    }
}

// --- Readable ---

namespace {

/// Byte 18 of the header: who writes to it does so by a write-ahead log.
Result<bool> has_write_ahead_log(const fs::path& file)
{
    std::array<char, 20> header{};
    TRY_ASSIGN(const auto folder, files::Folder::open(file.parent_path()));
    return folder.read(file.filename().string().c_str(), 0, header).map([&](std::size_t) { return header[18] == 2; });
}

/// Is somebody in the middle of changing it? Then a rollback journal is there that is not to be rolled back.
Result<void> check_not_held(const fs::path& file)
try {
    connect(file, "mode=ro")->execAndGet("SELECT count(*) FROM sqlite_schema");
    return {};
} catch (const SQLite::Exception& exception) {
    const Error error = error_of(file, exception);
    return error.code == Code::locked ? tl::unexpected<Error>(error) : Result<void>();
}

}  // namespace

Result<Readable> Readable::find(const fs::path& file)
{
    TRY(check_usable(file));
    TRY_ASSIGN(const bool by_log, has_write_ahead_log(file));
    const bool is_pending = has_content(with_suffix(file, by_log ? "-wal" : "-journal"));
    const std::uint64_t bytes = size_with_companions(file);
    if (!by_log && !is_pending) {
        return Readable(uri_of(file, "mode=ro"), bytes);
    }
    if (!by_log) {
        TRY(check_not_held(file));
    }
    return Reader::open(file).map([&](Reader&& reader) { return Readable({}, bytes, std::move(reader)); });
}

// --- Changing ---

Result<Writer> Writer::open(const fs::path& file)
{
    TRY(check_usable(file));
    try {
        auto database = connect(file, "mode=rw");
        database->exec("PRAGMA synchronous = FULL");
        return Writer(std::move(database), size_with_companions(file));
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(file, exception));
    }
}

Writer::Writer(std::unique_ptr<SQLite::Database> database, std::uint64_t bytes)
    : database_(std::move(database)), limit_(std::make_unique<WorkLimit>(*database_, bytes))
{
}

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
        SQLite::bind(lower, amount, key);
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

/// One literal as SQLite's quote() makes it: NULL, a number, a text in single quotes with those in it doubled, a blob.
/// Its length; 0 if there is none.
std::size_t literal_at_start(std::string_view text)
{
    constexpr auto npos = std::string_view::npos;
    if (text.starts_with("NULL")) {
        return 4;
    }
    const bool is_blob = text.starts_with("X'");
    if (is_blob || text.starts_with("'")) {
        std::size_t end = text.find('\'', is_blob ? 2 : 1);
        while (!is_blob && end != npos && text.substr(end + 1).starts_with('\'')) {
            end = text.find('\'', end + 2);
        }
        const bool is_hexadecimal =
            !is_blob || (end != npos && text.substr(2, end - 2).find_first_not_of("0123456789abcdefABCDEF") == npos);
        return end == npos || !is_hexadecimal ? 0 : end + 1;
    }
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view number = text.substr(0, end);
    const std::string_view digits = number.substr(number.starts_with('-') ? 1 : 0);
    constexpr std::string_view numerals = "0123456789";
    const bool begins_well = !digits.empty() && numerals.find(digits.front()) != npos;
    const std::size_t exponent = std::min(digits.find('e'), digits.size());
    std::string_view power = digits.substr(exponent);
    power.remove_prefix(std::min<std::size_t>(power.size(), 1));
    power.remove_prefix(power.starts_with('+') || power.starts_with('-') ? 1 : 0);
    const bool is_number = begins_well && digits.substr(0, exponent).find_first_not_of("0123456789.") == npos &&
                           (exponent == digits.size() || !power.empty()) && power.find_first_not_of(numerals) == npos;
    return is_number ? end : 0;
}

}  // namespace

bool is_key(std::string_view text)
{
    while (true) {
        const std::size_t length = literal_at_start(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
        if (text.empty()) {
            return true;
        }
        if (!text.starts_with(',')) {
            return false;
        }
        text.remove_prefix(1);
    }
}

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
    if (!is_key(key)) {
        return "0";
    }
    return "(" + joined(columns, ",") + ") = (" + std::string(key) + ")";
}

RowName row_name(SQLite::Database& database, std::string_view schema, std::string_view table)
{
    SQLite::Statement query(database,
                            "SELECT i.name FROM pragma_table_list l JOIN pragma_table_info(l.name, l.schema) i"
                            " WHERE l.schema = ? AND l.name = ? AND l.wr = 1 AND i.pk > 0 ORDER BY i.pk");
    SQLite::bind(query, std::string(schema), std::string(table));
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
    TRY_ASSIGN(auto writer, Writer::open(file));
    SQLite::Database& database = writer.database();
    try {
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        Result<void> result;
        delete_rows(database, file, removal, result);
        lower_totals(database, file, removal, result);
        if (!result) {
            return result;  // and the transaction is rolled back
        }
        transaction.commit();
        writer.empty_log();
        return {};
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(file, exception));
    }
}

}  // namespace unstick::rows
