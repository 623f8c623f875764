// Medium::pair: keys of LevelDB databases, copied into the journal with their values.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>

#include "medium.h"
#include "pairs.h"
#include "replace_folder.h"
#include "rows.h"

namespace unstick {

namespace {

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    const auto database = pairs::Reader::open(container.path);
    if (!database) {
        return tl::unexpected<Error>(database.error());
    }
    SQLite::Statement insert(journal.database(), "INSERT INTO pairs VALUES(?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const auto value = database->get(piece->key);
        if (!value) {
            return fail(value.error().code == Code::not_found ? Code::changed : value.error().code,
                        container.path.string(), "an entry cannot be read any more", "run unstick again");
        }
        insert.reset();
        insert.bind(1, container.id);
        insert.bind(2, item);
        rows::bind_blob(insert, 3, piece->key);
        rows::bind_blob(insert, 4, *value);
        insert.exec();
    }
    return {};
}

Result<void> replace_by(const Container& container, const std::vector<std::string>& drop,
                        const std::vector<pairs::Pair>& add, HeldLocks& locks)
{
    auto lock = pairs::rewrite(container.path, drop, add);
    if (!lock) {
        return tl::unexpected<Error>(lock.error());
    }
    locks.push_back(std::move(*lock));
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks)
{
    std::vector<std::string> keys;
    SQLite::Statement query(journal.database(), "SELECT DISTINCT key FROM pairs WHERE container = ? ORDER BY key");
    query.bind(1, container.id);
    while (query.executeStep()) {
        keys.push_back(rows::blob_of(query.getColumn(0)));
    }
    return replace_by(container, keys, {}, locks);
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    const auto database = pairs::Reader::open(container.path);
    if (!database) {
        return tl::unexpected<Error>(database.error());
    }
    PresenceCount count;
    SQLite::Statement query(journal.database(), "SELECT item, key, value FROM pairs WHERE container = ?");
    query.bind(1, container.id);
    while (query.executeStep()) {
        const auto value = database->get(rows::blob_of(query.getColumn(1)));
        if (!value && value.error().code != Code::not_found) {
            return tl::unexpected<Error>(value.error());
        }
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
    return add.empty() ? Result<void>() : replace_by(container, {}, add, locks);
}

void tidy(Journal&, const Container& container)
{
    tidy_replaced(container.path);
}

}  // namespace

const MediumOps pair_medium{save, erase, presence, restore, tidy};

}  // namespace unstick
