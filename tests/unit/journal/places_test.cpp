// Journals that no unstick wrote as they are: nothing is done by them.

#include "journal/places.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "containers/sqlite/database.h"
#include "journal/apply.h"
#include "journal/journal.h"
#include "journal/medium.h"
#include "journal/undo.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace unstick::testing;

namespace {

/// A run that has taken out a file and a row, closed.
struct Forged {
    TempFolder folder;
    fs::path state = folder / "state";
    Profile profile{"chrome", "Default", "", folder / "udd", folder / "udd/Default", folder / "cache/Default"};
    std::string id;

    Forged()
    {
        put(profile.path / "Files/one", "1");
        {
            SQLite::Database made((profile.path / "Data").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            made.exec("CREATE TABLE things(host TEXT); INSERT INTO things VALUES('a'), ('b')");
        }
        Item item;
        item.label = "one";
        item.pieces = {{Medium::file, (profile.path / "Files").string(), "", "one"},
                       {Medium::row, (profile.path / "Data").string(), "things", "1"}};
        auto journal = Journal::create(state, "example.com", 1'800'000'000);
        REQUIRE(journal);
        REQUIRE(journal->record(profile, Kind::storage, "Things", std::vector{item}));
        REQUIRE(journal->seal());
        id = journal->id();
        HeldLocks locks;
        REQUIRE(carry_out(
                    *journal, profile, [] { return Result<void>(); }, locks)
                    .empty());
        REQUIRE_FALSE(fs::exists(profile.path / "Files/one"));
    }

    fs::path run() const { return state / "runs" / id; }

    void change(const std::string& sql) const
    {
        SQLite::Database database((run() / "journal.db").string(), SQLite::OPEN_READWRITE);
        database.exec(sql);
    }
    /// What opening it says; nothing may have changed.
    Error refusal() const
    {
        const std::string before = snapshot(folder / "udd") + snapshot(run());
        const auto opened = Journal::open(state, id);
        const auto looked = Journal::look(state, id);
        REQUIRE_FALSE(opened);
        REQUIRE_FALSE(looked);
        CHECK(looked.error().code == opened.error().code);
        CHECK(snapshot(folder / "udd") + snapshot(run()) == before);
        return opened.error();
    }
};

}  // namespace

TEST_CASE("a journal whose places are not below its profile is not worked from")
{
    const Forged forged;
    const std::string outside = (forged.folder / "home/.ssh").string();
    const std::string profile = forged.profile.path.string();
    const std::string sql = GENERATE_COPY(
        "UPDATE containers SET path = '" + outside + "' WHERE medium = 'file'",
        "UPDATE containers SET path = '" + profile + "/../../home/.ssh' WHERE medium = 'file'",
        "UPDATE containers SET path = '" + profile + "x/Files' WHERE medium = 'file'",
        std::string("UPDATE containers SET path = 'Files' WHERE medium = 'file'"),
        "UPDATE containers SET path = '" + outside + "/login.keychain-db', medium = 'keychain' WHERE medium = 'file'",
        std::string("UPDATE containers SET store = 77"), std::string("DELETE FROM profiles"),
        std::string("UPDATE profiles SET path = '', cache = ''"),
        std::string("UPDATE files SET key = '../../../home/.ssh/authorized_keys'"),
        std::string("UPDATE files SET key = char(0)"), std::string("UPDATE files SET key = 'one' || char(0) || 'two'"),
        std::string("UPDATE containers SET path = path || char(0) WHERE medium = 'file'"),
        "UPDATE files SET key = '" + outside + "/authorized_keys'", std::string("UPDATE files SET key = ''"),
        std::string("UPDATE files SET key = '.'"),
        std::string("CREATE TABLE f2 AS SELECT container, item, key, '../../../secret' AS stored FROM files;"
                    "DROP TABLE files; ALTER TABLE f2 RENAME TO files"));
    CAPTURE(sql);
    forged.change(sql);
    const Error error = forged.refusal();
    CHECK(error.code == Code::corrupt);
    CHECK(error.where == "run " + forged.id);
    CHECK_FALSE(fs::exists(outside));
    CHECK(list_runs(forged.state).value().size() == 1);
    CHECK(erase_run(forged.state, forged.id));
}

TEST_CASE(
    "a rollback journal beside a run's own that names a file elsewhere is not rolled back: SQLite would delete that "
    "file")
{
    const Forged forged;
    const fs::path outside = forged.folder / GENERATE("authorized_keys", "journal.db-mj01");
    put(outside, "mine");
    const std::string name = outside.string();
    const std::string magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
    const auto number = [](std::uint32_t value) {
        std::string bytes;
        for (const unsigned shift : {24U, 16U, 8U, 0U}) {
            bytes += static_cast<char>(value >> shift & 0xffU);
        }
        return bytes;
    };
    std::uint32_t sum = 0;
    for (const char c : name) {
        sum += static_cast<unsigned char>(c);
    }
    put(forged.run() / "journal.db-journal", magic + std::string(504, '\0') + number(0x40000000) + name +
                                                 number(static_cast<std::uint32_t>(name.size())) + number(sum) + magic);
    CHECK(forged.refusal().code != Code::not_found);
    CHECK(get(outside) == "mine");
}

TEST_CASE("what a journal calls a row's key gets into SQL only if it is one")
{
    const Forged forged;
    const std::string key = GENERATE(as<std::string>(), "1) OR (1", "1) = (1", "(SELECT 1)", "rowid", "'a' || 'b'", "",
                                     "1,", "'a", "X'0g'", "1;DROP TABLE things", "--", "1 ", "e5", "-", "1e", "NULLx");
    CAPTURE(key);
    {
        SQLite::Database database((forged.run() / "journal.db").string(), SQLite::OPEN_READWRITE);
        SQLite::Statement update(database, "UPDATE mirror_1 SET source_key = ?");
        update.bind(1, key);
        REQUIRE(update.exec() == 1);
    }
    CHECK(forged.refusal().code == Code::corrupt);
    CHECK_FALSE(rows::is_key(key));
    CHECK(rows::RowName{{"rowid"}}.condition(key) == "0");
}

TEST_CASE("keys as SQLite itself writes them are keys")
{
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (const char* value : {"1", "-9223372036854775808", "1.5", "-1e300", "1e-300", "NULL", "'it''s, '''", "''",
                              "x''", "x'00ff'", "'a)b('"}) {
        CAPTURE(value);
        const std::string quoted = database.execAndGet(std::string("SELECT quote(") + value + ")").getString();
        CHECK(rows::is_key(quoted));
        CHECK(rows::is_key(quoted + "," + quoted));
    }
}

TEST_CASE("a journal as it was written is worked from")
{
    const Forged forged;
    auto journal = Journal::open(forged.state, forged.id);
    REQUIRE(journal);
    HeldLocks locks;
    const auto profiles = journal->profiles();
    const auto undone = undo_profile(
        *journal, profiles.at(0).first, profiles.at(0).second, [] { return Result<void>(); }, locks);
    CHECK(undone.problems.empty());
    CHECK(get(forged.profile.path / "Files/one") == "1");
}

TEST_CASE("a run that others can write to, or that is theirs, is named and nothing is done by it")
{
    const Forged forged;
    const std::string name = GENERATE(as<std::string>(), "..", ".", "files", "journal.db");
    const fs::path place = fs::canonical(forged.run() / name);
    CAPTURE(name);
    std::string help;
    SECTION("others can write to it")
    {
        REQUIRE(::chmod(place.c_str(), fs::is_directory(place) ? 0770 : 0660) == 0);
        help = "chmod go-w ";
    }
    SECTION("it is somebody else's")
    {
        if (::geteuid() != 0) {
            WARN("not root: nothing can be made somebody else's");
            return;
        }
        REQUIRE(::chown(place.c_str(), 20001, 20001) == 0);
        help = "chown root ";
    }
    const Error error = forged.refusal();
    CHECK(error.code == Code::denied);
    CHECK(error.where == place.string());
    CHECK(error.hint.find(help) != std::string::npos);
    CHECK(list_runs(forged.state).value().at(0).state == "not-ours");
    if (name == "..") {
        const auto made = Journal::create(forged.state, "example.com", 1'800'000'000);
        REQUIRE_FALSE(made);
        CHECK(made.error().code == Code::denied);
    }
}

TEST_CASE("half-done copies in the folder of a run go when it is tidied up")
{
    const Forged forged;
    const fs::path files = forged.run() / "files";
    for (const char* name : {"7.unstick-part/Cookies", "8.part", "9"}) {
        put(files / name, "SECRET");
    }
    auto journal = Journal::open(forged.state, forged.id);
    REQUIRE(journal);
    media::tidy(*journal);
    CHECK_FALSE(fs::exists(files / "7.unstick-part"));
    CHECK_FALSE(fs::exists(files / "8.part"));
    CHECK(fs::exists(files / "9"));
}
