// A folder that is replaced, and what a kill in between leaves: settled by what was noted, never by guessing.

#include "containers/replace_folder.h"

#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get;
using testing::put;
using testing::TempFolder;
using Step = Replacement::Step;
namespace fs = std::filesystem;

namespace {

struct Place {
    TempFolder temporary;
    fs::path folder = temporary / "db";
    fs::path fresh = temporary / "db.unstick-new";
    fs::path old = temporary / "db.unstick-old";
    std::vector<Replacement> notes;
    NoteReplacement note = [this](const Replacement& replacement) {
        notes.push_back(replacement);
        return Result<void>();
    };

    /// Which version lies where, as "NAME=CONTENT NAME=CONTENT".
    std::string seen() const
    {
        std::map<std::string, std::string> versions;
        for (const auto& entry : fs::directory_iterator(temporary.path())) {
            versions[entry.path().filename().string()] = get(entry.path() / "data");
        }
        std::string text;
        for (const auto& [name, content] : versions) {
            text += (text.empty() ? "" : " ") + name + "=" + content;
        }
        return text;
    }

    bool settle(std::optional<Replacement> known, Hold hold)
    {
        return settle_replaced(folder, std::move(known), hold, note).has_value();
    }

    /// What is noted of a new version before the names change, if it lies here.
    static Replacement prepared(const fs::path& version)
    {
        return {.step = Step::prepared, .fresh = {files::info(version)->number, ""}};
    }
};

Result<void> build(const fs::path& fresh)
{
    return files::write_file(fresh / "data", "new");
}

}  // namespace

TEST_CASE("a folder is replaced, and keeps nothing of its old version")
{
    Place place;
    put(place.folder / "data", "old");
    SECTION("with nothing beside it") {}
    SECTION("with a half-done copy beside it")
    {
        put(place.fresh / "data", "half");
    }
    REQUIRE(replace_folder(place.folder, build, {.note = place.note}));
    CHECK(place.seen() == "db=new");
}

TEST_CASE("a version that cannot be built leaves the folder as it was")
{
    Place place;
    put(place.folder / "data", "old");
    const auto failed = [](const fs::path& fresh) {
        return build(fresh).and_then([]() -> Result<void> { return fail(Code::io, "", "the disk is full"); });
    };
    CHECK(replace_folder(place.folder, failed, {.note = place.note}).error().what == "the disk is full");
    CHECK(place.seen() == "db=old");
}

TEST_CASE("locks in the folder are let go of when the new version is in place, others are kept")
{
    Place place;
    put(place.folder / "data", "old");
    put(place.folder / "LOCK", "");
    put(place.temporary / "LOCK", "");
    HeldLocks locks;
    for (const fs::path& file : {place.folder / "LOCK", place.temporary / "LOCK"}) {
        locks.insert_or_assign(file, files::Lock::take(file).value());
    }
    const auto still_locked = [&](const fs::path& fresh) {
        CHECK(files::Lock::take(place.folder / "LOCK").error().code == Code::locked);
        return build(fresh);
    };
    REQUIRE(replace_folder(place.folder, still_locked, {.note = place.note, .locks = &locks}));
    CHECK(locks.size() == 1);
    CHECK(locks.contains(place.temporary / "LOCK"));
}

TEST_CASE("an earlier replacement that is not settled stops the next one, and nothing of it is touched")
{
    Place place;
    put(place.folder / "data", "of the browser");
    put(place.fresh / "data", "new");
    put(place.old / "data", "old");
    const std::string before = testing::snapshot(place.temporary.path());
    CHECK(replace_folder(place.folder, build, {.note = place.note}).error().code == Code::changed);
    CHECK(testing::snapshot(place.temporary.path()) == before);
}

TEST_CASE("what was cut off before the names changed is removed, whoever holds the profile")
{
    Place place;
    put(place.folder / "data", "old");
    put(place.fresh / "data", "half");
    const bool is_noted = GENERATE(true, false);
    const Hold hold = GENERATE(Hold::yes, Hold::no);
    CHECK(place.settle(is_noted ? std::optional(Place::prepared(place.fresh)) : std::nullopt, hold));
    CHECK(place.seen() == "db=old");
}

