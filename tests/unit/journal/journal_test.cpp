// The journal and the media: what is recorded, erased and put back, below any knowledge of browsers.

#include "journal/journal.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <thread>

#include "containers/sqlite/database.h"
#include "journal/apply.h"
#include "journal/undo.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get;
using testing::put;
using testing::snapshot;
using testing::TempFolder;

namespace {

constexpr std::int64_t now = 1'800'000'000;

Result<void> free_to_go()
{
    return {};
}

/// All rows of a table with their types, in order.
std::string dump(const fs::path& file, const std::string& table)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    SQLite::Statement query(database, "SELECT * FROM " + table + " ORDER BY 1, 2");
    std::string text;
    while (query.executeStep()) {
        for (int i = 0; i < query.getColumnCount(); ++i) {
            const auto column = query.getColumn(i);
            text += fmt::format(
                "{}:{}|", column.getType(),
                std::string(static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())));
        }
        text += "\n";
    }
    return text;
}

struct Fixture {
    TempFolder folder;
    fs::path state = folder / "state";
    Profile profile{"chrome", "Default", "Person 1", folder / "udd", folder / "udd/Default", folder / "udd/Default"};
    fs::path database = profile.path / "Data";

    Fixture()
    {
        fs::create_directories(profile.path);
        SQLite::Database made(database.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        made.exec(
            "CREATE TABLE things(host TEXT, item, value BLOB, number INTEGER, c0 REAL, UNIQUE(host, item));"
            "INSERT INTO things VALUES('a', 1, x'00ff', NULL, 1.5), ('a', '1', 'text', 9007199254740993, NULL),"
            " ('b', 2, x'', -1, 'not a number'), ('c', 'quote''s', 'x', 0, 0.1);"
            "CREATE TABLE \"odd \"\" name\"(id INTEGER PRIMARY KEY AUTOINCREMENT, text);"
            "INSERT INTO \"odd \"\" name\" VALUES(7, 'seven'), (9, 'nine')");
    }

    Item row(const std::string& label, const std::string& table, const std::string& rowid) const
    {
        Item item;
        item.label = label;
        item.pieces.push_back({Medium::row, database.string(), table, rowid});
        return item;
    }

    Item file(const std::string& label, const std::vector<std::string>& names) const
    {
        Item item;
        item.label = label;
        for (const auto& name : names) {
            item.pieces.push_back({Medium::file, (profile.path / "Files").string(), "", name});
        }
        return item;
    }

    Journal recorded(const std::vector<Item>& items)
    {
        auto journal = Journal::create(state, "example.com", now);
        REQUIRE(journal);
        REQUIRE(journal->record(profile, Kind::storage, "Things", items));
        REQUIRE(journal->seal());
        return std::move(*journal);
    }

    std::vector<Error> erase(Journal& journal)
    {
        HeldLocks locks;
        return carry_out(journal, profile, free_to_go, locks);
    }

    ProfileUndone undo(Journal& journal)
    {
        HeldLocks locks;
        const auto profiles = journal.profiles();
        REQUIRE(profiles.size() == 1);
        return undo_profile(journal, profiles[0].first, profiles[0].second, free_to_go, locks);
    }
};

}  // namespace

TEST_CASE("rows are erased and come back with every column and type as it was")
{
    Fixture fixture;
    const std::string before = dump(fixture.database, "things") + dump(fixture.database, "\"odd \"\" name\"");
    auto journal = fixture.recorded({fixture.row("one", "things", "1"), fixture.row("two", "things", "2"),
                                     fixture.row("three", "things", "3"), fixture.row("odd", "odd \" name", "7")});
    REQUIRE(dump(fixture.database, "things") + dump(fixture.database, "\"odd \"\" name\"") == before);

    REQUIRE(fixture.erase(journal).empty());
    REQUIRE(dump(fixture.database, "things") == "3:c|3:quote's|3:x|1:0|2:0.1|\n");
    REQUIRE(dump(fixture.database, "\"odd \"\" name\"") == "1:9|3:nine|\n");

    const auto undone = fixture.undo(journal);
    REQUIRE(undone.problems.empty());
    REQUIRE(undone.stores.at(0).restored == 4);
    REQUIRE(dump(fixture.database, "things") + dump(fixture.database, "\"odd \"\" name\"") == before);
}

