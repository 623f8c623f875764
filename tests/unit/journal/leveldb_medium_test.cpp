// Pairs of a LevelDB that a run takes out: also those versions of them that nobody reads.

#include "journal/apply.h"
#include "journal/undo.h"

#include <leveldb/db.h>

#include <SQLiteCpp/Database.h>

#include "containers/leveldb/database.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get_pairs;
using testing::Pairs;
using testing::TempFolder;

namespace {

Result<void> free_to_go()
{
    return {};
}

/// A database with a pair of ours and one of theirs, and one of each that was removed again.
struct Profiled {
    TempFolder folder;
    Profile profile{"chrome", "Default", "Person 1", folder / "udd", folder / "udd/Default", folder / "udd/Default"};
    fs::path database = profile.path / "leveldb";
    Journal journal = Journal::create(folder / "state", "example.com", 1'800'000'000).value();

    Profiled()
    {
        testing::put_pairs(database, {{"ours|a", "1"}, {"ours|gone", "1"}, {"theirs|a", "1"}, {"theirs|gone", "1"}});
        leveldb::DB* opened = nullptr;
        REQUIRE(leveldb::DB::Open({}, database.string(), &opened).ok());
        const std::unique_ptr<leveldb::DB> closer(opened);
        REQUIRE(opened->Delete({}, "ours|gone").ok());
        REQUIRE(opened->Delete({}, "theirs|gone").ok());
    }

    void carry_out(const std::vector<FormerKeys>& former)
    {
        Item item{.label = "entry"};
        item.pieces.push_back({Medium::pair, database.string(), "", "ours|a"});
        REQUIRE(journal.record(profile, Kind::storage, "Local storage", std::vector{item}, former));
        REQUIRE(journal.seal());
    }

    std::set<std::string> versions() const
    {
        std::set<std::string> keys;
        REQUIRE(pairs::Reader::open(database)->each_version_from("", [&](std::string_view key) {
            keys.emplace(key);
            return pairs::Reader::Next();
        }));
        return keys;
    }
};

using Keys = std::set<std::string>;

}  // namespace

TEST_CASE("all versions of a site's keys go with its pairs, and other sites' stay as they are")
{
    Profiled run;
    const bool known = GENERATE(true, false);
    std::vector<FormerKeys> former;
    if (known) {
        former = {{run.database.string(), "ours|", "ours}"}, {"/another/database", "theirs|", "theirs}"}};
    }
    run.carry_out(former);
    SECTION("as it is now") {}
    SECTION("from a journal of an earlier version")
    {
        run.journal.database().exec("DROP TABLE former_pairs");
        former.clear();
    }
    HeldLocks locks;
    REQUIRE(carry_out(run.journal, run.profile, free_to_go, locks).empty());
    locks.clear();
    CHECK(run.versions() == (former.empty() ? Keys{"theirs|a"} : Keys{"theirs|a", "theirs|gone"}));
    CHECK(get_pairs(run.database) == Pairs{{"theirs|a", "1"}});
    REQUIRE(undo_profile(run.journal, 1, run.profile, free_to_go, locks).stores.at(0).refused.empty());
    locks.clear();
    CHECK(get_pairs(run.database) == Pairs{{"ours|a", "1"}, {"theirs|a", "1"}});
    CHECK_FALSE(run.versions().contains("ours|gone"));
}
