// Medium::plist: members of dictionaries in property lists, copied into the journal as property lists of their own. A
// change writes the whole file anew, in one step.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include "containers/property_list.h"
#include "containers/sqlite/database.h"
#include "containers/sqlite/query.h"
#include "journal/medium.h"
#include "platform/files.h"

namespace unstick {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE plist_members(container INTEGER, item INTEGER, dictionary TEXT, name TEXT, value BLOB);
)sql";

/// A piece in the journal.
struct Saved {
    ItemId item = 0;
    std::string dictionary;
    std::string name;
    std::string value;
};

std::vector<Saved> saved_of(Journal& journal, const Container& container)
{
    const auto saved = [](SQLite::Statement& row) {
        return Saved{row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getString(),
                     rows::blob_of(row.getColumn(3))};
    };
    return rows::list(journal.database(),
                      "SELECT item, dictionary, name, value FROM plist_members WHERE container = ? ORDER BY rowid",
                      saved, container.id);
}

tl::unexpected<Error> changed(const Container& container)
{
    return fail(Code::changed, container.path.string(), "an entry is not what it was any more", "run unstick again");
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    TRY_ASSIGN(const auto list, PropertyList::read(container.path));
    SQLite::Statement insert(journal.database(), "INSERT INTO plist_members VALUES(?, ?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const auto value = list.value(piece->table, piece->key);
        if (!value) {
            return changed(container);
        }
        insert.reset();
        SQLite::bind(insert, container.id, item, piece->table, piece->key);
        rows::bind_blob(insert, 5, *value);
        insert.exec();
    }
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    TRY_ASSIGN(auto list, PropertyList::read(container.path));
    for (const Saved& saved : saved_of(journal, container)) {
        if (list.value(saved.dictionary, saved.name) != saved.value) {
            return changed(container);
        }
        list.take(saved.dictionary, saved.name);
    }
    return list.write(container.path);
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    TRY_ASSIGN(auto list, PropertyList::read(container.path));
    PresenceCount count;
    for (const Saved& saved : saved_of(journal, container)) {
        const auto now = list.value(saved.dictionary, saved.name);
        // This copy of the list is never written.
        const bool is_free = !now && list.put(saved.dictionary, saved.name, saved.value);
        count.add(saved.item, is_free ? PieceState::free : now == saved.value ? PieceState::same : PieceState::taken);
    }
    return count.result();
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    TRY_ASSIGN(auto list, PropertyList::read(container.path));
    bool is_new = false;
    for (const Saved& saved : saved_of(journal, container)) {
        if (!items.contains(saved.item) || list.value(saved.dictionary, saved.name) == saved.value) {
            continue;
        }
        if (!list.put(saved.dictionary, saved.name, saved.value)) {
            return fail(Code::exists, container.path.string(), "something else has taken the place of an entry");
        }
        is_new = true;
    }
    return is_new ? list.write(container.path) : Result<void>();
}

void tidy(Journal&, const Container& container)
{
    files::tidy_beside(container.path);
}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    stored_pieces::each_row(journal, container,
                            "SELECT item, rowid, dictionary, name, value FROM plist_members WHERE container = ?", each);
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    TRY_ASSIGN(const auto list, PropertyList::read(container.path));
    std::vector<Newer> found;
    for (const Saved& saved : saved_of(journal, container)) {
        const auto now = list.value(saved.dictionary, saved.name);
        if (items.contains(saved.item) && now && *now != saved.value) {
            found.push_back({saved.item, {Medium::plist, container.path.string(), saved.dictionary, saved.name}});
        }
    }
    return found;
}

}  // namespace

extern const MediumOps plist_medium{
    .name = Medium::plist.name,
    .order = 70,
    .schema = schema,
    .save = save,
    .erase = erase,
    .presence = presence,
    .restore = restore,
    .tidy = tidy,
    .stored = stored,
    .newer = newer,
};

}  // namespace unstick
