// The index of runs: what it may save reading, and that it is never believed against a journal.

#include "journal/run_index.h"

#include "tests/fixtures/home.h"

using namespace unstick;
using testing::get;
using testing::put;
using testing::TempFolder;

namespace {

constexpr std::int64_t ns = 1'000'000'000;

RunSummary run_named(const std::string& id, const std::string& state = "done")
{
    return {.id = id,
            .when = 1'700'000'000,
            .changed = 1'700'000'100,
            .site = "stuck.test",
            .state = state,
            .profiles = 1,
            .items = 3,
            .bytes = 4096};
}

}  // namespace

TEST_CASE("an index gives back what was put into it, for a folder that has not changed since")
{
    RunIndex index;
    index.put(run_named("20260101T000000Z-0000"), 1'700'000'100 * ns + 5);
    index.put(run_named("20260101T000000Z-0001", "undone"), 1'700'000'100 * ns);
    const RunIndex again = RunIndex::from(index.text());
    CHECK(again.size() == 2);
    CHECK(again.text() == index.text());
    const auto found = again.find("20260101T000000Z-0000", 1'700'000'100 * ns + 5);
    REQUIRE(found);
    CHECK(found->state == "done");
    CHECK(found->site == "stuck.test");
    CHECK(found->when == 1'700'000'000);
    CHECK(found->changed == 1'700'000'100);
    CHECK(found->items == 3);
    CHECK(found->bytes == 4096);
    CHECK_FALSE(again.find("20260101T000000Z-0000", 1'700'000'100 * ns + 6));
    CHECK_FALSE(again.find("20260101T000000Z-0002", 1'700'000'100 * ns));
}

TEST_CASE("runs that are not complete are in no index")
{
    RunIndex index;
    for (const char* state : {"preparing", "applying", "undoing", "damaged", "other-version", ""}) {
        index.put(run_named("20260101T000000Z-0000", state), ns);
    }
    CHECK(index.size() == 0);
    RunSummary run = run_named("20260101T000000Z-0000");
    run.site = "a\nb";
    index.put(run, ns);
    CHECK(index.size() == 0);
    run = run_named("20260101T000000Z-0000");
    run.unsettled = true;  // its folder does not change when what it left goes
    index.put(run, ns);
    CHECK(index.size() == 0);
}

TEST_CASE("an index that is not whole is none")
{
    RunIndex index;
    index.put(run_named("20260101T000000Z-0000"), ns);
    const std::string text = index.text();
    REQUIRE(RunIndex::from(text).size() == 1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string damaged = text;
        damaged[i] = damaged[i] == 'x' ? 'y' : 'x';
        CHECK(RunIndex::from(damaged).size() == 0);
        CHECK(RunIndex::from(text.substr(0, i)).size() == 0);
    }
    CHECK(RunIndex::from(text + "\n").size() == 0);
}

TEST_CASE("the list with an index is the list without one")
{
    testing::Home home("chrome", {"stuck.test", "other.test"});
    const fs::path state = home.request(Command::fix).state_dir;
    for (int i = 0; i < 12; ++i) {
        REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
        REQUIRE(home.go(Command::undo).exit_code == Exit::ok);
    }
    const auto same = [&] {
        const auto truth = list_runs(state).value();
        for (const KeepIndex keep : {KeepIndex::yes, KeepIndex::yes, KeepIndex::no}) {
            const auto listed = list_runs_by_index(state, media_of({}), home.host.clock, keep).value();
            REQUIRE(listed.size() == truth.size());
            for (std::size_t i = 0; i < truth.size(); ++i) {
                CHECK(listed[i].id == truth[i].id);
                CHECK(listed[i].state == truth[i].state);
                CHECK(listed[i].when == truth[i].when);
                CHECK(listed[i].changed == truth[i].changed);
                CHECK(listed[i].site == truth[i].site);
                CHECK(listed[i].items == truth[i].items);
            }
        }
    };
    same();
    CHECK(RunIndex::from(get(state / "runs/index")).size() > 8);  // of 12: it is not written for each
    REQUIRE(erase_run(state, list_runs(state).value()[3].id));
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    same();
    put(state / "runs/index", "foreign");
    same();
    fs::remove(state / "runs/index");
    CHECK(list_runs_by_index(state, media_of({}), home.host.clock, KeepIndex::no));
    CHECK_FALSE(fs::exists(state / "runs/index"));
}

TEST_CASE("where there are no runs there is nothing to list, and no index")
{
    const TempFolder folder;
    CHECK(list_runs_by_index(folder.path(), media_of({}), 0, KeepIndex::yes).value().empty());
    CHECK_FALSE(fs::exists(folder / "runs"));
}
