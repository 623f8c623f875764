// Medium::row: rows of SQLite tables. Each table has a mirror in the journal: the same columns, without types, so that
// every value keeps its own. Rows go from database to database inside SQLite and never through this program. Totals
// that are kept beside rows change in the same transaction as the rows.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <SQLiteCpp/VariadicBind.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <utility>

#include "containers/sqlite/database.h"
#include "journal/medium.h"

namespace unstick {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE mirrors(id INTEGER PRIMARY KEY, container INTEGER, name TEXT, identity TEXT);
    CREATE TABLE mirror_columns(mirror INTEGER, position INTEGER, name TEXT);
    CREATE TABLE shares(container INTEGER, item INTEGER, name TEXT, key TEXT, amount INTEGER);
)sql";

/// In mirror_columns: no column of the mirror, but which one is Piece::free_number. Journals before have none.
constexpr int number_position = -1;

/// The profile's database beside the journal's in one connection, as schema `profile`.
class Attached {
public:
    static Result<Attached> attach(SQLite::Database& journal, const fs::path& file)
    {
        return rows::check_usable(file).map([&] {
            Attached attached(journal, rows::uri_of(file, "mode=rw"), rows::size_with_companions(file));
            journal.exec("PRAGMA profile.secure_delete = ON; PRAGMA profile.synchronous = FULL");
            return attached;
        });
    }
    /// Only to read, which leaves no trace: an opening that may write moves a write-ahead log into the database.
    static Attached attach(SQLite::Database& journal, const rows::Readable& readable)
    {
        return Attached(journal, readable.uri(), readable.bytes());
    }
    Attached(Attached&& other) noexcept
        : journal_(std::exchange(other.journal_, nullptr)), limit_(std::move(other.limit_))
    {
    }
    Attached& operator=(Attached&&) = delete;
    ~Attached()
    {
        if (journal_ != nullptr) {
            journal_->tryExec("DETACH profile");
        }
    }

private:
    /// Each row of the journal may be compared with each of the profile: not all tables have an index for that.
    Attached(SQLite::Database& journal, const std::string& uri, std::uint64_t bytes) : journal_(&journal)
    {
        const auto pages = static_cast<std::uint64_t>(journal.execAndGet("PRAGMA main.page_count").getInt64());
        limit_ = std::make_unique<rows::WorkLimit>(journal, (bytes + 1) * (1 + 2 * pages));
        SQLite::Statement attach(journal, "ATTACH ? AS profile");
        attach.bind(1, uri);
        attach.exec();
    }
    SQLite::Database* journal_;
    std::unique_ptr<rows::WorkLimit> limit_;
};

struct Mirror {
    std::int64_t id = 0;
    std::string table;
    std::string identity;  ///< as Piece::natural_key
    std::vector<std::string> columns;
    std::string free_number = {};  ///< as Piece::free_number; one of `columns`

    std::string name() const { return "main." + rows::sql_name("mirror_" + std::to_string(id)); }
    std::string source() const { return "profile." + rows::sql_name(table); }
    /// "a", "b" - the real names; `prefix` is put before each.
    std::string list(std::string_view prefix = "") const
    {
        std::string text;
        for (const auto& column : columns) {
            text += (text.empty() ? "" : ", ") + std::string(prefix) + rows::sql_name(column);
        }
        return text;
    }
    /// c0, c1 - the mirror's names.
    std::string mirror_list(std::string_view prefix = "") const
    {
        std::string text;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            text += (text.empty() ? "" : ", ") + std::string(prefix) + "c" + std::to_string(i);
        }
        return text;
    }
};