TEST_CASE("no byte of an erased row is left in the database")
{
    Fixture fixture;
    const std::string secret = "SECRET-" + std::string(3000, 's') + "-TERCES";
    {
        SQLite::Database database(fixture.database.string(), SQLite::OPEN_READWRITE);
        database.exec("INSERT INTO things VALUES('s', 's', '" + secret + "', 1, 1)");
    }
    REQUIRE(get(fixture.database).find("SECRET-") != std::string::npos);
    auto journal = fixture.recorded({fixture.row("secret", "things", "5")});
    REQUIRE(fixture.erase(journal).empty());
    REQUIRE(get(fixture.database).find("SECRET-") == std::string::npos);
    REQUIRE(get(fixture.database).find("ssssss") == std::string::npos);
    REQUIRE(get(fixture.database.string() + "-journal").find("ssssss") == std::string::npos);
    REQUIRE(fixture.undo(journal).problems.empty());
    REQUIRE(get(fixture.database).find("SECRET-") != std::string::npos);
}

TEST_CASE("a row that is no longer there stops the recording before anything changes")
{
    Fixture fixture;
    auto journal = Journal::create(fixture.state, "example.com", now);
    REQUIRE(journal);
    const std::vector<Item> items{fixture.row("gone", "things", "77")};
    const auto recorded = journal->record(fixture.profile, Kind::storage, "Things", items);
    REQUIRE_FALSE(recorded);
    REQUIRE(recorded.error().code == Code::changed);
}

TEST_CASE("undo leaves a row that came back as it is now, names it, and restores the others")
{
    Fixture fixture;
    auto journal = fixture.recorded({fixture.row("one", "things", "1"), fixture.row("three", "things", "3")});
    REQUIRE(fixture.erase(journal).empty());
    {
        SQLite::Database database(fixture.database.string(), SQLite::OPEN_READWRITE);
        database.exec("INSERT INTO things VALUES('a', 1, 'newer', 5, 5)");
    }
    const auto undone = fixture.undo(journal);
    REQUIRE(undone.problems.empty());
    REQUIRE(undone.stores.at(0).refused == std::vector<std::string>{"one"});
    REQUIRE(undone.stores.at(0).restored == 1);
    const std::string after = dump(fixture.database, "things");
    REQUIRE(after.find("newer") != std::string::npos);
    REQUIRE(after.find("3:b|") != std::string::npos);
}

TEST_CASE("a number that only numbers rows may have been given to another row: it keeps it")
{
    Fixture fixture;
    const std::string table = "odd \" name";
    const auto numbered = [&](const std::string& label, const std::string& rowid) {
        Item item = fixture.row(label, table, rowid);
        item.pieces[0].natural_key = "text";
        item.pieces[0].free_number = "id";
        return item;
    };
    const auto change = [&](const std::string& sql) {
        SQLite::Database(fixture.database.string(), SQLite::OPEN_READWRITE).exec(sql);
    };
    auto journal = fixture.recorded({numbered("seven", "7"), numbered("nine", "9")});
    const std::string before = dump(fixture.database, "\"odd \"\" name\"");
    REQUIRE(fixture.erase(journal).empty());
    SECTION("free numbers come back")
    {
        REQUIRE(fixture.undo(journal).stores.at(0).restored == 2);
        REQUIRE(dump(fixture.database, "\"odd \"\" name\"") == before);
        REQUIRE(fixture.undo(journal).stores.at(0).restored == 2);
        REQUIRE(dump(fixture.database, "\"odd \"\" name\"") == before);
    }
    SECTION("taken ones are replaced")
    {
        change("INSERT INTO \"odd \"\" name\" VALUES(9, 'another')");
        REQUIRE(fixture.undo(journal).stores.at(0).restored == 2);
        const std::string after = "1:7|3:seven|\n1:9|3:another|\n1:10|3:nine|\n";
        REQUIRE(dump(fixture.database, "\"odd \"\" name\"") == after);
        REQUIRE(fixture.undo(journal).stores.at(0).restored == 2);
        REQUIRE(dump(fixture.database, "\"odd \"\" name\"") == after);
    }
    SECTION("a row of the same natural key under another number came back")
    {
        change("INSERT INTO \"odd \"\" name\" VALUES(12, 'nine')");
        const auto undone = fixture.undo(journal);
        REQUIRE(undone.stores.at(0).restored == 2);  // it is the same but for its number
        REQUIRE(undone.problems.empty());
    }
}

