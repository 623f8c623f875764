#include "journal.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

#include "media/journal_rows.h"
#include "media/medium.h"
#include "media/rows.h"

namespace unstick {

namespace {

constexpr std::array<std::string_view, 5> state_names{"preparing", "applying", "done", "undoing", "undone"};

constexpr const char* schema = R"sql(
    PRAGMA user_version = 1;
    CREATE TABLE run(site TEXT, started INTEGER, state TEXT);
    CREATE TABLE profiles(id INTEGER PRIMARY KEY, browser TEXT, directory TEXT, name TEXT, root TEXT, path TEXT,
                          cache TEXT, UNIQUE(browser, path));
    CREATE TABLE stores(id INTEGER PRIMARY KEY, profile INTEGER, kind TEXT, label TEXT);
    CREATE TABLE containers(id INTEGER PRIMARY KEY, store INTEGER, medium INTEGER, path TEXT);
    CREATE TABLE items(id INTEGER PRIMARY KEY, store INTEGER, label TEXT, bytes INTEGER);
    CREATE TABLE item_containers(item INTEGER, container INTEGER);
)sql";
constexpr int schema_version = 1;

/// A file that says that the journal is complete.
constexpr const char* seal_name = "sealed";

fs::path runs_folder(const fs::path& state_folder)
{
    return state_folder / "runs";
}

/// A run's id: when it was begun, and a number.
struct RunId {
    std::string time;  ///< "20261124T101500Z"
    unsigned number = 0;

    std::string text() const { return fmt::format("{}-{:04x}", time, number); }
};

std::optional<RunId> parse_id(const std::string& text)
{
    RunId id{text.substr(0, text.find('-')), 0};
    const char* const end = text.data() + text.size();
    const char* const digits = std::min(text.data() + id.time.size() + 1, end);
    const auto [last, code] = std::from_chars(digits, end, id.number, 16);
    return code == std::errc() && last == end && id.text() == text ? std::optional(id) : std::nullopt;
}

/// The id of the last run, so that a new one comes after it even if the clock was set back.
std::optional<RunId> last_id(const fs::path& state_folder)
{
    const auto folder = files::Folder::open(runs_folder(state_folder));
    std::optional<RunId> last;
    for (const auto& entry :
         folder ? folder->list().value_or(std::vector<files::Entry>{}) : std::vector<files::Entry>{}) {
        if (auto id = parse_id(entry.name); id && (!last || last->text() < entry.name)) {
            last = std::move(id);
        }
    }
    return last;
}

/// The run's own folder, held. Ids sort as the runs were begun, whatever the clock does; two processes never get the
/// same.
Result<std::pair<std::string, files::Lock>> new_run(const fs::path& state_folder, std::int64_t now)
{
    RunId id{fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(static_cast<std::time_t>(now))), 0};
    if (const auto last = last_id(state_folder); last && last->time >= id.time) {
        id = {last->time, last->number + 1};
    }
    for (;; ++id.number) {
        const fs::path folder = runs_folder(state_folder) / id.text();
        auto lock = files::make_private_folder(folder / "files")
                        .and_then([&] { return files::Output::create(folder / "lock"); })
                        .and_then([&](const files::Output&) { return files::Lock::take(folder / "lock"); });
        if (lock) {
            return std::pair(id.text(), std::move(*lock));
        }
        if (lock.error().code != Code::exists && lock.error().code != Code::locked) {
            return tl::unexpected<Error>(lock.error());
        }
    }
}

/// Run ids come from the command line: they must not lead out of the folder of runs.
bool is_id(std::string_view id)
{
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    });
}

std::string no_such_run(const std::string& id)
{
    return "there is no run " + id + " that can be undone";
}

Error damaged(const std::string& id)
{
    return {Code::corrupt, id, "the journal of this run is damaged",
            "what it removed cannot be put back from it; an earlier run can be named: unstick runs"};
}

/// As rows::error_of, about a run: a journal is not repaired by the browser.
Error error_of(const fs::path& run, const SQLite::Exception& exception)
{
    Error error = rows::error_of(run / "journal.db", exception);
    return error.code == Code::corrupt ? damaged(run.filename().string()) : error;
}

