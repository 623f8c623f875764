// The notes of a run about folders that it replaces.

#include "journal/replacements.h"

#include "journal/undo.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get;
using testing::put;
using testing::TempFolder;
using Step = Replacement::Step;

namespace {

constexpr std::int64_t now = 1'800'000'000;

Result<void> free_to_go()
{
    return {};
}

/// A LevelDB of two sites, of which one is in a journal that is sealed: nothing has been removed yet.
struct Recorded {
    TempFolder folder;
    Profile profile{"chrome", "Default", "Person 1", folder / "udd", folder / "udd/Default", folder / "udd/Default"};
    fs::path database = profile.path / "leveldb";
    fs::path old = profile.path / "leveldb.unstick-old";
    fs::path fresh = profile.path / "leveldb.unstick-new";
    std::optional<Journal> journal;

    Recorded()
    {
        testing::put_pairs(database, {{"ours", "old"}, {"theirs", "old"}});
        Item item{.label = "entry"};
        item.pieces.push_back({Medium::pair, database.string(), "", "ours"});
        journal.emplace(Journal::create(folder / "state", "example.com", now).value());
        REQUIRE(journal->record(profile, Kind::storage, "Local storage", std::vector{item}));
        REQUIRE(journal->seal());
    }
    Container container() const { return journal->containers(1).at(0); }
    ProfileUndone undo()
    {
        HeldLocks locks;
        return undo_profile(*journal, 1, profile, free_to_go, locks);
    }
    /// As a kill between the two renames leaves it.
    void cut_off()
    {
        fs::rename(database, old);
        testing::put_pairs(fresh, {{"theirs", "old"}});
        const Replacement prepared{.step = Step::prepared, .fresh = {files::info(fresh)->number, "content"}};
        REQUIRE(journal->replacements().note(container().id, prepared));
    }
};

}  // namespace

TEST_CASE("notes are read again as they were written; a last line that is not whole says nothing")
{
    const TempFolder folder;
    const Replacement first{.step = Step::prepared, .fresh = {77, std::string("\0\xff and more", 11)}, .kept = ""};
    const Replacement second{.step = Step::finished, .fresh = {0, ""}, .kept = "odd \n name"};
    {
        Replacements notes(folder.path());
        CHECK(notes.known(1).value() == std::nullopt);
        CHECK_FALSE(fs::exists(folder / "replacements"));  // looking leaves no trace
        REQUIRE(notes.note(1, first));
        REQUIRE(notes.note(2, {.step = Step::in_place}));
        REQUIRE(notes.note(2, second));
        REQUIRE(notes.note(2, {.step = Step::in_place}));  // the next replacement of the same folder
        CHECK(notes.known(2).value()->kept == second.kept);
        REQUIRE(notes.note(2, second));
    }
    const std::string whole = get(folder / "replacements");
    put(folder / "replacements", whole + "1 finished 0");
    {
        Replacements notes(folder.path());
        const auto one = notes.known(1).value();
        REQUIRE(one);
        CHECK(one->step == Step::prepared);
        CHECK(one->fresh.number == 77);
        CHECK(one->fresh.content == first.fresh.content);
        const auto two = notes.known(2).value();
        REQUIRE(two);
        CHECK(two->step == Step::finished);
        CHECK(two->kept == second.kept);
        notes.end();
        CHECK(fs::exists(folder / "replacements"));  // not all of them are finished
        REQUIRE(notes.note(1, {.step = Step::in_place}));
    }
    CHECK(get(folder / "replacements").starts_with(whole + "1 in-place 0 - -\n"));
    {
        Replacements notes(folder.path());
        CHECK(notes.known(1).value()->step == Step::in_place);
        REQUIRE(notes.note(1, {.step = Step::finished}));
        notes.end();
    }
    CHECK_FALSE(fs::exists(folder / "replacements"));
}

TEST_CASE("what says no step, or leads out of a folder, is not believed")
{
    const TempFolder folder;
    const std::string line = GENERATE("1 done 0 - -\n", "1 in-place\n", "1 in-place 0 - - -\n", "1 in-place x - -\n",
                                      "1 in-place 0 0 -\n", "1 in-place 0 - 2e2e2f61\n", "\n");
    put(folder / "replacements", line + "2 in-place 0 - -\n");
    Replacements notes(folder.path());
    CHECK(notes.known(1).value() == std::nullopt);
    CHECK(notes.known(2).value() == std::nullopt);
}

TEST_CASE("notes that cannot be read are none that are missing")
{
    const TempFolder folder;
    fs::create_directory(folder / "replacements");
    Replacements notes(folder.path());
    CHECK_FALSE(notes.known(1));
    CHECK_FALSE(notes.note(1, {}));
}

TEST_CASE("undo of a run that was killed between two renames")
{
    Recorded run;
    run.cut_off();
    SECTION("and no browser since")
    {
        const auto undone = run.undo();
        CHECK(undone.problems.empty());
        CHECK(undone.set_aside.empty());
    }
    SECTION("and a browser has made the folder anew")
    {
        testing::put_pairs(run.database, {{"ours", "new"}, {"theirs", "new"}});
        media::tidy(*run.journal);  // any start of unstick, whether or not a browser runs
        CHECK(testing::get_pairs(run.database).at("theirs") == "new");
        CHECK(fs::exists(run.old));
        const auto undone = run.undo();
        CHECK(undone.problems.empty());
        const fs::path kept = run.profile.path / "leveldb.unstick-kept";
        CHECK(undone.set_aside == std::vector{kept});
        CHECK(testing::get_pairs(kept).at("ours") == "new");
        CHECK(run.undo().set_aside == std::vector{kept});  // said again, as long as it is there
        fs::remove_all(kept);
        CHECK(run.undo().set_aside.empty());
    }
    CHECK(testing::get_pairs(run.database) == testing::Pairs{{"ours", "old"}, {"theirs", "old"}});
    CHECK_FALSE(fs::exists(run.old));
    CHECK_FALSE(fs::exists(run.fresh));
}

TEST_CASE("an old version that cannot be removed yet is named, and goes at a later start")
{
    Recorded run;
    put(run.old / "data", "old");
    REQUIRE(run.journal->replacements().note(run.container().id, {.step = Step::in_place}));
    REQUIRE(run.journal->set_state(Journal::State::done));
    const auto left = media::left(*run.journal);
    REQUIRE(left.size() == 1);
    CHECK(left[0].where == run.old.string());
    CHECK(list_runs(run.folder / "state").value().at(0).unsettled);
    media::tidy(*run.journal);
    CHECK_FALSE(fs::exists(run.old));
    CHECK(media::left(*run.journal).empty());
    REQUIRE(run.journal->set_state(Journal::State::done));
    CHECK_FALSE(list_runs(run.folder / "state").value().at(0).unsettled);
}