std::vector<Mirror> mirrors_of(Journal& journal, const Container& container)
{
    std::vector<Mirror> mirrors;
    SQLite::Statement query(
        journal.database(),
        "SELECT m.id, m.name, c.name, m.identity, c.position FROM mirrors m JOIN mirror_columns c ON c.mirror = m.id"
        " WHERE m.container = ? ORDER BY m.id, c.position");
    query.bind(1, container.id);
    while (query.executeStep()) {
        const std::int64_t id = query.getColumn(0).getInt64();
        if (mirrors.empty() || mirrors.back().id != id) {
            mirrors.push_back({id, query.getColumn(1).getString(), query.getColumn(3).getString(), {}});
        }
        if (query.getColumn(4).getInt() == number_position) {
            mirrors.back().free_number = query.getColumn(2).getString();
        } else {
            mirrors.back().columns.push_back(query.getColumn(2).getString());
        }
    }
    return mirrors;
}

/// Rows of one table that are saved and put back in the same way.
struct Table {
    std::string name;
    std::string identity;     ///< as Piece::natural_key
    std::string free_number;  ///< as Piece::free_number

    friend auto operator<=>(const Table&, const Table&) = default;
};

Mirror make_mirror(Journal& journal, const Container& container, const Table& table)
{
    SQLite::Database& database = journal.database();
    SQLite::Statement insert(database, "INSERT INTO mirrors(container, name, identity) VALUES(?, ?, ?)");
    SQLite::bind(insert, container.id, table.name, table.identity);
    insert.exec();
    Mirror mirror{database.getLastInsertRowid(), table.name, table.identity, {}, table.free_number};
    const auto note = [&](int position, const std::string& name) {
        SQLite::Statement column(database, "INSERT INTO mirror_columns VALUES(?, ?, ?)");
        SQLite::bind(column, mirror.id, position, name);
        column.exec();
    };
    SQLite::Statement info(database, "SELECT name FROM pragma_table_xinfo(?, 'profile') WHERE hidden = 0 ORDER BY cid");
    info.bind(1, table.name);
    while (info.executeStep()) {
        note(static_cast<int>(mirror.columns.size()), info.getColumn(0).getString());
        mirror.columns.push_back(info.getColumn(0).getString());
    }
    if (!mirror.free_number.empty()) {
        note(number_position, mirror.free_number);
    }
    database.exec("CREATE TABLE " + mirror.name() + "(id INTEGER PRIMARY KEY, item, source_key" +
                  (mirror.columns.empty() ? "" : ", ") + mirror.mirror_list() + ")");
    return mirror;
}

void save_shares(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    SQLite::Statement insert(journal.database(), "INSERT INTO shares VALUES(?, ?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        if (piece->counter_delta != 0) {
            insert.reset();
            SQLite::bind(insert, container.id, item, piece->table, piece->key, piece->counter_delta);
            insert.exec();
        }
    }
}

/// What the items add to each total of a database.
std::map<rows::Removal::Total, std::int64_t> shares_of(Journal& journal, const Container& container,
                                                       const std::set<ItemId>& items)
{
    std::map<rows::Removal::Total, std::int64_t> shares;
    SQLite::Statement query(journal.database(), "SELECT item, name, key, amount FROM shares WHERE container = ?");
    query.bind(1, container.id);
    while (query.executeStep()) {
        if (items.contains(query.getColumn(0).getInt64())) {
            shares[{query.getColumn(1).getString(), query.getColumn(2).getString()}] += query.getColumn(3).getInt64();
        }
    }
    return shares;
}