/// Before anything is put back from it: is all of it there? Throws SQLite's exception if the disk does not let it be
/// read.
Result<void> check_whole(SQLite::Database& database, const std::string& id)
{
    bool whole = false;
    try {
        whole = database.execAndGet("PRAGMA quick_check(1)").getString() == "ok";
        for (const char* query :
             {"SELECT site, started, state FROM run",
              "SELECT id, browser, directory, name, root, path, cache FROM profiles",
              "SELECT id, profile, kind, label FROM stores", "SELECT id, store, medium, path FROM containers",
              "SELECT id, store, label, bytes FROM items", "SELECT item, container FROM item_containers"}) {
            SQLite::Statement(database, query).executeStep();
        }
    } catch (const SQLite::Exception& exception) {
        if (exception.getErrorCode() == SQLITE_IOERR) {
            throw;
        }
        whole = false;
    }
    return whole ? Result<void>() : tl::unexpected<Error>(damaged(id));
}

/// What a reader of an open journal does.
template <class Read>
auto reading(const fs::path& folder, Read read)
{
    try {
        return read();
    } catch (const SQLite::Exception& exception) {
        throw JournalUnreadable{error_of(folder, exception)};
    }
}

/// When a run was begun, by its id; 0 if it does not say.
std::int64_t begun(const std::string& id)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (std::sscanf(id.c_str(), "%4d%2u%2uT%2d%2d%2dZ", &year, &month, &day, &hour, &minute, &second) != 6) {
        return 0;
    }
    using namespace std::chrono;
    const sys_days date = year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day));
    return duration_cast<seconds>(date.time_since_epoch() + hours(hour) + minutes(minute) + seconds(second)).count();
}

/// What is not sealed has changed nothing, whether or not it can be read.
RunSummary summarise(const fs::path& folder)
{
    RunSummary run;
    run.id = folder.filename().string();
    run.when = begun(run.id);
    const std::string unreadable = files::exists(folder / seal_name).value_or(true) ? "damaged" : "preparing";
    run.state = unreadable;
    run.bytes = files::tree_size(folder);
    auto reader = rows::Reader::open(folder / "journal.db");
    if (!reader) {
        return run;
    }
    try {
        SQLite::Statement query(reader->database(),
                                "SELECT site, started, state, (SELECT count(*) FROM profiles),"
                                " (SELECT count(*) FROM items) FROM run");
        if (query.executeStep()) {
            run.site = query.getColumn(0).getString();
            run.when = query.getColumn(1).getInt64();
            run.state = query.getColumn(2).getString();
            run.profiles = static_cast<std::uint64_t>(query.getColumn(3).getInt64());
            run.items = static_cast<std::uint64_t>(query.getColumn(4).getInt64());
        }
    } catch (const SQLite::Exception&) {
        run.state = unreadable;
    }
    return run;
}

}  // namespace

Journal::Journal(fs::path folder, std::string id, std::unique_ptr<SQLite::Database> database, files::Lock lock,
                 Host* host)
    : folder_(std::move(folder)),
      id_(std::move(id)),
      database_(std::move(database)),
      lock_(std::move(lock)),
      host_(host)
{
}

Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::create(const fs::path& state_folder, const std::string& site, std::int64_t now, Host* host)
{
    auto run = new_run(state_folder, now);
    if (!run) {
        return tl::unexpected<Error>(run.error());
    }
    auto& [id, lock] = *run;
    const fs::path folder = runs_folder(state_folder) / id;
    try {
        // Created by us, so that it is private from its first byte.
        if (auto made = files::write_file(folder / "journal.db", ""); !made) {
            return tl::unexpected<Error>(made.error());
        }
        auto database = rows::connect(folder / "journal.db", "mode=rwc");
        // Until it is sealed the journal may be lost with the power: nothing has changed by then.
        database->exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
        SQLite::Transaction transaction(*database);
        database->exec(schema);
        database->exec(media_schema);
        SQLite::Statement insert(*database, "INSERT INTO run VALUES(?, ?, 'preparing')");
        insert.bind(1, site);
        insert.bind(2, now);
        insert.exec();
        transaction.commit();
        return Journal(folder, id, std::move(database), std::move(lock), host);
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder, exception));
    }
}

Result<Journal> Journal::open(const fs::path& state_folder, const std::string& id, Host* host)
{
    const fs::path folder = runs_folder(state_folder) / id;
    if (!is_id(id) || !files::exists(folder / "journal.db").value_or(true)) {
        return fail(Code::not_found, id, no_such_run(id), "list them with: unstick runs");
    }
    auto lock = files::Lock::take(folder / "lock");
    if (!lock) {
        if (lock.error().code == Code::locked) {
            return fail(Code::locked, id, "another unstick is working on this run", "wait until it has finished");
        }
        return tl::unexpected<Error>(lock.error());
    }
    try {
        auto database = rows::connect(folder / "journal.db", "mode=rw");
        if (database->execAndGet("PRAGMA user_version").getInt() != schema_version) {
            return fail(Code::unsupported, id, "this run was made by another version of unstick",
                        "undo it with that version");
        }
        if (auto whole = check_whole(*database, id); !whole) {
            return tl::unexpected<Error>(whole.error());
        }
        database->exec("PRAGMA synchronous = FULL");
        Journal journal(folder, id, std::move(database), std::move(*lock), host);
        const auto alone = journal.be_alone();
        return alone ? Result<Journal>(std::move(journal)) : tl::unexpected<Error>(alone.error());
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder, exception));
    }
}

