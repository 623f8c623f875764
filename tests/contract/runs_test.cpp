// Runs: confirmed or not, kept, listed, erased, cut off.

#include <algorithm>
#include <array>
#include <sstream>

#include "inventory/discover.h"
#include "inventory/plan.h"
#include "journal/journal.h"
#include "platform/files.h"
#include "profiles/all.h"
#include "tests/fixtures/blockfile_cache.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::CacheKind;
using testing::Home;
using testing::snapshot;
using testing::TempFolder;

TEST_CASE("without --yes and without a terminal nothing is changed")
{
    Home home("chrome");
    const std::string before = snapshot(home.folder / "home");
    Request request = home.request(Command::fix);
    request.yes = false;
    CHECK(home.go(request).exit_code == Exit::usage);
    Console console;
    bool asked = false;
    console.confirm = [&](const Report& plan) {
        asked = plan.profiles.size() == 1;
        return false;
    };
    CHECK(run(request, home.host, adapters(), console).exit_code == Exit::cancelled);
    CHECK(asked);
    CHECK(snapshot(home.folder / "home") == before);
    CHECK(home.go(Command::undo).exit_code == Exit::usage);  // there is nothing to undo
    console.confirm = [&](const Report&) {                   // the browser ran while the question waited
        testing::write_pairs(home.profile / "Local Storage/leveldb",
                             {{std::string("_https://stuck.test\0\1new", 24), "\1value"}});
        return true;
    };
    const Report changed = run(request, home.host, adapters(), console);
    CHECK(changed.exit_code == Exit::partial);
    CHECK(changed.problems.at(0).code == Code::changed);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key = 'stuck.test'") == 2);
}

TEST_CASE("runs are listed, and purged by age")
{
    Home home("chrome");
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const auto runs = home.go(Command::runs).runs;
    REQUIRE(runs.size() == 1);
    std::uint64_t bytes = 0;  // as du counts what would be free without it
    for (const auto& entry : fs::recursive_directory_iterator(home.folder / "state/runs")) {
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    }
    CHECK(runs[0].bytes == bytes);
    Request purge = home.request(Command::runs);
    purge.purge = true;
    purge.older_than = std::chrono::hours(1);
    CHECK(home.go(purge).runs.size() == 1);
    home.host.clock += 2 * 3600;
    CHECK(home.go(purge).purged == 1);
    CHECK(home.go(Command::undo).exit_code == Exit::usage);
}

TEST_CASE("a run whose journal is damaged is named by undo, not passed over")
{
    Home home("chrome");
    const std::string earlier = home.go(Command::fix).run;
    testing::write_cookies(home.profile / "Network/Cookies", {{"stuck.test", "session", ""}});
    const std::string damaged = home.go(Command::fix).run;
    testing::put(home.folder / "state/runs" / damaged / "journal.db", "no database");
    Request undo = home.request(Command::undo);
    const Report refused = home.go(undo);
    CHECK(refused.exit_code == Exit::partial);
    REQUIRE(refused.problems.size() == 1);
    CHECK(refused.problems[0].where.find(damaged) != std::string::npos);
    CHECK(refused.problems[0].what == "the journal of this run is damaged");
    CHECK(refused.problems[0].hint.find("browser") == std::string::npos);
    undo.run = earlier;
    CHECK(home.go(undo).exit_code == Exit::ok);
}

TEST_CASE("with --no-undo no copy is left of what was removed")
{
    Home home("chrome");
    Request request = home.request(Command::fix);
    request.no_undo = true;
    const Report report = home.go(request);
    CHECK(report.exit_code == Exit::ok);
    CHECK(report.run.empty());
    CHECK(testing::holding(home.folder / "state", "SECRET").empty());
    CHECK(home.go(Command::runs).runs.empty());
}

TEST_CASE("a run that was cut off is named at the next start, and undo completes it backwards")
{
    Home home("chrome");
    const auto before = home.seen();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    {
        auto journal = Journal::open(home.folder / "state", list_runs(home.folder / "state").value().at(0).id);
        REQUIRE(journal);
        REQUIRE(journal->set_state(Journal::State::applying));
    }
    // As a crash in the middle leaves it: some files are still in place.
    const Report next = home.go(Command::fix);
    CHECK(next.exit_code == Exit::partial);
    CHECK(next.problems.at(0).hint.find("unstick undo") != std::string::npos);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("looking again names exactly what is still there")
{
    Home home("chrome");
    const Site site = Site::parse("stuck.test").value();
    const Profile profile{"chrome", "Default", "", home.profile.parent_path(), home.profile, home.cache};
    const ProfilePlan plan = plan_profile(home.adapter, profile, site, default_kinds());
    REQUIRE(plan.stores.size() >= 10);
    for (const StorePlan& store : plan.stores) {
        CAPTURE(store.spec->label);
        CHECK(rescan(store, plan.site).items.size() == store.found.items.size());
    }
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    for (const StorePlan& store : plan.stores) {
        CAPTURE(store.spec->label);
        CHECK(rescan(store, plan.site).items.empty());
    }
    // One cached file that comes back is one item that is there.
    const auto cache = std::find_if(plan.stores.begin(), plan.stores.end(),
                                    [](const StorePlan& store) { return store.spec->label == "HTTP cache"; });
    REQUIRE(cache != plan.stores.end());
    const Piece& piece = cache->found.items.at(0).pieces.at(0);
    testing::put(fs::path(piece.container) / piece.key, "something");
    CHECK(rescan(*cache, plan.site).items.size() == 1);
}
