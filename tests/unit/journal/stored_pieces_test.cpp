// What a journal keeps is proved before anything is put back from it; and what is newer makes room only if asked to.

#include "journal/stored_pieces.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "journal/apply.h"
#include "journal/undo.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get;
using testing::put;
using testing::TempFolder;

namespace {

constexpr std::int64_t now = 1'800'000'000;

Result<void> free_to_go()
{
    return {};
}

/// Two rows and two files, taken out.
struct Taken {
    TempFolder folder;
    fs::path state = folder / "state";
    Profile profile{"chrome", "Default", "Person 1", folder / "udd", folder / "udd/Default", folder / "udd/Default"};
    fs::path database = profile.path / "Data";
    fs::path files = profile.path / "Files";
    std::optional<Journal> journal;

    Taken()
    {
        put(files / "one", "old 1");
        put(files / "tree/deep/two", "old 2");
        SQLite::Database(database.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
            .exec("CREATE TABLE things(host TEXT UNIQUE, value); INSERT INTO things VALUES('a', 1), ('b', 2)");
        const auto item = [&](const std::string& label, const Medium& medium, const fs::path& container,
                              const std::string& table, const std::string& key) {
            Item made;
            made.label = label;
            made.pieces.push_back({medium, container.string(), table, key});
            return made;
        };
        const std::vector<Item> items{
            item("row a", Medium::row, database, "things", "1"), item("row b", Medium::row, database, "things", "2"),
            item("one", Medium::file, files, "", "one"), item("tree", Medium::file, files, "", "tree")};
        journal.emplace(Journal::create(state, "example.com", now).value());
        REQUIRE(journal->record(profile, Kind::storage, "Things", items));
        REQUIRE(journal->seal());
        HeldLocks locks;
        REQUIRE(carry_out(*journal, profile, free_to_go, locks).empty());
        REQUIRE(journal->set_state(Journal::State::done));
        REQUIRE(check_run(*journal).empty());
    }

    ProfileUndone undo()
    {
        HeldLocks locks;
        return undo_profile(*journal, journal->profiles().at(0).first, profile, free_to_go, locks);
    }

    std::string value_of(const std::string& host) const
    {
        SQLite::Database opened(database.string(), SQLite::OPEN_READONLY);
        SQLite::Statement query(opened, "SELECT value FROM things WHERE host = ?");
        query.bind(1, host);
        return query.executeStep() ? query.getColumn(0).getString() : "none";
    }

    /// Of the only file with this content.
    fs::path stored(const std::string& content) const
    {
        for (const auto& entry : fs::recursive_directory_iterator(journal->files_folder())) {
            if (entry.is_regular_file() && get(entry.path()) == content) {
                return entry.path();
            }
        }
        return {};
    }
};

}  // namespace

TEST_CASE("a stored piece that is not whole is named, its item stays away, and all others come back")
{
    Taken taken;
    std::string label;
    SECTION("a file is gone")
    {
        label = "one";
        fs::remove(taken.stored("old 1"));
    }
    SECTION("a file is shorter")
    {
        label = "one";
        put(taken.stored("old 1"), "old");
    }
    SECTION("a file has another content")
    {
        label = "one";
        put(taken.stored("old 1"), "odd 1");
    }
    SECTION("a file of a folder is gone")
    {
        label = "tree";
        fs::remove(taken.stored("old 2"));
    }
    SECTION("a file of a folder has another name")
    {
        label = "tree";
        const fs::path file = taken.stored("old 2");
        fs::rename(file, file.parent_path() / "three");
    }
    SECTION("a row has another value")
    {
        label = "row a";
        taken.journal->database().exec("UPDATE mirror_1 SET c1 = 7 WHERE c0 = 'a'");
    }
    SECTION("a row's value has another type")
    {
        label = "row a";
        taken.journal->database().exec("UPDATE mirror_1 SET c1 = '1' WHERE c0 = 'a'");
    }
    SECTION("a row is gone")
    {
        label = "row a";
        taken.journal->database().exec("DELETE FROM mirror_1 WHERE c0 = 'a'");
    }
    SECTION("a row has another item's number, or that of none")
    {
        label = "row a";
        taken.journal->database().exec("UPDATE mirror_1 SET item = x'00' WHERE c0 = 'a'");
    }
    const auto problems = check_run(*taken.journal);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].code == Code::corrupt);
    CHECK(problems[0].what.find(label + " cannot be put back") == 0);

    const auto undone = taken.undo();
    REQUIRE(undone.problems.size() == 1);
    CHECK(undone.problems[0].what == problems[0].what);
    CHECK(undone.stores.at(0).restored == 3);
    CHECK((taken.value_of("a") == "1") == (label != "row a"));
    CHECK(taken.value_of("b") == "2");
    CHECK(fs::exists(taken.files / "one") == (label != "one"));
    CHECK(fs::exists(taken.files / "tree") == (label != "tree"));
}

