// Medium::worker: registrations of service workers, copied into the journal as they are; the list is replaced as a
// whole.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <algorithm>

#include "containers/service_worker_list.h"
#include "containers/sqlite/database.h"
#include "containers/sqlite/query.h"
#include "journal/medium.h"

namespace unstick {

namespace {

/// `version` is the list's: records of one version are none of another.
constexpr const char* schema = R"sql(
    CREATE TABLE workers(container INTEGER, item INTEGER, version INTEGER, bytes BLOB);
)sql";

using service_worker_list::List;
using service_worker_list::Record;

/// A registration in the journal.
struct Saved {
    ItemId item = 0;
    int version = 0;
    Record record;
};

Result<std::vector<Saved>> saved_of(Journal& journal, const Container& container)
{
    struct Row {
        ItemId item;
        int version;
        std::string bytes;
    };
    const auto rows = rows::list(
        journal.database(), "SELECT item, version, bytes FROM workers WHERE container = ? ORDER BY rowid",
        [](SQLite::Statement& row) {
            return Row{row.getColumn(0).getInt64(), row.getColumn(1).getInt(), rows::blob_of(row.getColumn(2))};
        },
        container.id);
    std::vector<Saved> saved;
    for (const Row& row : rows) {
        auto list = service_worker_list::parse(std::to_string(row.version) + "\n" + row.bytes);
        if (!list || list->records.size() != 1) {
            return fail(Code::corrupt, journal.folder().string(), "a registration in it is damaged");
        }
        saved.push_back({row.item, row.version, std::move(list->records.front())});
    }
    return saved;
}

const Record* find(const List& list, const std::string& key)
{
    const auto found = std::find_if(list.records.begin(), list.records.end(),
                                    [&](const Record& record) { return record.key() == key; });
    return found == list.records.end() ? nullptr : &*found;
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    TRY_ASSIGN(const auto list, service_worker_list::read_file(container.path));
    SQLite::Statement insert(journal.database(), "INSERT INTO workers VALUES(?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const Record* const record = find(list, piece->key);
        if (record == nullptr) {
            return fail(Code::changed, container.path.string(), "a service worker is not there any more",
                        "run unstick again");
        }
        insert.reset();
        SQLite::bind(insert, container.id, item, list.version);
        rows::bind_blob(insert, 4, record->bytes);
        insert.exec();
    }
    return {};
}

/// The list as it is now: empty, and of the version that was saved, if there is none. With other lines in a record the
/// browser would not understand the list, and would throw it away. Errors: unsupported then.
Result<List> list_for(const Container& container, const std::vector<Saved>& saved)
{
    const int version = saved.empty() ? service_worker_list::newest_version : saved.front().version;
    TRY_ASSIGN(auto list, if_there(service_worker_list::read_file(container.path)));
    if (!list) {
        return List{.version = version, .records = {}};
    }
    if (list->version != version) {
        return fail(Code::unsupported, container.path.string(),
                    "another version of the browser has written it anew since: its service workers cannot be put back",
                    "the site registers them again when it is visited");
    }
    return std::move(*list);
}

/// What was saved, and the list as it is now.
struct Opened {
    std::vector<Saved> saved;
    List list;
};

Result<Opened> open(Journal& journal, const Container& container)
{
    TRY_ASSIGN(auto saved, saved_of(journal, container));
    TRY_ASSIGN(auto list, list_for(container, saved));
    return Opened{std::move(saved), std::move(list)};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    TRY_ASSIGN(auto opened, open(journal, container));
    auto& [saved, list] = opened;
    std::set<std::string> unwanted;  // exactly these: one that was renewed since the plan was made is another one
    for (const Saved& one : saved) {
        unwanted.insert(one.record.bytes);
    }
    const std::size_t gone =
        std::erase_if(list.records, [&](const Record& record) { return unwanted.contains(record.bytes); });
    return gone == 0 ? Result<void>() : service_worker_list::write_file(container.path, list);
}

PieceState state_of(const List& list, const Saved& saved)
{
    const Record* const there = find(list, saved.record.key());
    return there == nullptr                     ? PieceState::free
           : there->bytes == saved.record.bytes ? PieceState::same
                                                : PieceState::taken;
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    TRY_ASSIGN(const auto opened, open(journal, container));
    PresenceCount count;
    for (const Saved& one : opened.saved) {
        count.add(one.item, state_of(opened.list, one));
    }
    return count.result();
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    TRY_ASSIGN(auto opened, open(journal, container));
    auto& [saved, list] = opened;
    bool changed = false;
    for (const Saved& one : saved) {
        if (items.contains(one.item) && state_of(list, one) == PieceState::free) {
            list.records.push_back(one.record);
            changed = true;
        }
    }
    return changed ? service_worker_list::write_file(container.path, list) : Result<void>();
}

void tidy(Journal&, const Container& container)
{
    files::tidy_beside(container.path);
}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    stored_pieces::each_row(journal, container,
                            "SELECT item, rowid, version || ' ' || bytes FROM workers WHERE container = ?", each);
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    TRY_ASSIGN(const auto opened, open(journal, container));
    std::vector<Newer> found;
    for (const Saved& one : opened.saved) {
        if (items.contains(one.item) && state_of(opened.list, one) == PieceState::taken) {
            found.push_back({one.item, {Medium::worker, container.path.string(), {}, one.record.key()}});
        }
    }
    return found;
}

}  // namespace

extern const MediumOps service_worker_medium{
    .name = Medium::worker.name,
    .order = 45,
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