std::string Journal::site() const
{
    return reading(folder_, [&] { return database_->execAndGet("SELECT site FROM run").getString(); });
}

Journal::State Journal::state() const
{
    const std::string name =
        reading(folder_, [&] { return database_->execAndGet("SELECT state FROM run").getString(); });
    const auto* found = std::find(state_names.begin(), state_names.end(), name);
    return static_cast<State>(found == state_names.end() ? 0 : found - state_names.begin());
}

Result<void> Journal::set_state(State state)
{
    try {
        SQLite::Statement update(*database_, "UPDATE run SET state = ?");
        update.bind(1, std::string(state_names.at(static_cast<std::size_t>(state))));
        update.exec();
        return {};
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder_, exception));
    }
}

/// Two runs at once would take each other's work for the browser's. Not all browsers have files to lock.
Result<void> Journal::be_alone()
{
    if (alone_) {
        return {};
    }
    const fs::path file = folder_.parent_path() / "lock";
    if (const auto made = files::Output::create(file); !made && made.error().code != Code::exists) {
        return tl::unexpected<Error>(made.error());
    }
    auto lock = files::Lock::take(file);
    if (lock) {
        alone_ = std::move(*lock);
        return {};
    }
    return lock.error().code == Code::locked
               ? fail(Code::locked, id_, "another unstick is changing profiles", "wait until it has finished")
               : tl::unexpected<Error>(lock.error());
}

std::int64_t Journal::profile_id(const Profile& profile)
{
    SQLite::Statement insert(*database_, "INSERT OR IGNORE INTO profiles VALUES(NULL, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, profile.browser);
    insert.bind(2, profile.id);
    insert.bind(3, profile.name);
    insert.bind(4, profile.root.string());
    insert.bind(5, profile.path.string());
    insert.bind(6, profile.cache.string());
    insert.exec();
    SQLite::Statement query(*database_, "SELECT id FROM profiles WHERE browser = ? AND path = ?");
    query.bind(1, profile.browser);
    query.bind(2, profile.path.string());
    query.executeStep();
    return query.getColumn(0).getInt64();
}

/// Without its containers a store is neither carried out nor undone, whatever a medium may have saved of it.
void Journal::forget(std::int64_t store)
{
    for (const char* rows : {"item_containers WHERE item IN (SELECT id FROM items WHERE store = ?)",
                             "items WHERE store = ?", "containers WHERE store = ?", "stores WHERE id = ?"}) {
        SQLite::Statement statement(*database_, std::string("DELETE FROM ") + rows);
        statement.bind(1, store);
        statement.exec();
    }
}

Result<void> Journal::record(const Profile& profile, Kind kind, std::string_view store, std::span<const Item> items)
{
    if (auto alone = be_alone(); !alone) {
        return alone;
    }
    try {
        SQLite::Statement insert_store(*database_, "INSERT INTO stores VALUES(NULL, ?, ?, ?)");
        insert_store.bind(1, profile_id(profile));
        insert_store.bind(2, std::string(info(kind).name));
        insert_store.bind(3, std::string(store));
        insert_store.exec();
        const std::int64_t store_id = database_->getLastInsertRowid();

        // Items, and their pieces by container in the order of safe removal, which is that of Medium.
        std::map<std::pair<Medium, std::string>, std::vector<PieceOf>> by_container;
        SQLite::Transaction transaction(*database_);
        SQLite::Statement insert_item(*database_, "INSERT INTO items VALUES(NULL, ?, ?, ?)");
        for (const Item& item : items) {
            insert_item.reset();
            insert_item.bind(1, store_id);
            insert_item.bind(2, item.label);
            insert_item.bind(3, static_cast<std::int64_t>(item.bytes));
            insert_item.exec();
            const ItemId id = database_->getLastInsertRowid();
            for (const Piece& piece : item.pieces) {
                by_container[{piece.medium, piece.container}].push_back({id, &piece});
            }
        }
        transaction.commit();

        for (const auto& [place, pieces] : by_container) {
            SQLite::Statement insert(*database_, "INSERT INTO containers VALUES(NULL, ?, ?, ?)");
            insert.bind(1, store_id);
            insert.bind(2, static_cast<int>(place.first));
            insert.bind(3, place.second);
            insert.exec();
            const Container container{database_->getLastInsertRowid(), place.first, place.second};
            SQLite::Transaction links(*database_);
            SQLite::Statement link(*database_, "INSERT INTO item_containers VALUES(?, ?)");
            ItemId last = 0;
            for (const PieceOf& piece : pieces) {
                if (piece.item != last) {
                    link.reset();
                    link.bind(1, last = piece.item);
                    link.bind(2, container.id);
                    link.exec();
                }
            }
            links.commit();
            if (auto saved = media::save(*this, container, pieces); !saved) {
                forget(store_id);
                return saved;
            }
        }
        return {};
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder_, exception));
    }
}

