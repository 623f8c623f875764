#include "journal/journal.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <stdexcept>
#include <tuple>

#include "base/text.h"
#include "containers/sqlite/database.h"
#include "containers/sqlite/query.h"
#include "journal/medium.h"
#include "journal/places.h"
#include "journal/replacements.h"
#include "journal/seal.h"
#include "platform/trust.h"

namespace unstick {

namespace {

constexpr std::array<std::string_view, 5> state_names{"preparing", "applying", "done", "undoing", "undone"};

constexpr const char* schema = R"sql(
    PRAGMA user_version = 2;
    CREATE TABLE run(site TEXT, started INTEGER, state TEXT);
    CREATE TABLE profiles(id INTEGER PRIMARY KEY, browser TEXT, directory TEXT, name TEXT, root TEXT, path TEXT,
                          cache TEXT, UNIQUE(browser, path));
    CREATE TABLE caches(profile INTEGER, path TEXT, PRIMARY KEY(profile, path)) WITHOUT ROWID;
    CREATE TABLE stores(id INTEGER PRIMARY KEY, profile INTEGER, kind TEXT, label TEXT);
    CREATE TABLE containers(id INTEGER PRIMARY KEY, store INTEGER, medium TEXT, path TEXT);
    CREATE TABLE items(id INTEGER PRIMARY KEY, store INTEGER, label TEXT, bytes INTEGER);
    CREATE TABLE item_containers(item INTEGER, container INTEGER);
    CREATE TABLE pieces(container INTEGER, item INTEGER, name TEXT, size INTEGER, sha256 BLOB,
                        PRIMARY KEY(container, name)) WITHOUT ROWID;
)sql";
constexpr int first_schema_version = 1;
constexpr int schema_version = 2;

/// Journals of version 1 name a medium by its place in this list.
constexpr std::array first_media{Medium::file,   Medium::pair,  Medium::row,   Medium::json,
                                 Medium::record, Medium::entry, Medium::plist, Medium::keychain};

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

/// "20261124T030005Z"; a clock that is out of its mind counts as the first or last moment that has such a name.
std::string id_of(std::int64_t now)
{
    constexpr std::int64_t last_second_of_9999 = 253402300799;
    std::string id = utc_of(std::clamp<std::int64_t>(now, 0, last_second_of_9999));
    std::erase_if(id, [](char c) { return c == '-' || c == ':'; });
    return id;
}

/// Where the numbers of a second start: so that ids differ at a glance. Those after it find room.
unsigned any_number()
{
    constexpr unsigned room = 0x1000;
    return std::random_device()() % (0x10000 - room);
}

/// The run's own folder, held. Ids sort as the runs were begun, whatever the clock does; two processes never get the
/// same.
Result<std::pair<std::string, files::Lock>> new_run(const fs::path& state_folder, std::int64_t now)
{
    TRY(files::make_durable_folder(runs_folder(state_folder)));
    RunId id{id_of(now), any_number()};
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

/// A journal's database is opened by who has the lock of its run: there is nobody whose locks would have to be asked
/// for at each step. Looking on, as for a list of runs, needs none (rows::Reader).
std::unique_ptr<SQLite::Database> connect_alone(const fs::path& folder, std::string_view query)
{
    auto database = rows::connect(folder / "journal.db", query);
    database->exec("PRAGMA main.locking_mode = EXCLUSIVE; PRAGMA main.journal_size_limit = 0");
    return database;
}

Error of_other_version(const std::string& id)
{
    return {Code::unsupported, id, "this run was made by another version of unstick", "undo it with that version"};
}

/// nullptr: none that we know.
const MediumOps* medium_of(const Media& media, const SQLite::Column& column)
{
    std::string name = column.getString();
    if (column.isInteger()) {
        const std::int64_t number = column.getInt64();
        name = number >= 0 && number < std::ssize(first_media) ? first_media.at(static_cast<std::size_t>(number)).name
                                                               : "";
    }
    const auto found =
        std::find_if(media.begin(), media.end(), [&](const MediumOps* medium) { return medium->name == name; });
    return found == media.end() ? nullptr : *found;
}

/// Do we know everything that tells how to read this journal? Throws SQLite's exceptions.
bool is_known(SQLite::Database& database, const Media& media)
{
    if (const int version = database.execAndGet("PRAGMA user_version").getInt();
        version < first_schema_version || version > schema_version) {
        return false;
    }
    const std::string state = database.execAndGet("SELECT state FROM run").getString();
    if (std::find(state_names.begin(), state_names.end(), state) == state_names.end()) {
        return false;
    }
    SQLite::Statement query(database, "SELECT DISTINCT medium FROM containers");
    while (query.executeStep()) {
        if (medium_of(media, query.getColumn(0)) == nullptr) {
            return false;
        }
    }
    return true;
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

/// Is it one that we can work from? Throws SQLite's exceptions.
Result<void> check_usable(SQLite::Database& database, const std::string& id, const Media& media)
{
    if (database.execAndGet("PRAGMA user_version").getInt() > schema_version) {
        return tl::unexpected<Error>(of_other_version(id));
    }
    if (auto whole = check_whole(database, id); !whole) {
        return whole;
    }
    return is_known(database, media) ? check_places(database, id) : tl::unexpected<Error>(of_other_version(id));
}

Result<files::Lock> lock_run(const fs::path& folder, const std::string& id)
{
    if (!is_id(id) || !files::exists(folder / "journal.db").value_or(true)) {
        return fail(Code::not_found, id, no_such_run(id), "list them with: unstick runs");
    }
    TRY(check_whose(folder));
    auto lock = files::Lock::take(folder / "lock");
    if (!lock && lock.error().code == Code::locked) {
        return fail(Code::locked, id, "another unstick is working on this run", "wait until it has finished");
    }
    return lock;
}

/// Where pieces are, in the order of removal.
struct Place {
    const MediumOps* medium = nullptr;
    std::string container;

    friend bool operator<(const Place& a, const Place& b)
    {
        return std::tie(a.medium->order, a.medium->name, a.container) <
               std::tie(b.medium->order, b.medium->name, b.container);
    }
};

/// When a run was begun, by its id, which starts with "20261130T005817Z"; 0 if it does not say.
std::int64_t begun(std::string_view id)
{
    constexpr std::size_t length = 16;
    if (id.size() < length || id[8] != 'T' || id[15] != 'Z' || !is_number(id.substr(0, 8)) ||
        !is_number(id.substr(9, 6))) {
        return 0;
    }
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = 0;
        std::from_chars(id.data() + at, id.data() + at + digits, value);
        return value;
    };
    using namespace std::chrono;
    const sys_days date =
        year(number(0, 4)) / month(static_cast<unsigned>(number(4, 2))) / day(static_cast<unsigned>(number(6, 2)));
    const seconds time = hours(number(9, 2)) + minutes(number(11, 2)) + seconds(number(13, 2));
    return duration_cast<seconds>(date.time_since_epoch() + time).count();
}

/// What is not sealed has changed nothing, whether or not it can be read.
RunSummary summarise(const fs::path& folder, const Media& media)
{
    RunSummary run;
    run.id = folder.filename().string();
    run.when = begun(run.id);
    const bool sealed = files::exists(folder / seal::file_name).value_or(true);
    const std::string unreadable = sealed ? "damaged" : "preparing";
    run.state = unreadable;
    run.bytes = files::tree_size(folder);
    run.unsettled = files::exists(folder / Replacements::file_name).value_or(true);
    std::error_code unknown;
    if (const auto changed = fs::last_write_time(folder, unknown); !unknown) {
        const auto system = std::chrono::file_clock::to_sys(changed);
        run.changed = std::chrono::duration_cast<std::chrono::seconds>(system.time_since_epoch()).count();
    }
    if (const auto ours = check_whose(folder); !ours && ours.error().code == Code::denied) {
        run.state = "not-ours";
        return run;
    }
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
        if (!is_known(reader->database(), media)) {  // also what of it was written when it was cut off
            run.state = sealed ? "other-version" : "preparing";
        }
    } catch (const SQLite::Exception&) {
        run.state = unreadable;
    }
    return run;
}

}  // namespace

