// The media that Firefox's files need: what lies in a folder that goes with it, cache entries with their index, and
// service workers.

#include "journal/apply.h"
#include "journal/undo.h"

#include <algorithm>

#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get;
using testing::put;
using testing::snapshot;
using testing::TempFolder;

namespace {

Result<void> free_to_go()
{
    return {};
}

struct Run {
    TempFolder folder;
    fs::path state = folder / "state";
    Profile profile{"firefox", "x.default", "", folder / "udd", folder / "udd/x.default", folder / "udd/x.default"};
    fs::path storage = profile.path / "storage/default";
    fs::path cache = profile.path / "cache2";
    fs::path workers = profile.path / "serviceworker.txt";
    Journal journal = Journal::create(state, "alpha.test", 1'800'000'000).value();
    HeldLocks locks;

    static Item item(const std::string& label, Medium medium, const fs::path& container,
                     const std::vector<std::string>& keys)
    {
        Item made;
        made.label = label;
        for (const std::string& key : keys) {
            made.pieces.push_back({medium, container.string(), {}, key});
        }
        return made;
    }

    void carry_out(const std::vector<Item>& items)
    {
        REQUIRE(journal.record(profile, Kind::storage, "store", items));
        REQUIRE(journal.seal());
        const auto problems = unstick::carry_out(journal, profile, free_to_go, locks, 0);
        CHECK(problems.empty());
    }

    StoreUndone undo()
    {
        const auto undone = undo_profile(journal, journal.profiles().front().first, profile, free_to_go, locks);
        CHECK(undone.problems.empty());
        REQUIRE(undone.stores.size() == 1);
        return undone.stores.front();
    }
};

const std::string worker_end =
    "false\n{x}\n0\n1795919565228906\n1795919565304438\n1795919563551968\n0\ntrue\n0\n2\n0\n-1\n0\n#\n";

std::string worker(const std::string& host, const std::string& script = "sw.js", const std::string& attributes = "")
{
    return attributes + "\nhttps://" + host + "/\nhttps://" + host + "/" + script + "\n" + worker_end;
}

}  // namespace

TEST_CASE("a folder goes with the last that is in it, and comes back as it was")
{
    Run run;
    const fs::path ours = run.storage / "https+++alpha.test";
    put(ours / "ls/data.sqlite", "local");
    put(ours / "idb/1.sqlite", "database");
    put(ours / ".metadata-v2", "whose");
    put(run.storage / "https+++beta.test/ls/data.sqlite", "theirs");
    fs::permissions(ours, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
    const std::string before = snapshot(run.profile.path);
    run.carry_out({Run::item("local storage", Medium::content, run.storage, {"https+++alpha.test/ls"}),
                   Run::item("databases", Medium::content, run.storage, {"https+++alpha.test/idb"}),
                   Run::item("record", Medium::content, run.storage, {"https+++alpha.test/.metadata-v2"})});
    CHECK_FALSE(fs::exists(ours));
    CHECK(get(run.storage / "https+++beta.test/ls/data.sqlite") == "theirs");
    CHECK(run.undo().restored == 3);
    if constexpr (fs::path::preferred_separator == '/') {  // Windows keeps no modes
        CHECK(fs::status(ours).permissions() == (fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec));
    }
    CHECK(get(ours / "ls/data.sqlite") == "local");
    CHECK(std::count(before.begin(), before.end(), '\n') == [&] {
        const auto now = snapshot(run.profile.path);
        return std::count(now.begin(), now.end(), '\n');
    }());
}

TEST_CASE("a folder stays with what is left in it")
{
    Run run;
    const fs::path ours = run.storage / "https+++alpha.test";
    put(ours / "ls/data.sqlite", "local");
    put(ours / ".metadata-v2", "whose");
    run.carry_out({Run::item("local storage", Medium::content, run.storage, {"https+++alpha.test/ls"})});
    CHECK(get(ours / ".metadata-v2") == "whose");
    CHECK_FALSE(fs::exists(ours / "ls"));
    CHECK(run.undo().restored == 1);
    CHECK(get(ours / "ls/data.sqlite") == "local");
}

TEST_CASE("what the browser made anew in such a folder is kept, and of it nothing is merged")
{
    Run run;
    const fs::path ours = run.storage / "https+++alpha.test";
    put(ours / "ls/data.sqlite", "local");
    put(ours / "idb/1.sqlite", "database");
    put(ours / ".metadata-v2", "whose");
    run.carry_out({Run::item("local storage", Medium::content, run.storage, {"https+++alpha.test/ls"}),
                   Run::item("databases", Medium::content, run.storage, {"https+++alpha.test/idb"}),
                   Run::item("record", Medium::content, run.storage, {"https+++alpha.test/.metadata-v2"})});
    put(ours / "ls/usage", "newer");
    put(ours / ".metadata-v2", "newer");
    fs::create_directories(ours / "idb");  // it has only looked
    const StoreUndone undone = run.undo();
    CHECK(undone.restored == 1);
    CHECK(undone.refused == std::vector<std::string>{"local storage", "record"});
    CHECK(get(ours / "ls/usage") == "newer");
    CHECK_FALSE(fs::exists(ours / "ls/data.sqlite"));
    CHECK(get(ours / ".metadata-v2") == "newer");
    CHECK(get(ours / "idb/1.sqlite") == "database");

    SECTION("the older takes its place if it is asked for, and the newer is in a run of its own")
    {
        auto aside = run.journal.create_beside(1'800'000'100);
        REQUIRE(aside);
        const auto made =
            make_room(run.journal, *aside, run.journal.profiles().front().first, run.profile, free_to_go, run.locks);
        REQUIRE(made);
        CHECK(*made == 2);
        CHECK(run.undo().restored == 3);
        CHECK(get(ours / "ls/data.sqlite") == "local");
        CHECK(get(ours / ".metadata-v2") == "whose");
        CHECK_FALSE(fs::exists(ours / "ls/usage"));
    }
}

TEST_CASE("the index of a cache goes when entries go, and when they come back")
{
    Run run;
    put(run.cache / "entries/A", "ours");
    put(run.cache / "entries/B", "theirs");
    const auto put_index = [&] {
        put(run.cache / "index", "hashes");
        put(run.cache / "index.log", "more");
    };
    put_index();
    run.carry_out({Run::item("page", Medium::cache2, run.cache, {"entries/A"})});
    CHECK_FALSE(fs::exists(run.cache / "index"));
    CHECK_FALSE(fs::exists(run.cache / "index.log"));
    CHECK_FALSE(fs::exists(run.cache / "entries/A"));
    CHECK(get(run.cache / "entries/B") == "theirs");
    put_index();
    CHECK(run.undo().restored == 1);
    CHECK(get(run.cache / "entries/A") == "ours");
    CHECK_FALSE(fs::exists(run.cache / "index"));
    CHECK_FALSE(fs::exists(run.cache / "index.log"));
}

TEST_CASE("a newer entry of a cache is kept")
{
    Run run;
    put(run.cache / "entries/A", "ours");
    put(run.cache / "entries/B", "ours too");
    run.carry_out({Run::item("page", Medium::cache2, run.cache, {"entries/A"}),
                   Run::item("picture", Medium::cache2, run.cache, {"entries/B"})});
    put(run.cache / "entries/A", "newer");
    const StoreUndone undone = run.undo();
    CHECK(undone.refused == std::vector<std::string>{"page"});
    CHECK(get(run.cache / "entries/A") == "newer");
    CHECK(get(run.cache / "entries/B") == "ours too");
}

TEST_CASE("service workers are taken out of the list one by one, and put back")
{
    Run run;
    const std::string theirs = worker("beta.test");
    put(run.workers, "12\n" + worker("alpha.test") + theirs + worker("app.alpha.test"));
    run.carry_out({Run::item("one", Medium::worker, run.workers, {"\nhttps://alpha.test/"}),
                   Run::item("two", Medium::worker, run.workers, {"\nhttps://app.alpha.test/"})});
    CHECK(get(run.workers) == "12\n" + theirs);

    SECTION("nothing was there meanwhile")
    {
        CHECK(run.undo().restored == 2);
        CHECK(get(run.workers) == "12\n" + theirs + worker("alpha.test") + worker("app.alpha.test"));
        CHECK(run.undo().restored == 2);  // again: it is all there
        CHECK(get(run.workers) == "12\n" + theirs + worker("alpha.test") + worker("app.alpha.test"));
    }
    SECTION("the site has registered one anew: it is kept")
    {
        put(run.workers, "12\n" + worker("alpha.test", "newer.js") + theirs);
        const StoreUndone undone = run.undo();
        CHECK(undone.refused == std::vector<std::string>{"one"});
        CHECK(get(run.workers) == "12\n" + worker("alpha.test", "newer.js") + theirs + worker("app.alpha.test"));
        auto aside = run.journal.create_beside(1'800'000'100);
        REQUIRE(aside);
        REQUIRE(
            make_room(run.journal, *aside, run.journal.profiles().front().first, run.profile, free_to_go, run.locks));
        CHECK(run.undo().restored == 2);
        CHECK(get(run.workers).find("newer.js") == std::string::npos);
    }
    SECTION("the list is gone: it is made")
    {
        fs::remove(run.workers);
        CHECK(run.undo().restored == 2);
        CHECK(get(run.workers) == "12\n" + worker("alpha.test") + worker("app.alpha.test"));
    }
    SECTION("the browser was updated: lines of another version would cost it all workers")
    {
        put(run.workers, "4\n");
        const auto undone =
            undo_profile(run.journal, run.journal.profiles().front().first, run.profile, free_to_go, run.locks);
        REQUIRE_FALSE(undone.problems.empty());
        CHECK(undone.problems.front().code == Code::unsupported);
        CHECK(undone.stores.front().restored == 0);
        CHECK(get(run.workers) == "4\n");
    }
}
