// Locks that others hold or left behind, what they do to a profile while unstick works on it, and a disk that fails
// under the journal: all is named, nothing is lost, and undo brings everything back.

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>

#include "journal/journal.h"
#include "tests/fixtures/chromium_databases.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::FakeHost;
using testing::Home;
using testing::put;
using testing::rows;

namespace {

Home small_home()
{
    return Home("chrome", {"stuck.test", "other.test"});
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
        pass();
        return FakeHost::socket_listener(socket);
    }
    std::vector<std::int64_t> processes_named(std::string_view program) const override  // Safari, GNOME Web
    {
        pass();
        return FakeHost::processes_named(program);
    }

private:
    void pass() const
    {
        auto& self = const_cast<Meddler&>(*this);
        self.act(++self.moment);
    }
};

/// Root may read everything: as somebody else, whose the folder is meanwhile.
class AsNobody {
public:
    explicit AsNobody(const fs::path& folder) : was_root_(::geteuid() == 0)
    {
        constexpr uid_t nobody = 65534;
        if (was_root_) {
            const gid_t group = ::getegid();  // ours stays: a file of another one could not be rewritten
            REQUIRE(::chown(folder.c_str(), nobody, group) == 0);
            for (const auto& entry : fs::recursive_directory_iterator(folder)) {
                REQUIRE(::lchown(entry.path().c_str(), nobody, group) == 0);
            }
            REQUIRE(::seteuid(nobody) == 0);
        }
    }
    ~AsNobody()
    {
        if (was_root_) {
            (void)::seteuid(0);
        }
    }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;

private:
    bool was_root_;
};

/// A run in which something happens at a moment: its report, and how many moments it had. None: 0.
std::pair<Report, int> run_with(const Home& home, Command command, int at, const std::function<void(Meddler&)>& happens)
{
    Meddler host;
    host.act = [&](int moment) {
        if (moment == at) {
            happens(host);
        }
    };
    Report report = run(home.request(command), host, adapters(), {});
    return {std::move(report), host.moment};
}

/// Undoes run after run until there is none.
void undo_all(Home& home)
{
    for (int runs = 0; runs < 4 && home.go(Command::undo).exit_code != Exit::usage; ++runs) {
    }
}

bool says(const Report& report, Code code)
{
    return std::any_of(report.problems.begin(), report.problems.end(), [&](const Error& problem) {
        return problem.code == code && !problem.what.empty() && !problem.hint.empty();
    });
}

/// What the test below lets vanish or change.
constexpr std::array touched{"Local Storage", "IndexedDB", "Cookies", "Network Persistent State"};

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
        const auto [report, count] = run_with(home, command, at, [&](Meddler& host) {
            host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        });
        CAPTURE(at, moments);
        if (at == 0) {  // nobody starts one: how many moments are there?
            moments = count;
            REQUIRE(moments > tried);
        } else {
            CHECK((report.exit_code == Exit::partial || report.exit_code == Exit::in_use));
            CHECK(says(report, Code::locked));
        }
        undo_all(home);
        CHECK(lost(before, home.seen()).empty());
    }
}

