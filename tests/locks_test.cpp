// Locks that others hold or left behind, what they do to a profile while unstick works on it, and a disk that fails
// under the journal: all is named, nothing is lost, and undo brings everything back.

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "../src/journal.h"
#include "chromium_databases.h"
#include "home.h"

using namespace unstick;
using testing::FakeHost;
using testing::Home;
using testing::put;
using testing::rows;

namespace {

Home small_home()
{
    return Home(adapters()[0], adapters()[0].roots[0], {"stuck.test", "other.test"});
}

bool names(const Report& report, std::string_view place)
{
    return std::any_of(report.problems.begin(), report.problems.end(),
                       [&](const Error& problem) { return problem.where.find(place) != std::string::npos; });
}

int cookies_of(const Home& home, const std::string& host)
{
    return rows(home.profile / "Cookies", "cookies", "host_key = '" + host + "'");
}

/// A process that works on a database and is killed before it has closed it.
void killed_while(const fs::path& file, const std::string& sql)
{
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
        database.exec(sql);
        ::kill(::getpid(), SIGKILL);
        ::pause();
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
}

/// Somebody who does something at a moment of a run. The moments are those before each change, in which unstick asks
/// whether a browser has started.
class Meddler : public FakeHost {
public:
    int moment = 0;
    std::function<void(int moment)> act;

    Result<std::int64_t> socket_listener(const fs::path& socket) const override
    {
        const_cast<Meddler*>(this)->act(++const_cast<Meddler*>(this)->moment);
        return FakeHost::socket_listener(socket);
    }
};

std::set<std::string> lost(const std::set<std::string>& before, const std::set<std::string>& now)
{
    std::set<std::string> missing;
    std::set_difference(before.begin(), before.end(), now.begin(), now.end(), std::inserter(missing, missing.end()));
    return missing;
}

}  // namespace

TEST_CASE("locks of a browser that say nothing hold nothing")
{
    Home home = small_home();
    const fs::path lock = home.profile.parent_path() / "SingletonLock";
    const auto target = GENERATE("nowhere", "this-host-", "this-host-x", "", "this-host-99999999999999999999");
    if (*target == '\0') {
        put(lock, "a file");
    } else {
        fs::create_symlink(target, lock);
    }
    CHECK(home.go(Command::fix).exit_code == Exit::ok);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
}