/// A total that is not there any more starts anew.
void raise_totals(SQLite::Database& database, const std::map<rows::Removal::Total, std::int64_t>& shares)
{
    for (const auto& [total, amount] : shares) {
        const std::string table = "profile." + rows::sql_name(total.first);
        for (const std::string& sql : {"INSERT INTO " + table + "(key, value) SELECT ?2, 0" +
                                           " WHERE NOT EXISTS(SELECT 1 FROM " + table + " WHERE key = ?2)",
                                       "UPDATE " + table + " SET value = CAST(value AS INTEGER) + ?1 WHERE key = ?2"}) {
            SQLite::Statement statement(database, sql);
            SQLite::bind(statement, amount, total.second);
            statement.exec();
        }
    }
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    TRY_ASSIGN(const auto readable, rows::Readable::find(container.path));
    const auto attached = Attached::attach(journal.database(), readable);
    std::map<Table, std::vector<PieceOf>> by_table;  // keeps the order of pieces within a table
    std::vector<Table> tables;                       // in the order of the finder: parents before children
    for (const auto& piece : pieces) {
        if (piece.piece->counter_delta != 0) {
            continue;
        }
        const Table table{piece.piece->table, piece.piece->natural_key, piece.piece->free_number};
        auto& list = by_table[table];
        if (list.empty()) {
            tables.push_back(table);
        }
        list.push_back(piece);
    }
    SQLite::Transaction transaction(journal.database());
    for (const auto& table : tables) {
        const Mirror mirror = make_mirror(journal, container, table);
        const auto name = rows::row_name(journal.database(), "profile", table.name);
        for (const auto& [item, piece] : by_table[table]) {
            SQLite::Statement copy(journal.database(), "INSERT INTO " + mirror.name() + "(item, source_key, " +
                                                           mirror.mirror_list() + ") SELECT ?, ?, " + mirror.list() +
                                                           " FROM " + mirror.source() + " WHERE " +
                                                           name.condition(piece->key));
            SQLite::bind(copy, item, piece->key);
            if (copy.exec() != 1) {
                return fail(Code::changed, container.path.string(), "a row is not there any more", "run unstick again");
            }
        }
    }
    save_shares(journal, container, pieces);
    transaction.commit();
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    rows::Removal removal;
    for (const Mirror& mirror : mirrors_of(journal, container)) {
        SQLite::Statement query(journal.database(), "SELECT DISTINCT source_key FROM " + mirror.name());
        while (query.executeStep()) {
            removal.rows[mirror.table].push_back(query.getColumn(0).getString());
        }
    }
    removal.shares = shares_of(journal, container, journal.items_of(container));
    return rows::erase(container.path, removal);
}

/// The rows of a mirror that are in the profile unchanged.
std::string unchanged_condition(const Mirror& mirror)
{
    std::string condition;
    for (std::size_t i = 0; i < mirror.columns.size(); ++i) {
        if (mirror.columns[i] != mirror.free_number) {
            condition += " AND s." + rows::sql_name(mirror.columns[i]) + " IS m.c" + std::to_string(i);
        }
    }
    return "EXISTS(SELECT 1 FROM " + mirror.source() + " s WHERE 1" + condition + ")";
}

/// Is there another row in the profile that is the same thing?
std::string taken_condition(const Mirror& mirror)
{
    if (mirror.identity.empty()) {
        return "0";
    }
    std::string condition;
    for (std::size_t i = 0; i < mirror.columns.size(); ++i) {
        if (("," + mirror.identity + ",").find("," + mirror.columns[i] + ",") != std::string::npos) {
            condition += " AND s." + rows::sql_name(mirror.columns[i]) + " IS m.c" + std::to_string(i);
        }
    }
    return "EXISTS(SELECT 1 FROM " + mirror.source() + " s WHERE 1" + condition + ")";
}