TEST_CASE("undo can be repeated: what is in place counts as restored")
{
    Fixture fixture;
    put(fixture.profile.path / "Files/one", "1");
    auto journal = fixture.recorded({fixture.row("row", "things", "1"), fixture.file("file", {"one"})});
    const std::string before = dump(fixture.database, "things");
    REQUIRE(fixture.undo(journal).stores.at(0).restored == 2);  // nothing was carried out yet: a run cut off early
    REQUIRE(fixture.erase(journal).empty());
    REQUIRE(fixture.undo(journal).stores.at(0).restored == 2);
    REQUIRE(fixture.undo(journal).stores.at(0).restored == 2);
    REQUIRE(dump(fixture.database, "things") == before);
    REQUIRE(get(fixture.profile.path / "Files/one") == "1");
}

TEST_CASE("files and folders are moved away and come back with content, mode and times", "[not-windows]")
{
    Fixture fixture;
    put(fixture.profile.path / "Files/one", "1");
    put(fixture.profile.path / "Files/tree/deep/er/two", "22");
    put(fixture.profile.path / "Files/other", "stays");
    fs::permissions(fixture.profile.path / "Files/one", fs::perms(0640));
    fs::create_symlink("/etc/passwd", fixture.profile.path / "Files/tree/link");
    const std::string before = snapshot(fixture.profile.path / "Files/tree") + get(fixture.profile.path / "Files/one");
    auto journal = fixture.recorded({fixture.file("both", {"one", "tree"})});

    REQUIRE(fixture.erase(journal).empty());
    REQUIRE(fs::exists(fixture.profile.path / "Files/other"));
    REQUIRE_FALSE(fs::exists(fixture.profile.path / "Files/one"));
    REQUIRE_FALSE(fs::exists(fixture.profile.path / "Files/tree"));

    REQUIRE(fixture.undo(journal).problems.empty());
    REQUIRE(snapshot(fixture.profile.path / "Files/tree") + get(fixture.profile.path / "Files/one") == before);
    REQUIRE((fs::status(fixture.profile.path / "Files/one").permissions() & fs::perms::mask) == fs::perms(0640));
}

TEST_CASE("an item of which one file came back is not restored at all")
{
    Fixture fixture;
    put(fixture.profile.path / "Files/one", "old 1");
    put(fixture.profile.path / "Files/two", "old 2");
    auto journal = fixture.recorded({fixture.file("pair", {"one", "two"})});
    REQUIRE(fixture.erase(journal).empty());
    put(fixture.profile.path / "Files/one", "new 1");
    const auto undone = fixture.undo(journal);
    REQUIRE(undone.stores.at(0).refused == std::vector<std::string>{"pair"});
    REQUIRE(get(fixture.profile.path / "Files/one") == "new 1");
    REQUIRE_FALSE(fs::exists(fixture.profile.path / "Files/two"));
}

TEST_CASE("a browser that starts in the middle stops the work before the next change")
{
    Fixture fixture;
    put(fixture.profile.path / "Files/one", "1");
    auto journal = fixture.recorded({fixture.file("file", {"one"}), fixture.row("row", "things", "1")});
    int asked = 0;
    HeldLocks locks;
    const auto problems = carry_out(
        journal, fixture.profile,
        [&]() -> Result<void> { return ++asked == 1 ? Result<void>() : fail(Code::locked, "profile", "in use"); },
        locks);
    REQUIRE(problems.size() == 1);
    REQUIRE(problems[0].code == Code::locked);
    REQUIRE_FALSE(fs::exists(fixture.profile.path / "Files/one"));
    REQUIRE(dump(fixture.database, "things").find("1:1|") != std::string::npos);
}

TEST_CASE("the journal is for its owner alone", "[not-windows]")
{
    Fixture fixture;
    const auto journal = fixture.recorded({fixture.row("one", "things", "1")});
    const auto mode = [](const fs::path& path) { return fs::symlink_status(path).permissions(); };
    CHECK(mode(journal.folder()) == fs::perms::owner_all);
    CHECK(mode(journal.folder() / "files") == fs::perms::owner_all);
    CHECK(mode(journal.folder() / "journal.db") == fs::perms{0600});
}