TEST_CASE("between the two renames, the old version goes back")
{
    Place place;
    put(place.fresh / "data", "new");
    put(place.old / "data", "old");
    const Hold hold = GENERATE(Hold::yes, Hold::no);
    CHECK(place.settle(Place::prepared(place.fresh), hold));
    CHECK(place.seen() == "db=old");
    CHECK(place.notes.back().step == Step::finished);
}

TEST_CASE("a browser that started between the two renames: the old version goes back, what it made is set aside")
{
    Place place;
    put(place.folder / "data", "of the browser");
    put(place.fresh / "data", "new");
    put(place.old / "data", "old");
    const Replacement known = Place::prepared(place.fresh);
    SECTION("not while the browser may be running")
    {
        CHECK_FALSE(place.settle(known, Hold::no));
        CHECK(place.seen() == "db=of the browser db.unstick-new=new db.unstick-old=old");
    }
    SECTION("when the profile is held")
    {
        CHECK(place.settle(known, Hold::yes));
        CHECK(place.seen() == "db=old db.unstick-kept=of the browser");
        CHECK(place.notes.front().step == Step::prepared);  // noted before it is done
        CHECK(place.notes.front().kept == place.temporary / "db.unstick-kept");
        CHECK(place.notes.back().step == Step::finished);
        CHECK(place.notes.back().kept == place.temporary / "db.unstick-kept");
    }
    SECTION("under a name that nothing has")
    {
        put(place.temporary / "db.unstick-kept/data", "of an earlier time");
        CHECK(place.settle(known, Hold::yes));
        CHECK(place.seen() == "db=old db.unstick-kept=of an earlier time db.unstick-kept-2=of the browser");
    }
    SECTION("and the new version was lost besides")
    {
        fs::remove_all(place.fresh);
        put(place.folder / "more", "of the browser");
        CHECK(place.settle({{.step = Step::prepared, .fresh = {1, "another"}}}, Hold::yes));
        CHECK(place.seen() == "db=old db.unstick-kept=of the browser");
    }
    SECTION("never by what lies there alone")
    {
        CHECK_FALSE(place.settle(std::nullopt, Hold::yes));
        CHECK_FALSE(place.settle({{.step = Step::finished}}, Hold::yes));
        CHECK(place.seen() == "db=of the browser db.unstick-new=new db.unstick-old=old");
    }
}

TEST_CASE("after the two renames, the old version is removed only where the new one is proven to be in place")
{
    Place place;
    put(place.folder / "data", "new");
    put(place.old / "data", "old");
    const Hold hold = GENERATE(Hold::yes, Hold::no);
    SECTION("it was noted")
    {
        CHECK(place.settle({{.step = Step::in_place}}, hold));
        CHECK(place.seen() == "db=new");
    }
    SECTION("it is known by its number, and noted first")
    {
        const Replacement known = Place::prepared(place.folder);
        put(place.folder / "more", "what the browser has written since");
        CHECK(place.settle(known, hold));
        CHECK(place.seen() == "db=new");
        CHECK(place.notes.front().step == Step::in_place);
    }
    SECTION("nothing was noted")
    {
        CHECK_FALSE(place.settle(std::nullopt, hold));
        CHECK(place.seen() == "db=new db.unstick-old=old");
    }
    SECTION("it cannot be noted")
    {
        const auto refuse = [](const Replacement&) -> Result<void> { return fail(Code::io, "", ""); };
        CHECK_FALSE(settle_replaced(place.folder, Place::prepared(place.folder), hold, refuse));
        CHECK(place.seen() == "db=new db.unstick-old=old");
    }
}

TEST_CASE("of a folder that is gone, the last version is not removed")
{
    Place place;
    SECTION("the old one gets its name")
    {
        put(place.old / "data", "old");
        CHECK(place.settle({{.step = Step::in_place}}, Hold::no));
        CHECK(place.seen() == "db=old");
    }
    SECTION("the new one is left alone")
    {
        put(place.fresh / "data", "new");
        CHECK_FALSE(place.settle(std::nullopt, Hold::no));
        CHECK(place.seen() == "db.unstick-new=new");
    }
}