TEST_CASE("what was put back, and removed by the browser since, is not missing from the run")
{
    Taken taken;
    REQUIRE(taken.undo().problems.empty());
    CHECK(check_run(*taken.journal).empty());
    fs::remove(taken.files / "one");
    CHECK(check_run(*taken.journal).empty());
}

TEST_CASE("what came back makes room for the older one, and is kept in a run of its own")
{
    Taken taken;
    put(taken.files / "one", "new 1");
    SQLite::Database(taken.database.string(), SQLite::OPEN_READWRITE).exec("INSERT INTO things VALUES('a', 'newer')");
    CHECK(taken.undo().stores.at(0).refused == std::vector<std::string>{"row a", "one"});
    CHECK(get(taken.files / "one") == "new 1");

    auto aside = taken.journal->create_beside(now).value();
    HeldLocks locks;
    const std::int64_t profile = taken.journal->profiles().at(0).first;
    CHECK(make_room(*taken.journal, aside, profile, taken.profile, free_to_go, locks).value() == 2);
    const auto undone = taken.undo();
    CHECK(undone.problems.empty());
    CHECK(undone.stores.at(0).restored == 4);
    CHECK(get(taken.files / "one") == "old 1");
    CHECK(taken.value_of("a") == "1");

    // The newer is whole in its run, and comes back once its place is free again.
    CHECK(check_run(aside).empty());
    fs::remove(taken.files / "one");
    SQLite::Database(taken.database.string(), SQLite::OPEN_READWRITE).exec("DELETE FROM things WHERE host = 'a'");
    CHECK(undo_profile(aside, aside.profiles().at(0).first, taken.profile, free_to_go, locks).stores.at(0).restored ==
          2);
    CHECK(get(taken.files / "one") == "new 1");
    CHECK(taken.value_of("a") == "newer");
}

TEST_CASE("a run is over seven days after it was made, if its dates and the clock can be believed")
{
    constexpr std::int64_t day = 24 * 3600;
    RunSummary run;
    run.id = "20270115T080000Z-0000";
    run.when = run.changed = now;
    CHECK(expiry_of(run, now) == Expiry::no);
    CHECK(expiry_of(run, now + 7 * day) == Expiry::no);
    CHECK(expiry_of(run, now + 7 * day + 1) == Expiry::yes);
    CHECK(expiry_of(run, now + 91 * day) == Expiry::doubtful);
    CHECK(expiry_of(run, now - 2 * day) == Expiry::doubtful);
    run.changed = now + 6 * day;  // undone late
    CHECK(expiry_of(run, now + 8 * day) == Expiry::no);
    run.changed = now - 30 * day;
    CHECK(expiry_of(run, now + 8 * day) == Expiry::doubtful);
    run.changed = now;
    run.id = "20200101T000000Z-0000";
    CHECK(expiry_of(run, now + 8 * day) == Expiry::doubtful);
}

TEST_CASE("a journal that does not say any more what was taken out from where cannot prove that all is back")
{
    Taken taken;
    const std::string sql = GENERATE(
        as<std::string>(), "DELETE FROM items WHERE label = 'one'", "UPDATE items SET store = 7 WHERE label = 'one'",
        "DELETE FROM item_containers WHERE item = 1", "UPDATE files SET key = 'other' WHERE key = 'one'",
        "UPDATE mirrors SET identity = 'host'", "UPDATE mirror_columns SET name = 'host'",
        "UPDATE run SET site = 'other.example'", "PRAGMA user_version = 1");
    CAPTURE(sql);
    CHECK(taken.journal->check_seal());
    taken.journal->database().exec(sql);
    const auto problems = check_run(*taken.journal);
    REQUIRE_FALSE(problems.empty());
    CHECK(problems[0].code == Code::corrupt);
    CHECK(problems[0].what.find("nobody can say whether all is back") != std::string::npos);
}

TEST_CASE("how far a run has come, and what of it is back, is nothing that its seal covers")
{
    Taken taken;
    REQUIRE(taken.undo().problems.empty());
    REQUIRE(taken.journal->set_state(Journal::State::undone));
    CHECK(taken.journal->check_seal());
    put(taken.journal->folder() / "sealed", "");  // as 0.1.0 sealed
    taken.journal->database().exec("DELETE FROM items");
    CHECK(taken.journal->check_seal());
}