/// Inserts a row of the mirror, named by its number there. What only numbers the row is NULL if it is taken: SQLite
/// chooses another one then.
std::string insertion(const Mirror& mirror)
{
    std::string values;
    for (std::size_t i = 0; i < mirror.columns.size(); ++i) {
        const std::string value = "m.c" + std::to_string(i);
        const std::string if_free = "CASE WHEN EXISTS(SELECT 1 FROM " + mirror.source() + " s WHERE s." +
                                    rows::sql_name(mirror.columns[i]) + " = " + value + ") THEN NULL ELSE " + value +
                                    " END";
        values += (i == 0 ? "" : ", ") + (mirror.columns[i] == mirror.free_number ? if_free : value);
    }
    return "INSERT INTO " + mirror.source() + "(" + mirror.list() + ") SELECT " + values + " FROM " + mirror.name() +
           " m WHERE m.id = ?";
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    SQLite::Database& database = journal.database();
    TRY_ASSIGN(const auto attached, Attached::attach(database, container.path));
    PresenceCount count;
    // Inserting and rolling back asks SQLite itself which unique keys are taken. No file is written to.
    database.exec("PRAGMA profile.cache_spill = OFF");
    if (database.execAndGet("PRAGMA profile.journal_mode").getString() == "delete") {
        database.exec("PRAGMA profile.journal_mode = MEMORY");
    }
    SQLite::Transaction rolled_back(database);
    for (const Mirror& mirror : mirrors_of(journal, container)) {
        struct Absent {
            std::int64_t id;
            ItemId item;
        };
        std::vector<Absent> absent;  // all are looked for before one is inserted: they may be like each other
        SQLite::Statement query(database, "SELECT id, item, " + unchanged_condition(mirror) + ", " +
                                              taken_condition(mirror) + " FROM " + mirror.name() + " m");
        while (query.executeStep()) {
            const ItemId item = query.getColumn(1).getInt64();
            if (query.getColumn(2).getInt() != 0) {
                count.add(item, PieceState::same);
            } else if (query.getColumn(3).getInt() != 0) {
                count.add(item, PieceState::taken);
            } else {
                absent.push_back({query.getColumn(0).getInt64(), item});
            }
        }
        SQLite::Statement insert(database, insertion(mirror));
        for (const auto& [id, item] : absent) {
            insert.tryReset();  // reset() would report the failure of the row before
            insert.bind(1, id);
            const int code = insert.tryExecuteStep();
            if (code != SQLITE_CONSTRAINT && code != SQLITE_DONE) {
                // Not only unknown: SQLite may have ended the transaction, and a further insertion would be for good.
                throw SQLite::Exception(database.getHandle(), code);
            }
            count.add(item, code == SQLITE_DONE ? PieceState::free : PieceState::taken);
        }
    }
    return count.result();
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    SQLite::Database& database = journal.database();
    TRY_ASSIGN(const auto attached, Attached::attach(database, container.path));
    SQLite::Transaction transaction(database);
    std::set<ItemId> restored;
    for (const Mirror& mirror : mirrors_of(journal, container)) {
        SQLite::Statement insert(database, insertion(mirror));
        SQLite::Statement query(database, "SELECT id, item FROM " + mirror.name() + " m WHERE NOT " +
                                              unchanged_condition(mirror) + " ORDER BY id");
        while (query.executeStep()) {
            if (items.contains(query.getColumn(1).getInt64())) {
                insert.reset();
                insert.bind(1, query.getColumn(0).getInt64());
                insert.exec();
                restored.insert(query.getColumn(1).getInt64());
            }
        }
    }
    // Not for items whose rows never went: their shares did not go either.
    raise_totals(database, shares_of(journal, container, restored));
    transaction.commit();
    return {};
}

/// SQLite tidies up by itself: the next opening rolls a half-done transaction back.
void tidy(Journal&, const Container&) {}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    for (const Mirror& mirror : mirrors_of(journal, container)) {
        const std::string query = "SELECT item, '" + std::to_string(mirror.id) + "/' || id, source_key, " +
                                  mirror.mirror_list() + " FROM " + mirror.name() + " WHERE ? IS NOT NULL";
        stored_pieces::each_row(journal, container, query, each);
    }
    stored_pieces::each_row(journal, container,
                            "SELECT item, 'share/' || rowid, name, key, amount FROM shares WHERE container = ?", each);
}