TEST_CASE("a second unstick at any moment of a run says that the first one works, changes nothing, and nothing is lost")
{
    constexpr int tried = 4;
    const auto [browser, first, second] = GENERATE(table<std::string, Command, Command>({
        {"chromium", Command::fix, Command::fix},
        {"chromium", Command::fix, Command::undo},
        {"chromium", Command::undo, Command::fix},
        {"chromium", Command::undo, Command::undo},
        {"safari", Command::fix, Command::fix},
        {"safari", Command::undo, Command::undo},
        {"epiphany", Command::fix, Command::fix},
        {"epiphany", Command::fix, Command::undo},
    }));
    CAPTURE(browser, static_cast<int>(first), static_cast<int>(second));
    int moments = tried;
    bool was_begun = false;
    for (int at = 0; at <= moments; at += 1 + moments / tried) {
        Home home(browser, {"stuck.test", "other.test"});
        const auto before = home.seen();
        if (first == Command::undo) {
            REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
        }
        bool begun = false;
        const auto [report, count] = run_with(home, first, at, [&, &command = second](Meddler&) {
            const auto now = home.seen();
            begun = !list_runs(home.request(command).state_dir).value().empty();
            const Report other = home.go(command);
            if (begun) {
                CHECK(other.exit_code == Exit::in_use);
                CHECK(says(other, Code::locked));
                CHECK(home.seen() == now);
            }
        });
        CAPTURE(at, moments);
        moments = at == 0 ? count : moments;
        CHECK((!begun || report.exit_code == Exit::ok));
        was_begun = was_begun || begun;
        undo_all(home);
        CHECK(home.seen() == before);
    }
    CHECK(was_begun);
}