Journal::Journal(fs::path folder, std::string id, std::shared_ptr<SQLite::Database> database, files::Lock lock,
                 Host* host, const Media& media)
    : folder_(std::move(folder)),
      id_(std::move(id)),
      database_(std::move(database)),
      lock_(std::move(lock)),
      replacements_(std::make_shared<Replacements>(folder_)),
      host_(host),
      media_(media)
{
}

Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::create(const fs::path& state_folder, const std::string& site, std::int64_t now, Host* host,
                                const Media& media)
{
    TRY(trust::believed(runs_folder(state_folder)));
    TRY_ASSIGN(auto run, new_run(state_folder, now));
    auto& [id, lock] = run;
    const fs::path folder = runs_folder(state_folder) / id;
    try {
        // Created by us, so that it is private from its first byte.
        TRY(files::write_file(folder / "journal.db", ""));
        auto database = connect_alone(folder, "mode=rwc");
        // Until it is sealed the journal may be lost with the power: nothing has changed by then.
        database->exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
        SQLite::Transaction transaction(*database);
        database->exec(schema);
        for (const MediumOps* medium : media) {
            database->exec(medium->schema);
        }
        SQLite::Statement insert(*database, "INSERT INTO run VALUES(?, ?, 'preparing')");
        SQLite::bind(insert, site, now);
        insert.exec();
        transaction.commit();
        return Journal(folder, id, std::move(database), std::move(lock), host, media);
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder, exception));
    }
}

