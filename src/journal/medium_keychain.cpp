// Medium::keychain: internet passwords of macOS. What macOS does not let us read could not be put back: it is not
// removed (Code::denied).

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <algorithm>

#include "containers/keychain.h"
#include "containers/sqlite/database.h"
#include "containers/sqlite/query.h"
#include "journal/medium.h"

namespace unstick {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE keychain_entries(container INTEGER, item INTEGER, attributes TEXT, password BLOB);
)sql";

using keychain::Entry;

/// An entry in the journal.
struct Saved {
    ItemId item = 0;
    Entry entry;
    std::string password;
};

std::vector<Saved> saved_of(Journal& journal, const Container& container)
{
    const auto saved = [](SQLite::Statement& row) {
        return Saved{row.getColumn(0).getInt64(), Entry(row.getColumn(1).getString()), rows::blob_of(row.getColumn(2))};
    };
    return rows::list(journal.database(),
                      "SELECT item, attributes, password FROM keychain_entries WHERE container = ? ORDER BY rowid",
                      saved, container.id);
}

/// The entry that is there under the same primary key.
const Entry* same_key(const std::vector<Entry>& entries, const std::string& key)
{
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.primary_key() == key; });
    return found == entries.end() ? nullptr : &*found;
}

Result<std::vector<Entry>> list(Journal& journal, const Container& container)
{
    if (journal.host() == nullptr) {
        return fail(Code::unsupported, container.path.string(), "nobody can be asked about this keychain");
    }
    return keychain::list(*journal.host(), container.path);
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    TRY_ASSIGN(const auto entries, list(journal, container));
    std::vector<Saved> all;  // before any is written down: one that may not be read leaves none behind
    for (const auto& [item, piece] : pieces) {
        const Entry* entry = same_key(entries, piece->key);
        if (entry == nullptr) {
            return fail(Code::changed, container.path.string(), "a saved sign-in is not there any more",
                        "run unstick again");
        }
        auto password = keychain::read_password(*journal.host(), container.path, *entry);
        TRY_ASSIGN(const auto line, password.and_then([&](const std::string& known) {
            return keychain::line_to_add(container.path, *entry, known);
        }));
        all.push_back({item, *entry, std::move(*password)});
    }
    SQLite::Statement insert(journal.database(), "INSERT INTO keychain_entries VALUES(?, ?, ?, ?)");
    for (const Saved& one : all) {
        insert.reset();
        SQLite::bind(insert, container.id, one.item, one.entry.lines());
        rows::bind_blob(insert, 4, one.password);
        insert.exec();
    }
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    TRY_ASSIGN(const auto entries, list(journal, container));
    for (const Saved& saved : saved_of(journal, container)) {
        const Entry* now = same_key(entries, saved.entry.primary_key());
        if (now == nullptr) {
            continue;  // a run that was cut off had it removed
        }
        if (now->lines() != saved.entry.lines()) {
            return fail(Code::changed, container.path.string(), "a saved sign-in is not what it was any more",
                        "run unstick again");
        }
        TRY(keychain::remove(*journal.host(), container.path, saved.entry));
    }
    return {};
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    TRY_ASSIGN(const auto entries, list(journal, container));
    Presence presence;
    for (const Saved& saved : saved_of(journal, container)) {
        const Entry* now = same_key(entries, saved.entry.primary_key());
        if (now != nullptr) {
            (now->lines() == saved.entry.lines() ? presence.in_place : presence.came_back).insert(saved.item);
        }
    }
    return presence;
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    TRY_ASSIGN(const auto entries, list(journal, container));
    for (const Saved& saved : saved_of(journal, container)) {
        if (!items.contains(saved.item) || same_key(entries, saved.entry.primary_key()) != nullptr) {
            continue;
        }
        const auto line = keychain::line_to_add(container.path, saved.entry, saved.password);
        TRY(line.and_then(
            [&](const std::string& known) { return keychain::add(*journal.host(), container.path, known); }));
    }
    // The tool may have failed without saying so.
    TRY_ASSIGN(const auto after, list(journal, container));
    for (const Saved& saved : saved_of(journal, container)) {
        if (items.contains(saved.item) && same_key(after, saved.entry.primary_key()) == nullptr) {
            return fail(Code::io, container.path.string(), "a saved sign-in could not be put back");
        }
    }
    return {};
}

void tidy(Journal&, const Container&) {}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    stored_pieces::each_row(journal, container,
                            "SELECT item, rowid, attributes, password FROM keychain_entries WHERE container = ?", each);
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    TRY_ASSIGN(const auto entries, list(journal, container));
    std::vector<Newer> found;
    for (const Saved& saved : saved_of(journal, container)) {
        const std::string key = saved.entry.primary_key();
        const Entry* now = same_key(entries, key);
        if (items.contains(saved.item) && now != nullptr && now->lines() != saved.entry.lines()) {
            found.push_back({saved.item, {Medium::keychain, container.path.string(), {}, key}});
        }
    }
    return found;
}

}  // namespace

extern const MediumOps keychain_medium{
    .name = Medium::keychain.name,
    .order = 80,
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
