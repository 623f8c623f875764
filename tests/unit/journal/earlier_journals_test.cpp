// Journals that other versions of unstick made: those of earlier ones still undo, those of later ones are left alone.
//
// tests/golden/journal-0.1.0 is the run of unstick 0.1.0 (334f343) on what `profile_tool make` writes:
//     unstick fix stuck.test --yes --retest none --with auth,network,passwords,permissions
// Its home folder was renamed to /home/of-the-run in the database; the database was vacuumed.

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "containers/sqlite/database.h"
#include "journal/journal.h"
#include "journal/medium.h"
#include "tests/fixtures/fake_keychain.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::Home;

namespace {

constexpr const char* run_id = "20261129T123501Z-0000";

const Adapter& chromium()
{
    const auto all = adapters();
    return *std::find_if(all.begin(), all.end(), [](const Adapter& adapter) { return adapter.id == "chromium"; });
}

/// A home as the run of 0.1.0 left it, and that run's journal.
struct Earlier {
    Home home{chromium(), chromium().roots[0], {"stuck.test", "other.test"}};
    std::set<std::string> before = home.seen();
    fs::path state = home.request(Command::undo).state_dir;
    fs::path database = state / "runs" / run_id / "journal.db";

    Earlier()
    {
        Request fix = home.request(Command::fix, all_kinds());
        fix.no_undo = true;
        REQUIRE(home.go(fix).exit_code == Exit::ok);
        REQUIRE(home.seen() != before);
        fs::create_directories(database.parent_path());
        fs::copy(fs::path(UNSTICK_GOLDEN) / "journal-0.1.0", database.parent_path(), fs::copy_options::recursive);
        for (const char* column : {"profiles SET root = replace(root", "profiles SET path = replace(path",
                                   "profiles SET cache = replace(cache", "containers SET path = replace(path"}) {
            change(std::string("UPDATE ") + column + ", '/home/of-the-run', '" + (home.folder / "home").string() +
                   "')");
        }
    }

    void change(const std::string& sql) const { SQLite::Database(database.string(), SQLite::OPEN_READWRITE).exec(sql); }
};

/// Makes of a run's journal what 0.1.0 would have written: media by their numbers, and no sums. What is
/// in the tables of the media was the same. Value: the numbers that are in it.
std::set<int> make_of_0_1_0(const fs::path& run)
{
    constexpr std::array numbered{Medium::file,   Medium::pair,  Medium::row,   Medium::json,
                                  Medium::record, Medium::entry, Medium::plist, Medium::keychain};
    SQLite::Database journal((run / "journal.db").string(), SQLite::OPEN_READWRITE);
    journal.exec(
        "ALTER TABLE containers RENAME TO named;"
        "CREATE TABLE containers(id INTEGER PRIMARY KEY, store INTEGER, medium INTEGER, path TEXT)");
    std::set<int> numbers;
    for (std::size_t number = 0; number < numbered.size(); ++number) {
        SQLite::Statement insert(journal,
                                 "INSERT INTO containers SELECT id, store, ?, path FROM named WHERE medium = ?");
        insert.bind(1, static_cast<int>(number));
        insert.bind(2, std::string(numbered.at(number).name));
        if (insert.exec() > 0) {
            numbers.insert(static_cast<int>(number));
        }
    }
    journal.exec("DROP TABLE named; DROP TABLE pieces; PRAGMA user_version = 1");
    testing::put(run / "sealed", "");  // with no sum in it
    return numbers;
}

/// All that is in a home, and in the keychain of its computer.
std::multiset<std::string> all_of(const Home& home, const testing::FakeMac& mac)
{
    const auto seen = home.seen();
    std::multiset<std::string> all(seen.begin(), seen.end());
    for (const testing::Credential& one : mac.credentials) {
        all.insert(testing::printed(one, "") + one.password);
    }
    return all;
}

/// Fixes and undoes, with a journal of 0.1.0 between. Value: the numbers of media that were in it.
std::set<int> undo_as_of_0_1_0(Home& home, testing::FakeMac& mac)
{
    const auto before = all_of(home, mac);
    Request fix = home.request(Command::fix, all_kinds());
    fix.yes = true;
    const Report fixed = run(fix, mac, testing::all_adapters(), {});
    REQUIRE(fixed.exit_code == Exit::ok);
    REQUIRE(all_of(home, mac) != before);
    const auto numbers = make_of_0_1_0(fix.state_dir / "runs" / fixed.run);
    const Report undone = run(home.request(Command::undo), mac, testing::all_adapters(), {});
    CHECK(undone.exit_code == Exit::ok);
    CHECK(undone.verdict.code == "restored");
    CHECK(all_of(home, mac) == before);
    return numbers;
}

}  // namespace

TEST_CASE("each medium of a run of 0.1.0 is undone, by its number")
{
    testing::FakeMac mac;
    Home chromium_home("chromium", testing::all_hosts(), testing::CacheKind::blockfile);
    std::set<int> numbers = undo_as_of_0_1_0(chromium_home, mac);

    Home safari("safari");
    testing::put(safari.folder / "home/Library/Keychains/login.keychain-db", "kych");
    mac.credentials = {testing::credential("stuck.test", "ann", "http"),
                       testing::credential("other.test", "ann", "http")};
    numbers.merge(undo_as_of_0_1_0(safari, mac));
    CHECK(numbers == std::set<int>{0, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("a run of 0.1.0 is undone")
{
    Earlier earlier;
    REQUIRE(list_runs(earlier.state).value().at(0).state == "done");
    const Report report = earlier.home.go(Command::undo);
    CHECK(report.exit_code == Exit::ok);
    CHECK(report.run == run_id);
    CHECK(earlier.home.seen() == earlier.before);
    CHECK(list_runs(earlier.state).value().at(0).state == "undone");
}

TEST_CASE("a run with a schema, a state or a medium that is not known is left alone, and named")
{
    Earlier earlier;
    earlier.change(GENERATE(as<std::string>(), "PRAGMA user_version = 3", "PRAGMA user_version = 99",
                            "PRAGMA user_version = 0", "PRAGMA user_version = -1", "UPDATE run SET state = 'paused'",
                            "UPDATE containers SET medium = 99 WHERE medium = 1",
                            "UPDATE containers SET medium = -1 WHERE medium = 1",
                            "UPDATE containers SET medium = 'tape' WHERE medium = 1"));
    const auto before = earlier.home.seen();
    const std::string journal = testing::get(earlier.database);

    const Report report = earlier.home.go(Command::undo);
    CHECK(report.exit_code == Exit::partial);
    CHECK(report.problems.at(0).code == Code::unsupported);
    CHECK(report.problems.at(0).what == "this run was made by another version of unstick");
    CHECK(earlier.home.seen() == before);
    CHECK(testing::get(earlier.database) == journal);

    earlier.home.host.clock += std::int64_t{30} * 24 * 3600;  // its time is over
    (void)earlier.home.go(Command::fix);
    REQUIRE(list_runs(earlier.state).value().size() == 1);
    CHECK(list_runs(earlier.state).value()[0].state == "other-version");
    CHECK(testing::get(earlier.database) == journal);
}

TEST_CASE("each medium has a name, a place in the order of removal and tables of its own")
{
    const Media media = media_of({});
    std::set<std::string_view> names;
    std::set<int> orders;
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (const MediumOps* medium : media) {
        names.insert(medium->name);
        orders.insert(medium->order);
        database.exec(medium->schema);
    }
    CHECK(names.size() == media.size());
    CHECK(orders.size() == media.size());
}