Result<Journal> Journal::open(const fs::path& state_folder, const std::string& id, Host* host, const Media& media)
{
    const fs::path folder = runs_folder(state_folder) / id;
    TRY_ASSIGN(auto lock, lock_run(folder, id));
    try {
        TRY(rows::check_usable(folder / "journal.db"));
        auto database = connect_alone(folder, "mode=rw");
        TRY(check_usable(*database, id, media));
        database->exec("PRAGMA synchronous = FULL");
        Journal journal(folder, id, std::move(database), std::move(lock), host, media);
        TRY(journal.lock_state_dir());
        return journal;
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder, exception));
    }
}

Result<Journal> Journal::create_beside(std::int64_t now) const
{
    auto journal = create(folder_.parent_path().parent_path(), site(), now, host_, media_);
    if (journal) {
        journal->alone_ = alone_;
    }
    return journal;
}

Result<Journal> Journal::look(const fs::path& state_folder, const std::string& id, Host* host, const Media& media)
{
    const fs::path folder = runs_folder(state_folder) / id;
    TRY_ASSIGN(auto lock, lock_run(folder, id));
    auto opened = rows::Reader::open(folder / "journal.db");
    if (!opened) {
        return tl::unexpected<Error>(opened.error().code == Code::corrupt ? damaged(id) : opened.error());
    }
    const auto reader = std::make_shared<rows::Reader>(std::move(*opened));
    reader->lift_limit();
    try {
        TRY(check_usable(reader->database(), id, media));
        return Journal(folder, id, {reader, &reader->database()}, std::move(lock), host, media);
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder, exception));
    }
}

Result<void> Journal::check_seal() const
{
    return reading(folder_, [&] { return seal::check(*database_, media_, folder_); });
}

bool Journal::notes_pieces() const
{
    return database_->execAndGet("PRAGMA user_version").getInt() >= 2;
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
        if (state == State::done || state == State::undone) {
            replacements_->end();
        }
        return {};
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(error_of(folder_, exception));
    }
}

/// Two runs at once would take each other's work for the browser's. Not all browsers have files to lock.
Result<void> Journal::lock_state_dir()
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
        alone_ = std::make_shared<files::Lock>(std::move(*lock));
        return {};
    }
    return lock.error().code == Code::locked
               ? fail(Code::locked, id_, "another unstick is changing profiles", "wait until it has finished")
               : tl::unexpected<Error>(lock.error());
}

std::int64_t Journal::profile_id(const Profile& profile)
{
    SQLite::Statement insert(*database_, "INSERT OR IGNORE INTO profiles VALUES(NULL, ?, ?, ?, ?, ?, ?)");
    SQLite::bind(insert, profile.browser, profile.id, profile.name, profile.root.string(), profile.path.string(),
                 profile.cache.string());
    insert.exec();
    SQLite::Statement query(*database_, "SELECT id FROM profiles WHERE browser = ? AND path = ?");
    SQLite::bind(query, profile.browser, profile.path.string());
    query.executeStep();
    const std::int64_t id = query.getColumn(0).getInt64();
    for (const Spot& cache : profile.more_caches) {
        SQLite::Statement more(*database_, "INSERT OR IGNORE INTO caches VALUES(?, ?)");
        SQLite::bind(more, id, cache.path.string());
        more.exec();
    }
    return id;
}

