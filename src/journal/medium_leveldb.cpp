// Medium::pair: keys of LevelDB databases, copied into the journal with their values.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <algorithm>

#include "containers/leveldb/database.h"
#include "containers/sqlite/database.h"
#include "journal/medium.h"
#include "journal/replacements.h"

namespace unstick {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE pairs(container INTEGER, item INTEGER, key BLOB, value BLOB);
    CREATE TABLE former_pairs(container INTEGER, first BLOB, end BLOB);
)sql";

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    TRY_ASSIGN(const auto database, pairs::Reader::open(container.path));
    SQLite::Statement insert(journal.database(), "INSERT INTO pairs VALUES(?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const auto value = database.get(piece->key);
        if (!value) {
            return fail(value.error().code == Code::not_found ? Code::changed : value.error().code,
                        container.path.string(), "an entry cannot be read any more", "run unstick again");
        }
        insert.reset();
        SQLite::bind(insert, container.id, item);
        rows::bind_blob(insert, 3, piece->key);
        rows::bind_blob(insert, 4, *value);
        insert.exec();
    }
    return {};
}

/// Keys of which all versions go. Journals of 0.1.0 know of none.
Result<void> save_former(Journal& journal, const Container& container, std::span<const FormerKeys> former)
{
    SQLite::Statement insert(journal.database(), "INSERT INTO former_pairs VALUES(?, ?, ?)");
    for (const FormerKeys& keys : former) {
        if (keys.container == container.path.string()) {
            insert.reset();
            SQLite::bind(insert, container.id);
            rows::bind_blob(insert, 2, keys.first);
            rows::bind_blob(insert, 3, keys.end);
            insert.exec();
        }
    }
    return {};
}

std::vector<pairs::KeyRange> former_of(Journal& journal, const Container& container)
{
    std::vector<pairs::KeyRange> ranges;
    if (journal.database().tableExists("former_pairs")) {
        SQLite::Statement query(journal.database(), "SELECT first, end FROM former_pairs WHERE container = ?");
        query.bind(1, container.id);
        while (query.executeStep()) {
            ranges.push_back({rows::blob_of(query.getColumn(0)), rows::blob_of(query.getColumn(1))});
        }
    }
    return ranges;
}

Result<void> hold(const Container& container, Result<files::Lock> lock, HeldLocks& locks)
{
    if (!lock) {
        return tl::unexpected<Error>(lock.error());
    }
    locks.insert_or_assign(container.path / "LOCK", std::move(*lock));
    return {};
}

/// Where it is not known whose the keys are that are not live any more (tabs' storage, service workers, records that
/// hosts are named in by hashes), nothing but what is live may stay. Those databases are small.
Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks)
{
    std::vector<std::string> keys;
    SQLite::Statement query(journal.database(), "SELECT DISTINCT key FROM pairs WHERE container = ? ORDER BY key");
    query.bind(1, container.id);
    while (query.executeStep()) {
        keys.push_back(rows::blob_of(query.getColumn(0)));
    }
    const auto former = former_of(journal, container);
    const Replacing replacing = replacements::noted(journal, container, locks);
    return hold(container,
                former.empty() ? pairs::rewrite(container.path, keys, {}, replacing)
                               : pairs::change(container.path, keys, {}, former, replacing),
                locks);
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    TRY_ASSIGN(const auto database, pairs::Reader::open(container.path));
    PresenceCount count;
    SQLite::Statement query(journal.database(), "SELECT item, key, value FROM pairs WHERE container = ?");
    query.bind(1, container.id);
    while (query.executeStep()) {
        TRY_ASSIGN(const auto value, if_there(database.get(rows::blob_of(query.getColumn(1)))));
        const bool is_same = value && *value == rows::blob_of(query.getColumn(2));
        count.add(query.getColumn(0).getInt64(), !value    ? PieceState::free
                                                 : is_same ? PieceState::same
                                                           : PieceState::taken);
    }
    return count.result();
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks)
{
    std::vector<pairs::Pair> add;
    SQLite::Statement query(journal.database(), "SELECT item, key, value FROM pairs WHERE container = ? ORDER BY key");
    query.bind(1, container.id);
    while (query.executeStep()) {
        if (items.contains(query.getColumn(0).getInt64())) {
            add.emplace_back(rows::blob_of(query.getColumn(1)), rows::blob_of(query.getColumn(2)));
        }
    }
    if (add.empty()) {
        return {};
    }
    return hold(container, pairs::change(container.path, {}, add, {}, replacements::noted(journal, container, locks)),
                locks);
}

void tidy(Journal&, const Container&) {}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    stored_pieces::each_row(journal, container, "SELECT item, rowid, key, value FROM pairs WHERE container = ?", each);
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    TRY_ASSIGN(const auto database, pairs::Reader::open(container.path));
    std::vector<Newer> found;
    SQLite::Statement query(journal.database(), "SELECT item, key, value FROM pairs WHERE container = ?");
    query.bind(1, container.id);
    while (query.executeStep()) {
        const ItemId item = query.getColumn(0).getInt64();
        const std::string key = rows::blob_of(query.getColumn(1));
        const auto value = database.get(key);
        if (items.contains(item) && value && *value != rows::blob_of(query.getColumn(2))) {
            found.push_back({item, {Medium::pair, container.path.string(), {}, key}});
        }
    }
    return found;
}

}  // namespace

extern const MediumOps leveldb_medium{
    .name = Medium::pair.name,
    .order = 20,
    .schema = schema,
    .save = save,
    .erase = erase,
    .presence = presence,
    .restore = restore,
    .tidy = tidy,
    .stored = stored,
    .newer = newer,
    .replaces_folder = true,
    .save_former = save_former,
};

}  // namespace unstick