TEST_CASE("a journal is listed, is found again, and can be erased")
{
    Fixture fixture;
    std::string id;
    {
        auto journal = fixture.recorded({fixture.row("one", "things", "1")});
        id = journal.id();
        CHECK(Journal::open(fixture.state, id).error().code == Code::locked);
        CHECK(erase_run(fixture.state, id).error().code == Code::locked);
    }
    const auto runs = list_runs(fixture.state).value();
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].id == id);
    CHECK(runs[0].site == "example.com");
    CHECK(runs[0].state == "applying");
    CHECK(runs[0].when == now);
    CHECK(runs[0].items == 1);
    CHECK(runs[0].bytes > 0);
    REQUIRE(Journal::open(fixture.state, id));
    REQUIRE(Journal::open(fixture.state, "../runs/" + id).error().code == Code::not_found);
    REQUIRE(Journal::open(fixture.state, "20200101T000000Z-0000").error().code == Code::not_found);
    REQUIRE(erase_run(fixture.state, id));
    REQUIRE(list_runs(fixture.state).value().empty());
}

TEST_CASE("a journal that is damaged is named, and nothing is put back from it")
{
    Fixture fixture;
    std::string id;
    {
        auto journal = fixture.recorded({fixture.row("one", "things", "1")});
        id = journal.id();
    }
    const fs::path file = fixture.state / "runs" / id / "journal.db";
    std::string content = get(file);
    const bool table_is_gone = GENERATE(true, false);
    if (table_is_gone) {
        SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("DROP TABLE items");
    } else {
        std::fill(content.begin() + 4096, content.begin() + 8192, 'x');
        put(file, content);
    }
    const auto opened = Journal::open(fixture.state, id);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Code::corrupt);
    REQUIRE(list_runs(fixture.state).value().size() == 1);
    CHECK(list_runs(fixture.state).value()[0].when == now);
    CHECK(erase_run(fixture.state, id));
}

TEST_CASE("a journal that cannot be read is damaged if it was complete, else of a run that had not begun to change")
{
    Fixture fixture;
    const bool complete = GENERATE(true, false);
    const bool half_written = GENERATE(true, false);
    std::string id;
    {
        auto journal = Journal::create(fixture.state, "example.com", now);
        REQUIRE(journal);
        REQUIRE(
            journal->record(fixture.profile, Kind::storage, "Things", std::vector{fixture.row("one", "things", "1")}));
        REQUIRE((!complete || journal->seal()));
        id = journal->id();
    }
    const fs::path file = fixture.state / "runs" / id / "journal.db";
    if (half_written) {  // its first page is there, and says what we do not know
        SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("UPDATE run SET state = ''");
    } else {
        put(file, "");
    }
    const auto runs = list_runs(fixture.state).value();
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].state == (!complete ? "preparing" : half_written ? "other-version" : "damaged"));
    CHECK(runs[0].when == now);
}