TEST_CASE("while somebody works on a database nothing is changed, and it is named")
{
    Home home = small_home();
    const auto before = home.seen();
    {
        SQLite::Database busy((home.profile / "Cookies").string(), SQLite::OPEN_READWRITE);
        busy.exec("BEGIN EXCLUSIVE");
        const Report report = home.go(Command::fix);
        CHECK(report.exit_code == Exit::in_use);
        CHECK(names(report, "Cookies"));
        CHECK(std::any_of(report.problems.begin(), report.problems.end(),
                          [](const Error& problem) { return problem.code == Code::locked && !problem.hint.empty(); }));
    }
    CHECK(home.seen() == before);
    CHECK(home.go(Command::fix).exit_code == Exit::ok);
    CHECK(cookies_of(home, "stuck.test") == 0);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("a transaction that a crash left half-done is rolled back first, as the browser would")
{
    Home home = small_home();
    const auto before = home.seen();
    killed_while(home.profile / "Cookies",
                 "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN; DELETE FROM cookies;"
                 "CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                 " SELECT i, hex(zeroblob(200)) AS x FROM n");
    REQUIRE(fs::file_size(home.profile / "Cookies-journal") > 0);
    CHECK(home.go(Command::fix).problems.empty());
    CHECK(cookies_of(home, "stuck.test") == 0);
    CHECK(cookies_of(home, "other.test") > 0);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("rows that are only in a write-ahead log are found, and go from there too")
{
    Home home = small_home();
    const fs::path file = home.profile / "Cookies";
    killed_while(file,
                 "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
                 "UPDATE cookies SET value = 'ONLYINTHELOG', name = 'log' WHERE host_key = 'stuck.test'");
    REQUIRE(testing::get(file.string() + "-wal").find("ONLYINTHELOG") != std::string::npos);
    CHECK(home.go(Command::fix).problems.empty());
    CHECK(cookies_of(home, "stuck.test") == 0);
    CHECK(testing::holding(home.folder / "home", "ONLYINTHELOG").empty());
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(rows(file, "cookies", "value = 'ONLYINTHELOG'") > 0);
}

TEST_CASE("a browser that starts at any moment of a run is noticed, and nothing is lost")
{
    constexpr int tried = 12;
    const Command command = GENERATE(Command::fix, Command::undo);
    int moments = tried;
    for (int at = 0; at <= moments; at += 1 + moments / tried) {
        Home home = small_home();
        const auto before = home.seen();
        if (command == Command::undo) {
            REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
        }
        Meddler host;
        host.act = [&](int moment) {
            if (moment == at) {
                host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
            }
        };
        const Report report = run(home.request(command), host, adapters(), {});
        CAPTURE(at, moments);
        if (at == 0) {  // nobody starts one: how many moments are there?
            moments = host.moment;
            REQUIRE(moments > tried);
        } else {
            CHECK((report.exit_code == Exit::partial || report.exit_code == Exit::in_use));
        }
        for (int runs = 0; runs < 3 && home.go(Command::undo).exit_code != Exit::usage; ++runs) {
        }
        CHECK(lost(before, home.seen()).empty());
    }
}

TEST_CASE("files that vanish, change or may not be read any more while unstick works")
{
    const int at = GENERATE(2, 5, 9, 14);
    const auto what = GENERATE("vanish", "change", "deny");
    Home home = small_home();
    Meddler host;
    host.act = [&](int moment) {
        if (moment != at) {
            return;
        }
        if (std::string_view(what) == "vanish") {
            fs::remove_all(home.profile / "Local Storage");
            fs::remove_all(home.profile / "IndexedDB");
            fs::remove(home.profile / "Cookies");
        } else if (std::string_view(what) == "change") {
            testing::run_sql(home.profile / "Cookies",
                             "UPDATE cookies SET value = 'new' WHERE host_key = 'stuck.test'");
            put(home.profile / "Network Persistent State", "{");
            for (const auto& entry : fs::recursive_directory_iterator(home.profile / "IndexedDB")) {
                if (entry.is_regular_file()) {
                    put(entry.path(), "something else");
                }
            }
        } else {
            fs::permissions(home.profile / "Cookies", fs::perms::none);
            fs::permissions(home.profile / "Local Storage", fs::perms::none);
        }
    };
    const Report report = run(home.request(Command::fix), host, adapters(), {});
    CHECK((report.exit_code == Exit::ok || report.exit_code == Exit::partial || report.exit_code == Exit::denied));
    std::error_code gone;
    fs::permissions(home.profile / "Local Storage", fs::perms::owner_all, fs::perm_options::add, gone);
    if (fs::exists(home.profile / "Cookies")) {
        fs::permissions(home.profile / "Cookies", fs::perms::owner_all, fs::perm_options::add);
        CHECK(cookies_of(home, "other.test") > 0);
    }
    const Report undone = home.go(Command::undo);
    CHECK(undone.exit_code != Exit::internal);
    if (std::string_view(what) == "change" && fs::exists(home.profile / "Cookies")) {
        CHECK(cookies_of(home, "stuck.test") > 0);
    }
}

TEST_CASE("a journal that cannot be read any more ends the run with words; once it can, undo brings everything back")
{
    const Command command = GENERATE(Command::fix, Command::undo);
    Home home = small_home();
    const auto before = home.seen();
    if (command == Command::undo) {
        REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    }
    Meddler host;
    fs::path journal;
    std::string whole;
    host.act = [&](int) {
        if (whole.empty() && host.moment > 1) {  // from the first moment on at which something is about to change
            for (const RunSummary& run : list_runs(home.request(command).state_dir)) {
                journal = home.request(command).state_dir / "runs" / run.id / "journal.db";
                whole = testing::get(journal);
                put(journal, std::string(whole.size(), 'x'));
            }
        }
    };
    const Report report = run(home.request(command), host, adapters(), {});
    REQUIRE_FALSE(whole.empty());
    CHECK(report.exit_code == Exit::partial);
    CHECK(report.verdict.code == (command == Command::fix ? "not-removed" : "not-restored"));
    CHECK(report.verdict.text == "The run was cut off: its journal cannot be read.");
    const auto told = std::find_if(report.problems.begin(), report.problems.end(), [&](const Error& problem) {
        return problem.where == journal.string() && problem.hint.find("`unstick undo` once the disk is well") == 4;
    });
    CHECK(told != report.problems.end());
    put(journal, whole);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}