/// Finders and their media are built together: a medium that nobody brought is a mistake of the program.
const MediumOps& Journal::named(Medium medium) const
{
    const auto found =
        std::find_if(media_.begin(), media_.end(), [&](const MediumOps* known) { return known->name == medium.name; });
    if (found == media_.end()) {
        throw std::logic_error("no such medium: " + std::string(medium.name));
    }
    return **found;
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

Result<void> Journal::record(const Profile& profile, Kind kind, std::string_view store, std::span<const Item> items,
                             std::span<const FormerKeys> former)
{
    TRY(lock_state_dir());
    try {
        SQLite::Statement insert_store(*database_, "INSERT INTO stores VALUES(NULL, ?, ?, ?)");
        SQLite::bind(insert_store, profile_id(profile), std::string(info(kind).name), std::string(store));
        insert_store.exec();
        const std::int64_t store_id = database_->getLastInsertRowid();

        // Items, and their pieces by container in the order of removal.
        std::map<Place, std::vector<PieceOf>> by_container;
        SQLite::Transaction transaction(*database_);
        SQLite::Statement insert_item(*database_, "INSERT INTO items VALUES(NULL, ?, ?, ?)");
        for (const Item& item : items) {
            insert_item.reset();
            SQLite::bind(insert_item, store_id, item.label, static_cast<std::int64_t>(item.bytes));
            insert_item.exec();
            const ItemId id = database_->getLastInsertRowid();
            for (const Piece& piece : item.pieces) {
                by_container[{&named(piece.medium), piece.container}].push_back({id, &piece});
            }
        }
        transaction.commit();

        for (const auto& [place, pieces] : by_container) {
            SQLite::Statement insert(*database_, "INSERT INTO containers VALUES(NULL, ?, ?, ?)");
            SQLite::bind(insert, store_id, std::string(place.medium->name), place.container);
            insert.exec();
            const Container container{database_->getLastInsertRowid(), place.medium, place.container};
            SQLite::Transaction links(*database_);
            SQLite::Statement link(*database_, "INSERT INTO item_containers VALUES(?, ?)");
            ItemId last = 0;
            for (const PieceOf& piece : pieces) {
                if (piece.item != last) {
                    link.reset();
                    SQLite::bind(link, last = piece.item, container.id);
                    link.exec();
                }
            }
            links.commit();
            if (auto saved = media::save(*this, container, pieces)
                                 .and_then([&] { return media::save_former(*this, container, former); })
                                 .and_then([&] { return stored_pieces::note(*this, container); });
                !saved) {
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
        const std::string text = seal::text_of(*database_, media_);
        auto synced = files::sync_file(folder_ / "journal.db")
                          .and_then([&] { return files::write_file(folder_ / seal::file_name, text); })
                          .and_then([&] { return files::sync_folder(folder_); })
                          .and_then([&] { return files::sync_folder(folder_.parent_path()); });
        // From here on it is read from the disk again, as an undo would: what cannot be read is not carried out.
        database_->exec("PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE; PRAGMA shrink_memory");
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
        [&](SQLite::Statement& row) {
            return Container{row.getColumn(0).getInt64(), medium_of(media_, row.getColumn(1)),
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

bool is_run_id(std::string_view id)
{
    return is_id(id);
}

RunSummary summary_of_run(const fs::path& folder, const Media& media)
{
    return summarise(folder, media);
}

Result<std::vector<RunSummary>> list_runs(const fs::path& state_folder, const Media& media)
{
    std::vector<RunSummary> runs;
    TRY_ASSIGN(const auto entries, if_there(files::list(runs_folder(state_folder))));
    for (const auto& entry : entries.value_or(std::vector<files::Entry>{})) {
        if (entry.type == files::Type::folder && is_id(entry.name)) {
            runs.push_back(summarise(runs_folder(state_folder) / entry.name, media));
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
    {
        const auto lock = files::Lock::take(folder / "lock");
        if (!lock && lock.error().code == Code::locked) {
            return fail(Code::locked, id, "another unstick is working on this run", "wait until it has finished");
        }
        // After that nobody else opens it, and it needs no lock: a folder in which a file is open is not removed from a
        // network's file system. Without its seal the rest is nothing that is missed.
        TRY(files::remove_tree(folder / seal::file_name));
        TRY(files::remove_tree(folder / "journal.db"));
    }
    return files::remove_tree(folder);
}

Expiry expiry_of(const RunSummary& run, std::int64_t now)
{
    constexpr std::int64_t day = 24 * 3600;
    constexpr std::int64_t longest = 90 * day;
    const bool agrees = std::abs(begun(run.id) - run.when) <= day && run.changed >= run.when - day;
    const std::int64_t age = now - std::max(run.when, run.changed);
    if (age < -day || age > longest || (age > keep_runs_for_s && !agrees)) {
        return Expiry::doubtful;
    }
    return age > keep_runs_for_s ? Expiry::yes : Expiry::no;
}

bool is_complete(const RunSummary& run)
{
    return run.state == "done" || run.state == "undone" || run.state == "preparing";
}

}  // namespace unstick