TEST_CASE("the last run is the one begun last, also if the clock was set back; no two get the same id")
{
    Fixture fixture;
    constexpr std::int64_t day = 86400;
    std::vector<std::string> ids;
    for (const std::int64_t time : {now, now, now - day, now - 2 * day, now + day, now}) {
        ids.push_back(Journal::create(fixture.state, "example.com", time).value().id());
    }
    auto sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == ids);
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    CHECK(list_runs(fixture.state).value().at(0).id == ids.back());
    CHECK(list_runs(fixture.state).value().at(0).when == now);
    // A folder of another name neither stops nor misleads.
    fs::create_directories(fixture.state / "runs/zzz");
    CHECK(Journal::create(fixture.state, "example.com", now).value().id() > ids.back());

    std::vector<std::optional<Journal>> held(20);
    std::vector<std::thread> threads;
    for (auto& place : held) {
        threads.emplace_back([&] {
            if (auto journal = Journal::create(fixture.state, "example.com", now + 2 * day)) {
                place.emplace(std::move(*journal));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::set<std::string> different;
    for (const auto& journal : held) {
        REQUIRE(journal);
        different.insert(journal->id());
    }
    CHECK(different.size() == held.size());
}

TEST_CASE("a hostile database's triggers and views do nothing")
{
    Fixture fixture;
    {
        SQLite::Database database(fixture.database.string(), SQLite::OPEN_READWRITE);
        database.exec(
            "CREATE TRIGGER evil AFTER DELETE ON things BEGIN DELETE FROM things; END;"
            "CREATE TRIGGER worse AFTER INSERT ON things BEGIN DELETE FROM things; END");
    }
    const std::string before = dump(fixture.database, "things");
    auto journal = fixture.recorded({fixture.row("one", "things", "1")});
    REQUIRE(fixture.erase(journal).empty());
    REQUIRE(dump(fixture.database, "things").find("quote's") != std::string::npos);
    REQUIRE(fixture.undo(journal).problems.empty());
    REQUIRE(dump(fixture.database, "things") == before);
}

TEST_CASE("looking into a database leaves no trace, with and without pending changes")
{
    Fixture fixture;
    SECTION("no journal") {}
    SECTION("write-ahead log with rows that are not in the database yet")
    {
        const fs::path live = fixture.folder / "live";
        fs::create_directories(live);
        SQLite::Database writer((live / "Data").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        writer.exec(
            "PRAGMA journal_mode = WAL; CREATE TABLE things(host TEXT); INSERT INTO things VALUES('in the log')");
        put(fixture.database, get(live / "Data"));
        put(fixture.database.string() + "-wal", get(live / "Data-wal"));
        const std::string before = snapshot(fixture.profile.path);
        auto reader = rows::Reader::open(fixture.database);
        REQUIRE(reader);
        REQUIRE(reader->database().execAndGet("SELECT host FROM things").getString() == "in the log");
        REQUIRE(snapshot(fixture.profile.path) == before);
    }
    const std::string before = snapshot(fixture.profile.path);
    {
        auto reader = rows::Reader::open(fixture.database);
        REQUIRE(reader);
        REQUIRE(reader->database().execAndGet("SELECT count(*) FROM things").getInt() >= 1);
        REQUIRE(snapshot(fixture.profile.path) == before);
    }
    REQUIRE(snapshot(fixture.profile.path) == before);
}

TEST_CASE("what is not a database is said to be none", "[not-windows]")
{
    TempFolder folder;
    put(folder / "garbage", std::string(5000, 'g'));
    fs::create_symlink(folder / "garbage", folder / "link");
    CHECK(rows::Reader::open(folder / "garbage").error().code == Code::corrupt);
    CHECK(rows::Reader::open(folder / "absent").error().code == Code::not_found);
    CHECK(rows::Reader::open(folder / "link").error().code == Code::unsupported);
    CHECK(rows::Reader::open(folder.path()).error().code == Code::unsupported);
}

TEST_CASE("recording changes nothing in a profile, not even a write-ahead log or a half-done transaction")
{
    Fixture fixture;
    {
        // Both are left by a browser that did not end by itself: copied while a connection has them open.
        SQLite::Database opened(fixture.database.string(), SQLite::OPEN_READWRITE);
        const bool by_log = GENERATE(true, false);
        opened.exec(by_log ? "PRAGMA journal_mode = WAL" : "PRAGMA cache_size = 1; PRAGMA cache_spill = 1");
        opened.exec(by_log ? "INSERT INTO things VALUES('d', 1, 'pending', 0, 0)"
                           : "BEGIN; UPDATE things SET value = zeroblob(100000)");
        fs::copy(fixture.profile.path, fixture.folder / "copy", fs::copy_options::recursive);
        if (!by_log) {
            opened.exec("ROLLBACK");
        }
    }
    fs::remove_all(fixture.profile.path);
    fs::rename(fixture.folder / "copy", fixture.profile.path);
    const std::string before = testing::snapshot(fixture.profile.path);
    REQUIRE((before.find("-wal") != before.npos || before.find("-journal") != before.npos));
    const auto journal = fixture.recorded({fixture.row("one", "things", "1"), fixture.row("two", "things", "2")});
    CHECK(testing::snapshot(fixture.profile.path) == before);
}

TEST_CASE("a file that is in both places was in the middle of its move: it is as it was")
{
    Fixture fixture;
    put(fixture.profile.path / "Files/cut", "same");
    put(fixture.profile.path / "Files/whole", "whole");
    auto journal = fixture.recorded({fixture.file("cut", {"cut"}), fixture.file("whole", {"whole"})});
    REQUIRE(fixture.erase(journal).empty());
    std::string expected = "same";
    SECTION("the same")
    {
        put(fixture.profile.path / "Files/cut", "same");
    }
    SECTION("another one of its name has come back")
    {
        put(fixture.profile.path / "Files/cut", expected = "Same");
    }
    const auto undone = fixture.undo(journal);
    CHECK(undone.problems.empty());
    CHECK(undone.stores.at(0).refused.size() == (expected == "same" ? 0 : 1));
    CHECK(undone.stores.at(0).restored == (expected == "same" ? 2 : 1));
    CHECK(get(fixture.profile.path / "Files/cut") == expected);
    CHECK(get(fixture.profile.path / "Files/whole") == "whole");
}