TEST_CASE("a run that another unstick works on is neither undone, erased nor called cut off")
{
    Home home = small_home();
    const auto before = home.seen();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const auto after = home.seen();
    const fs::path state = home.request(Command::undo).state_dir;
    const std::string run = list_runs(state).value().at(0).id;
    {
        auto journal = Journal::open(state, run);
        REQUIRE(journal);
        REQUIRE(journal->set_state(Journal::State::applying));
        const Report undone = home.go(Command::undo);
        CHECK(undone.exit_code == Exit::in_use);
        CHECK(says(undone, Code::locked));
        CHECK(names(undone, run));
        Request purge = home.request(Command::runs);
        purge.purge = true;
        purge.run = run;
        const Report purged = home.go(purge);
        CHECK(purged.exit_code == Exit::partial);
        CHECK(says(purged, Code::locked));
        CHECK(purged.purged == 0);
        CHECK(home.go(Command::fix).problems.empty());
        home.host.clock += keep_runs_for_s + 1;  // too old, and in use all the same
        CHECK(home.go(Command::fix).problems.empty());
        CHECK(home.seen() == after);
        home.host.clock -= keep_runs_for_s + 1;
    }
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("a clock that jumps, between runs or in the middle of one, loses nothing")
{
    const std::int64_t jump = GENERATE(-10, 10) * 365 * 86400;
    Home home = small_home();
    const auto before = home.seen();
    SECTION("between runs")
    {
        REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
        home.host.clock += jump;
        CHECK(home.go(Command::runs).runs.size() == 1);  // looking erases nothing
        if (jump < 0) {
            CHECK(home.go(Command::fix).exit_code == Exit::nothing_found);
            Request purge = home.request(Command::runs);
            purge.purge = true;
            purge.older_than = std::chrono::hours(1);
            CHECK(home.go(purge).purged == 0);
        }
    }
    SECTION("in the middle of one")
    {
        const int at = GENERATE(2, 4, 8, 12);
        const auto [report, count] = run_with(home, Command::fix, at, [&](Meddler& host) { host.clock += jump; });
        CHECK(count >= at);
        CHECK(report.exit_code == Exit::ok);
    }
    SECTION("in the middle of an undo")
    {
        REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
        const auto [report, count] = run_with(home, Command::undo, 4, [&](Meddler& host) { host.clock += jump; });
        CHECK(report.exit_code == Exit::ok);
        CHECK(home.seen() == before);
        return;
    }
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("files that may not be read or written any more while unstick works are named, and nothing is lost")
{
    constexpr int tried = 3;
    const Command command = GENERATE(Command::fix, Command::undo);
    const auto what = GENERATE("Cookies", "Local Storage", "");
    CAPTURE(static_cast<int>(command), what);
    int moments = tried;
    bool named = false;
    for (int at = 0; at <= moments; at += at == 0 ? 1 : 1 + moments / tried) {
        Home home = small_home();
        const auto before = home.seen();
        const AsNobody nobody(home.folder.path());
        if (command == Command::undo) {
            REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
        }
        const fs::path denied = home.profile / what;
        const auto mode = fs::exists(denied) ? fs::status(denied).permissions() : fs::perms::none;
        const auto [report, count] =
            run_with(home, command, at, [&](Meddler&) { fs::permissions(denied, fs::perms::none); });
        CAPTURE(at, moments);
        moments = at == 0 ? count : moments;
        fs::permissions(denied, mode);
        CHECK((report.exit_code == Exit::ok || report.exit_code == Exit::partial || report.exit_code == Exit::denied));
        CHECK((report.exit_code == Exit::ok) == report.problems.empty());
        named = named || says(report, Code::denied);
        undo_all(home);
        CHECK(home.seen() == before);
    }
    CHECK(named);
}

TEST_CASE("files that vanish or change while unstick works")
{
    const int at = GENERATE(2, 5, 9, 14);
    const bool vanish = GENERATE(true, false);
    Home home = small_home();
    const auto before = home.seen();
    const auto happens = [&](Meddler&) {
        if (vanish) {
            fs::remove_all(home.profile / "Local Storage");
            fs::remove_all(home.profile / "IndexedDB");
            fs::remove(home.profile / "Cookies");
        } else {
            testing::run_sql(home.profile / "Cookies",
                             "UPDATE cookies SET value = 'new' WHERE host_key = 'stuck.test'");
            put(home.profile / "Network Persistent State", "{");
            for (const auto& entry : fs::recursive_directory_iterator(home.profile / "IndexedDB")) {
                if (entry.is_regular_file()) {
                    put(entry.path(), "something else");
                }
            }
        }
    };
    const auto [report, count] = run_with(home, Command::fix, at, happens);
    CHECK((report.exit_code == Exit::ok || report.exit_code == Exit::partial));
    const Report undone = home.go(Command::undo);
    CHECK((undone.exit_code == Exit::ok || undone.exit_code == Exit::partial || undone.exit_code == Exit::usage));
    // What nobody touched is as before.
    const auto is_touched = [](const std::string& line) {
        return std::any_of(std::begin(touched), std::end(touched),
                           [&](const char* name) { return line.find(name) != std::string::npos; });
    };
    auto missing = lost(before, home.seen());
    std::erase_if(missing, is_touched);
    CHECK(missing.empty());
    if (!vanish) {
        CHECK(cookies_of(home, "stuck.test") > 0);
        CHECK(cookies_of(home, "other.test") > 0);
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
        // From the first moment on at which something is about to change: undo looks twice whether it may begin.
        if (whole.empty() && host.moment > (command == Command::undo ? 2 : 1)) {
            const auto runs = list_runs(home.request(command).state_dir).value();
            for (const RunSummary& run : runs) {
                journal = home.request(command).state_dir / "runs" / run.id / "journal.db";
                whole = testing::get(journal);
                put(journal, std::string(whole.size(), 'x'));
            }
        }
    };
    sqlite3_soft_heap_limit64(1);  // SQLite reads again what it has read: else it would know all of a small journal
    const Report report = run(home.request(command), host, adapters(), {});
    sqlite3_soft_heap_limit64(0);
    REQUIRE_FALSE(whole.empty());
    CHECK(report.exit_code == Exit::partial);
    CHECK(report.verdict.code == (command == Command::fix ? "not-removed" : "not-restored"));
    CHECK(report.verdict.text == "The run was cut off: its journal cannot be read.");
    const auto told = std::find_if(report.problems.begin(), report.problems.end(), [&](const Error& problem) {
        // SQLite calls it an I/O error or no database, as it happens to read it first.
        const bool is_named = problem.where == journal.string() || problem.where == journal.parent_path().filename();
        return is_named && problem.hint.find("`unstick undo` once the disk is well") == 4;
    });
    CHECK(told != report.problems.end());
    put(journal, whole);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}
