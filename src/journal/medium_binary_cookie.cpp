// Medium::record: cookies of a Safari jar, copied into the journal as they are; the jar is replaced as a whole.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <map>
#include <string_view>

#include "containers/binary_cookies_file.h"
#include "containers/sqlite/database.h"
#include "journal/medium.h"

namespace unstick {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE records(container INTEGER, item INTEGER, bytes BLOB);
)sql";

using binary_cookies::Jar;
using binary_cookies::Record;

/// A record in the journal.
struct Saved {
    ItemId item = 0;
    Record record;
};

Result<std::vector<Saved>> saved_of(Journal& journal, const Container& container)
{
    std::vector<Saved> saved;
    SQLite::Statement query(journal.database(), "SELECT item, bytes FROM records WHERE container = ? ORDER BY rowid");
    query.bind(1, container.id);
    while (query.executeStep()) {
        const SQLite::Column bytes = query.getColumn(1);
        auto record = binary_cookies::parse_record(
            {static_cast<const char*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes())});
        if (!record) {
            record.error().where = journal.folder().string();
            return tl::unexpected<Error>(std::move(record.error()));
        }
        saved.push_back({query.getColumn(0).getInt64(), std::move(*record)});
    }
    return saved;
}

using Bytes = std::set<std::string_view>;

Bytes bytes_of(const std::vector<Saved>& saved)
{
    Bytes all;
    for (const Saved& one : saved) {
        all.insert(one.record.bytes);
    }
    return all;
}

/// Those of the saved records that are in the jar just so.
Bytes bytes_in(const Jar& jar, const std::vector<Saved>& saved)
{
    const Bytes all = bytes_of(saved);
    Bytes there;
    for (const auto& page : jar.pages) {
        for (const Record& record : page) {
            if (const auto found = all.find(record.bytes); found != all.end()) {
                there.insert(*found);
            }
        }
    }
    return there;
}

/// The records of these keys. Most of a jar is not asked for.
std::map<std::string, const Record*> by_key(const Jar& jar, const std::set<std::string_view>& keys)
{
    std::map<std::string, const Record*> records;
    for (const auto& page : jar.pages) {
        for (const Record& record : page) {
            if (std::string key = jars::key_of(record); keys.contains(key)) {
                records.emplace(std::move(key), &record);
            }
        }
    }
    return records;
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    TRY_ASSIGN(const auto jar, jars::read(container.path));
    std::set<std::string_view> keys;
    for (const auto& [item, piece] : pieces) {
        keys.insert(piece->key);
    }
    const auto records = by_key(jar, keys);
    SQLite::Statement insert(journal.database(), "INSERT INTO records VALUES(?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const auto record = records.find(piece->key);
        if (record == records.end()) {
            return fail(Code::changed, container.path.string(), "a cookie is not there any more", "run unstick again");
        }
        const std::string& bytes = record->second->bytes;
        insert.reset();
        SQLite::bind(insert, container.id, item);
        rows::bind_blob(insert, 3, bytes);
        insert.exec();
    }
    return {};
}

/// What was saved, and the jar as it is now.
struct Opened {
    std::vector<Saved> saved;
    Jar jar;
};

Result<Opened> open(Journal& journal, const Container& container)
{
    auto saved = saved_of(journal, container);
    auto jar = jars::read(container.path);
    if (!saved || !jar) {
        return tl::unexpected<Error>(saved ? jar.error() : saved.error());
    }
    return Opened{std::move(*saved), std::move(*jar)};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    TRY_ASSIGN(auto opened, open(journal, container));
    auto& [saved, jar] = opened;
    // Exactly these records: a cookie that was renewed since the plan was made is another one.
    const Bytes unwanted = bytes_of(saved);
    const auto taken = binary_cookies::take(jar, [&](const Record& record) { return unwanted.contains(record.bytes); });
    return taken.empty() ? Result<void>() : jars::write(container.path, jar);
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    TRY_ASSIGN(const auto opened, open(journal, container));
    const auto& [saved, jar] = opened;
    const Bytes there = bytes_in(jar, saved);
    Presence presence;
    for (const Saved& one : saved) {
        if (there.contains(one.record.bytes)) {
            presence.in_place.insert(one.item);
        } else if (binary_cookies::holds(jar, one.record)) {
            presence.came_back.insert(one.item);
        }
    }
    return presence;
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    TRY_ASSIGN(auto opened, open(journal, container));
    auto& [saved, jar] = opened;
    const Bytes there = bytes_in(jar, saved);
    bool changed = false;
    for (const Saved& one : saved) {
        if (items.contains(one.item) && !there.contains(one.record.bytes)) {
            binary_cookies::put(jar, one.record);
            changed = true;
        }
    }
    return changed ? jars::write(container.path, jar) : Result<void>();
}

void tidy(Journal&, const Container& container)
{
    files::tidy_beside(container.path);
}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    stored_pieces::each_row(journal, container, "SELECT item, rowid, bytes FROM records WHERE container = ?", each);
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    TRY_ASSIGN(const auto opened, open(journal, container));
    const auto& [saved, jar] = opened;
    std::vector<Newer> found;
    for (const Saved& one : saved) {
        if (!items.contains(one.item)) {
            continue;
        }
        for (const auto& page : jar.pages) {
            for (const Record& record : page) {
                if (binary_cookies::is_same(record, one.record) && record.bytes != one.record.bytes) {
                    found.push_back({one.item, {Medium::record, container.path.string(), {}, jars::key_of(record)}});
                }
            }
        }
    }
    return found;
}

}  // namespace

extern const MediumOps binary_cookie_medium{
    .name = Medium::record.name,
    .order = 50,
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