/// The columns in which no two rows of a mirror's table are alike: those of its identity, of its primary key, of each
/// unique index.
std::vector<std::vector<std::string>> unique_columns(SQLite::Database& database, const Mirror& mirror)
{
    std::vector<std::vector<std::string>> all;
    const auto names = [&](const char* sql, const std::string& name) {
        SQLite::Statement query(database, sql);
        query.bind(1, name);
        std::vector<std::string> columns;
        while (query.executeStep()) {
            columns.push_back(query.getColumn(0).getString());
        }
        return columns;
    };
    all.push_back(names("SELECT name FROM pragma_table_info(?, 'profile') WHERE pk > 0", mirror.table));
    for (const std::string& index :
         names("SELECT name FROM pragma_index_list(?, 'profile') WHERE \"unique\" = 1 AND partial = 0", mirror.table)) {
        all.push_back(names("SELECT name FROM pragma_index_info(?, 'profile') WHERE name IS NOT NULL", index));
    }
    std::vector<std::string> identity;
    for (const std::string& column : mirror.columns) {
        if (("," + mirror.identity + ",").find("," + column + ",") != std::string::npos) {
            identity.push_back(column);
        }
    }
    all.push_back(std::move(identity));
    // A number says nothing of the row.
    std::erase_if(all, [&](const auto& columns) {
        return columns.empty() || std::find(columns.begin(), columns.end(), mirror.free_number) != columns.end();
    });
    return all;
}

/// Rows of the profile that are like one of the mirror in these columns, but not the same, each with the item whose
/// place it has taken.
void add_newer(Journal& journal, const Container& container, const Mirror& mirror,
               const std::vector<std::string>& columns, const std::set<ItemId>& items, std::vector<Newer>& found)
{
    std::string condition;
    for (std::size_t i = 0; i < mirror.columns.size(); ++i) {
        if (std::find(columns.begin(), columns.end(), mirror.columns[i]) != columns.end()) {
            condition += " AND " + rows::sql_name(mirror.columns[i]) + " IS (SELECT c" + std::to_string(i) + " FROM " +
                         mirror.name() + " WHERE id = ?1)";
        }
    }
    const auto name = rows::row_name(journal.database(), "profile", mirror.table);
    SQLite::Statement find(journal.database(), "SELECT " + name.key_expression() + " FROM " + mirror.source() +
                                                   " WHERE ?1 IS NOT NULL" + condition);
    SQLite::Statement query(journal.database(),
                            "SELECT id, item FROM " + mirror.name() + " m WHERE NOT " + unchanged_condition(mirror));
    while (query.executeStep()) {
        const ItemId item = query.getColumn(1).getInt64();
        if (!items.contains(item)) {
            continue;
        }
        find.reset();
        find.bind(1, query.getColumn(0).getInt64());
        while (find.executeStep()) {
            const std::string key = find.getColumn(0).getString();
            found.push_back({item, {Medium::row, container.path.string(), mirror.table, key}});
        }
    }
}

/// Not of items that add to a total: what the newer rows add to it is not known.
Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    TRY_ASSIGN(const auto attached, Attached::attach(journal.database(), container.path));
    std::set<ItemId> without_share = items;
    SQLite::Statement shares(journal.database(), "SELECT item FROM shares WHERE container = ?");
    shares.bind(1, container.id);
    while (shares.executeStep()) {
        without_share.erase(shares.getColumn(0).getInt64());
    }
    std::vector<Newer> found;
    for (const Mirror& mirror : mirrors_of(journal, container)) {
        for (const auto& columns : unique_columns(journal.database(), mirror)) {
            add_newer(journal, container, mirror, columns, without_share, found);
        }
    }
    return found;
}

}  // namespace

extern const MediumOps sqlite_row_medium{
    .name = Medium::row.name,
    .order = 30,
    .schema = schema,
    .save = save,
    .erase = erase,
    .presence = presence,
    .restore = restore,
    .tidy = tidy,
    .stored = stored,
    .newer = newer,
    .places = {"mirrors", "mirror_columns"},
};

}  // namespace unstick