Result<void> Journal::seal()
{
    try {
        SQLite::Statement(*database_, "UPDATE run SET state = 'applying'").exec();
        auto synced = files::sync_file(folder_ / "journal.db")
                          .and_then([&] { return files::write_file(folder_ / seal_name, ""); })
                          .and_then([&] { return files::sync_folder(folder_); })
                          .and_then([&] { return files::sync_folder(folder_.parent_path()); });
        database_->exec("PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE");
        return synced;
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder_, exception));
    }
}

template <class Make, class... Parameters>
auto Journal::list(const char* query, const Make& make, Parameters... parameters) const
{
    return reading(folder_, [&] { return rows::list(*database_, query, make, parameters...); });
}

std::vector<std::pair<std::int64_t, Profile>> Journal::profiles() const
{
    const auto profile = [](SQLite::Statement& row) {
        const auto text = [&](int column) { return row.getColumn(column).getString(); };
        return std::pair(row.getColumn(0).getInt64(), Profile{text(1), text(2), text(3), text(4), text(5), text(6)});
    };
    return list("SELECT id, browser, directory, name, root, path, cache FROM profiles ORDER BY id", profile);
}

std::vector<JournalStore> Journal::stores(std::int64_t profile) const
{
    return list(
        "SELECT id, kind, label FROM stores WHERE profile = ? ORDER BY id",
        [&](SQLite::Statement& row) {
            return JournalStore{row.getColumn(0).getInt64(), profile,
                                kind_named(row.getColumn(1).getString()).value_or(Kind::storage),
                                row.getColumn(2).getString()};
        },
        profile);
}

std::vector<Container> Journal::containers(std::int64_t store) const
{
    return list(
        "SELECT id, medium, path FROM containers WHERE store = ? ORDER BY id",
        [](SQLite::Statement& row) {
            return Container{row.getColumn(0).getInt64(), static_cast<Medium>(row.getColumn(1).getInt()),
                             row.getColumn(2).getString()};
        },
        store);
}

std::vector<JournalItem> Journal::items(std::int64_t store) const
{
    return list(
        "SELECT id, label, bytes FROM items WHERE store = ? ORDER BY id",
        [&](SQLite::Statement& row) {
            return JournalItem{row.getColumn(0).getInt64(), store, row.getColumn(1).getString(),
                               static_cast<std::uint64_t>(row.getColumn(2).getInt64())};
        },
        store);
}

std::set<ItemId> Journal::items_of(const Container& container) const
{
    const auto items = list(
        "SELECT item FROM item_containers WHERE container = ?",
        [](SQLite::Statement& row) { return row.getColumn(0).getInt64(); }, container.id);
    return {items.begin(), items.end()};
}

Result<std::vector<RunSummary>> list_runs(const fs::path& state_folder)
{
    std::vector<RunSummary> runs;
    const auto entries = files::Folder::open(runs_folder(state_folder)).and_then([](const files::Folder& folder) {
        return folder.list();
    });
    if (!entries && entries.error().code != Code::not_found) {
        return tl::unexpected<Error>(entries.error());
    }
    for (const auto& entry : entries.value_or(std::vector<files::Entry>{})) {
        if (entry.type == files::Type::folder && is_id(entry.name)) {
            runs.push_back(summarise(runs_folder(state_folder) / entry.name));
        }
    }
    std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
    return runs;
}

Result<void> erase_run(const fs::path& state_folder, const std::string& id)
{
    const fs::path folder = runs_folder(state_folder) / id;
    if (!is_id(id) || !files::exists(folder).value_or(true)) {
        return fail(Code::not_found, id, no_such_run(id), "list them with: unstick runs");
    }
    const auto lock = files::Lock::take(folder / "lock");
    if (!lock && lock.error().code == Code::locked) {
        return fail(Code::locked, id, "another unstick is working on this run", "wait until it has finished");
    }
    return files::remove_tree(folder);
}

}  // namespace unstick
