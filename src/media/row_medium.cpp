// Medium::row: rows of SQLite tables. Each table has a mirror in the journal: the same columns, without types, so that
// every value keeps its own. Rows go from database to database inside SQLite and never through this program. Totals
// that are kept beside rows change in the same transaction as the rows.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <map>
#include <utility>

#include "medium.h"
#include "rows.h"

namespace unstick {

namespace {

/// The profile's database beside the journal's in one connection, as schema `profile`.
class Attached {
public:
    static Result<Attached> attach(SQLite::Database& journal, const fs::path& file)
    {
        return rows::check_usable(file).map([&] {
            SQLite::Statement attach(journal, "ATTACH ? AS profile");
            attach.bind(1, rows::uri_of(file, "mode=rw"));
            attach.exec();
            Attached attached(journal);
            journal.exec("PRAGMA profile.secure_delete = ON; PRAGMA profile.synchronous = FULL");
            return attached;
        });
    }
    Attached(Attached&& other) noexcept : journal_(std::exchange(other.journal_, nullptr)) {}
    Attached& operator=(Attached&&) = delete;
    ~Attached()
    {
        if (journal_ != nullptr) {
            journal_->tryExec("DETACH profile");
        }
    }

private:
    explicit Attached(SQLite::Database& journal) : journal_(&journal) {}
    SQLite::Database* journal_;
};

struct Mirror {
    std::int64_t id = 0;
    std::string table;
    std::string identity;  ///< as Piece::identity
    std::vector<std::string> columns;

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
        "SELECT m.id, m.name, c.name, m.identity FROM mirrors m JOIN mirror_columns c ON c.mirror = m.id"
        " WHERE m.container = ? ORDER BY m.id, c.position");
    query.bind(1, container.id);
    while (query.executeStep()) {
        const std::int64_t id = query.getColumn(0).getInt64();
        if (mirrors.empty() || mirrors.back().id != id) {
            mirrors.push_back({id, query.getColumn(1).getString(), query.getColumn(3).getString(), {}});
        }
        mirrors.back().columns.push_back(query.getColumn(2).getString());
    }
    return mirrors;
}

Mirror make_mirror(Journal& journal, const Container& container, const std::string& table, const std::string& identity)
{
    SQLite::Database& database = journal.database();
    SQLite::Statement insert(database, "INSERT INTO mirrors(container, name, identity) VALUES(?, ?, ?)");
    insert.bind(1, container.id);
    insert.bind(2, table);
    insert.bind(3, identity);
    insert.exec();
    Mirror mirror{database.getLastInsertRowid(), table, identity, {}};
    SQLite::Statement info(database, "SELECT name FROM pragma_table_xinfo(?, 'profile') WHERE hidden = 0 ORDER BY cid");
    info.bind(1, table);
    while (info.executeStep()) {
        SQLite::Statement column(database, "INSERT INTO mirror_columns VALUES(?, ?, ?)");
        column.bind(1, mirror.id);
        column.bind(2, static_cast<int>(mirror.columns.size()));
        column.bind(3, info.getColumn(0).getString());
        column.exec();
        mirror.columns.push_back(info.getColumn(0).getString());
    }
    database.exec("CREATE TABLE " + mirror.name() + "(id INTEGER PRIMARY KEY, item, source_key" +
                  (mirror.columns.empty() ? "" : ", ") + mirror.mirror_list() + ")");
    return mirror;
}

void save_shares(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    SQLite::Statement insert(journal.database(), "INSERT INTO shares VALUES(?, ?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        if (piece->share != 0) {
            insert.reset();
            insert.bind(1, container.id);
            insert.bind(2, item);
            insert.bind(3, piece->table);
            insert.bind(4, piece->key);
            insert.bind(5, piece->share);
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
            statement.bind(1, amount);
            statement.bind(2, total.second);
            statement.exec();
        }
    }
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    const auto attached = Attached::attach(journal.database(), container.path);
    if (!attached) {
        return tl::unexpected<Error>(attached.error());
    }
    using Table = std::pair<std::string, std::string>;  // with the identity of its rows
    std::map<Table, std::vector<PieceOf>> by_table;     // keeps the order of pieces within a table
    std::vector<Table> tables;                          // in the order of the finder: parents before children
    for (const auto& piece : pieces) {
        if (piece.piece->share != 0) {
            continue;
        }
        const Table table{piece.piece->table, piece.piece->identity};
        auto& list = by_table[table];
        if (list.empty()) {
            tables.push_back(table);
        }
        list.push_back(piece);
    }
    SQLite::Transaction transaction(journal.database());
    for (const auto& table : tables) {
        const Mirror mirror = make_mirror(journal, container, table.first, table.second);
        const auto name = rows::row_name(journal.database(), "profile", table.first);
        for (const auto& [item, piece] : by_table[table]) {
            SQLite::Statement copy(journal.database(), "INSERT INTO " + mirror.name() + "(item, source_key, " +
                                                           mirror.mirror_list() + ") SELECT ?, ?, " + mirror.list() +
                                                           " FROM " + mirror.source() + " WHERE " +
                                                           name.condition(piece->key));
            copy.bind(1, item);
            copy.bind(2, piece->key);
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
        condition += (i == 0 ? "" : " AND ") + std::string("s.") + rows::sql_name(mirror.columns[i]) + " IS m.c" +
                     std::to_string(i);
    }
    return "EXISTS(SELECT 1 FROM " + mirror.source() + " s WHERE " + condition + ")";
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

std::string insertion(const Mirror& mirror)
{
    return "INSERT INTO " + mirror.source() + "(" + mirror.list() + ") SELECT " + mirror.mirror_list() + " FROM " +
           mirror.name() + " WHERE id = ?";
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    SQLite::Database& database = journal.database();
    const auto attached = Attached::attach(database, container.path);
    if (!attached) {
        return tl::unexpected<Error>(attached.error());
    }
    PresenceCount count;
    // Inserting and rolling back asks SQLite itself which unique keys are taken. The database file is not written to.
    database.exec("PRAGMA profile.cache_spill = OFF");
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
    const auto attached = Attached::attach(database, container.path);
    if (!attached) {
        return tl::unexpected<Error>(attached.error());
    }
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

}  // namespace

const MediumOps row_medium{save, erase, presence, restore, tidy};

}  // namespace unstick
