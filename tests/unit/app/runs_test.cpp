// The life of a run: what undo proves before it claims, what ends it, and who may erase it.

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "journal/journal.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::CacheKind;
using testing::get;
using testing::Home;
using testing::put;
using testing::snapshot;

namespace {

constexpr std::int64_t day = 24 * 3600;

Home small_home(CacheKind kind = CacheKind::simple)
{
    return Home("chrome", {"stuck.test", "other.test"}, kind);
}

fs::path state_of(const Home& home)
{
    return home.request(Command::undo).state_dir;
}

RunSummary only_run(const Home& home)
{
    const auto runs = list_runs(state_of(home)).value();
    REQUIRE(runs.size() == 1);
    return runs[0];
}

fs::path folder_of_run(const Home& home)
{
    return state_of(home) / "runs" / only_run(home).id;
}

/// The time at which a run's folder changed last, by the file system: as the clock of the test has it.
void touch(const Home& home, std::int64_t when)
{
    const std::chrono::sys_seconds time{std::chrono::seconds(when)};
    fs::last_write_time(folder_of_run(home), std::chrono::file_clock::from_sys(time));
}

void change(const Home& home, const std::string& sql)
{
    SQLite::Database((folder_of_run(home) / "journal.db").string(), SQLite::OPEN_READWRITE).exec(sql);
}

Request checking(const Home& home)
{
    Request request = home.request(Command::runs);
    request.check = true;
    return request;
}

Request purging(const Home& home, const std::string& run = "")
{
    Request request = home.request(Command::runs);
    request.purge = true;
    request.run = run;
    return request;
}

/// Other values where the only run has taken some: files, pairs, cookies, members of JSON files.
void make_newer(const Home& home)
{
    SQLite::Database journal((folder_of_run(home) / "journal.db").string(), SQLite::OPEN_READONLY);
    SQLite::Statement files(journal, "SELECT path || '/' || key FROM files JOIN containers ON container = id");
    while (files.executeStep()) {
        if (const fs::path file = files.getColumn(0).getString(); fs::is_regular_file(file)) {
            put(file, get(file) + "newer");
        }
    }
    SQLite::Statement pairs(journal, "SELECT path, key FROM pairs JOIN containers ON container = id");
    while (pairs.executeStep()) {
        testing::write_pairs(pairs.getColumn(0).getString(), {{pairs.getColumn(1).getString(), "newer"}});
    }
    SQLite::Statement members(journal,
                              "SELECT path, pointer FROM members m JOIN containers c ON container = c.id"
                              " WHERE identity = ''");
    while (members.executeStep()) {
        const std::string file = members.getColumn(0).getString();
        auto document = nlohmann::json::parse(get(file));
        document[nlohmann::json::json_pointer(members.getColumn(1).getString())] = "newer";
        put(file, document.dump());
    }
    for (const fs::path& file : {home.profile / "Cookies", home.profile / "Network/Cookies"}) {
        if (fs::exists(file)) {
            SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
                .exec("UPDATE cookies SET value = 'newer' WHERE host_key LIKE '%stuck.test'");
        }
    }
}

bool is_about(const Error& problem, const std::string& word)
{
    return problem.what.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("a file of a run that is missing, shorter or changed is named, and all else is put back")
{
    Home home = small_home(GENERATE(CacheKind::simple, CacheKind::blockfile));
    const auto before = home.seen();
    REQUIRE(home.go(home.request(Command::fix, all_kinds())).exit_code == Exit::ok);
    CHECK(home.go(checking(home)).exit_code == Exit::ok);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_of_run(home) / "files")) {
        if (entry.is_regular_file() && entry.file_size() > 0) {
            files.push_back(entry.path());
        }
    }
    REQUIRE(files.size() >= 2);
    for (const fs::path& file : files) {
        CAPTURE(file);
        const std::string content = get(file);
        for (const std::string& now : {content.substr(1), std::string(content.size(), '?')}) {
            put(file, now);
            const std::string seen = snapshot(state_of(home));
            const Report checked = home.go(checking(home));
            CHECK(checked.exit_code == Exit::partial);
            CHECK(checked.verdict.code == "not-whole");
            REQUIRE_FALSE(checked.problems.empty());
            CHECK(is_about(checked.problems[0], "is damaged"));
            CHECK(snapshot(state_of(home)) == seen);
        }
        fs::remove(file);
        CHECK(home.go(checking(home)).exit_code == Exit::partial);
        put(file, content);
    }
    CHECK(home.go(checking(home)).exit_code == Exit::ok);

    const std::string kept = get(files[0]);
    fs::remove(files[0]);
    const Report undone = home.go(Command::undo);
    CHECK(undone.exit_code == Exit::partial);
    CHECK(undone.verdict.code == "partly-restored");
    REQUIRE(undone.problems.size() == 1);
    CHECK(undone.problems[0].code == Code::corrupt);
    CHECK(only_run(home).state == "done");
    CHECK(home.seen() != before);

    put(files[0], kept);  // from a backup
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("a value in a run's database that was changed is named, and not put back")
{
    Home home = small_home(GENERATE(CacheKind::simple, CacheKind::blockfile));
    const auto before = home.seen();
    REQUIRE(home.go(home.request(Command::fix, all_kinds())).exit_code == Exit::ok);
    const std::string journal = get(folder_of_run(home) / "journal.db");
    for (const std::string sql :
         {"UPDATE pairs SET value = x'00' WHERE rowid = 1", "DELETE FROM pairs WHERE rowid = 1",
          "UPDATE mirror_1 SET c0 = 'other'", "DELETE FROM mirror_1", "UPDATE members SET value = '1' WHERE id = 1",
          "UPDATE saved_entries SET saved = x'00'"}) {
        CAPTURE(sql);
        change(home, sql);
        const bool is_other = get(folder_of_run(home) / "journal.db") != journal;
        CHECK(home.go(checking(home)).exit_code == (is_other ? Exit::partial : Exit::ok));
        put(folder_of_run(home) / "journal.db", journal);
    }
    CHECK(home.go(checking(home)).exit_code == Exit::ok);

    change(home, "UPDATE pairs SET value = x'00' WHERE rowid = 1");
    CHECK(home.go(Command::undo).exit_code == Exit::partial);
    put(folder_of_run(home) / "journal.db", journal);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("a list of runs offers to undo one only if one can be undone")
{
    Home home = small_home();
    home.kinds = {Kind::cookies};
    CHECK(home.go(Command::runs).verdict.text == "There is no run that can be undone.");
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    CHECK(home.go(Command::runs).verdict.text == "Undo one with: unstick undo RUN");
    change(home, "UPDATE run SET state = 'undoing'");
    CHECK(home.go(Command::runs).verdict.text == "Undo one with: unstick undo RUN");
    REQUIRE(home.go(Command::undo).exit_code == Exit::ok);
    const Report listed = home.go(Command::runs);
    CHECK(listed.runs.size() == 1);
    CHECK(listed.verdict.text == "There is no run that can be undone.");
}

TEST_CASE("an undo that kept what is newer is finished, and troubles no other run")
{
    Home home = small_home();
    home.kinds = {Kind::cookies};
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    fs::remove(home.profile / "Cookies");
    testing::write_cookies(home.profile / "Cookies", {{"stuck.test", "session", ""}});
    SQLite::Database((home.profile / "Cookies").string(), SQLite::OPEN_READWRITE)
        .exec("UPDATE cookies SET value = 'newer'");

    const Report undone = home.go(Command::undo);
    CHECK(undone.exit_code == Exit::ok);
    CHECK(undone.problems.empty());
    CHECK(undone.verdict.code == "restored");
    CHECK(undone.verdict.text.find("1 newer kept") != std::string::npos);
    CHECK(only_run(home).state == "undone");

    const Report other = home.go(Command::fix);
    CHECK(other.problems.empty());
    CHECK(home.go(Command::doctor).problems.empty());
}

TEST_CASE("a run whose time is over is erased by fix alone, which says so", "[not-windows]")  // touch: of a folder
{
    Home home = small_home();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const std::int64_t made = home.host.clock;
    const std::string run = only_run(home).id;
    touch(home, made);
    home.host.clock = made + keep_runs_for_s + 1;

    for (const Command command : {Command::why, Command::profiles, Command::doctor, Command::runs}) {
        (void)home.go(command);
        CHECK(only_run(home).id == run);
    }
    Request dry = home.request(Command::fix);
    dry.dry_run = true;
    (void)home.go(dry);
    CHECK(only_run(home).id == run);

    const Report fixed = home.go(Command::fix);
    REQUIRE(fixed.expired.size() == 1);
    CHECK(fixed.expired[0].id == run);
    CHECK(to_text(fixed, {}).find("Run " + run + " on stuck.test was erased") != std::string::npos);
    CHECK(list_runs(state_of(home)).value().empty());
}

TEST_CASE("a run that was cut off or is damaged is erased only by its name", "[not-windows]")
{
    Home home = small_home();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const std::int64_t made = home.host.clock;
    const std::string run = only_run(home).id;
    const std::string state = GENERATE(as<std::string>(), "applying", "undoing", "damaged", "of another version");
    if (state == "damaged") {
        put(folder_of_run(home) / "journal.db", "");
    } else {
        change(home, "UPDATE run SET state = '" + state + "'");
    }
    touch(home, made);
    home.host.clock = made + 8 * day;
    (void)home.go(Command::fix);
    CHECK(fs::exists(state_of(home) / "runs" / run));

    const Report all = home.go(purging(home));
    CHECK(all.purged == 0);
    CHECK(all.next.size() == 1);
    CHECK(only_run(home).id == run);

    CHECK(home.go(purging(home, "20200101T000000Z-0000")).exit_code == Exit::usage);
    CHECK(home.go(purging(home, run)).purged == 1);
    CHECK(list_runs(state_of(home)).value().empty());
}

TEST_CASE("a clock that jumped erases nothing", "[not-windows]")
{
    Home home = small_home();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const std::int64_t made = home.host.clock;
    const std::string run = only_run(home).id;
    touch(home, made);
    for (const std::int64_t jump : {-400 * day, -2 * day, 91 * day, 365 * day, 4000 * day}) {
        CAPTURE(jump / day);
        home.host.clock = made + jump;
        const Report fixed = home.go(Command::fix);
        CHECK(fixed.expired.empty());
        CHECK(only_run(home).id == run);
        CHECK(std::any_of(fixed.next.begin(), fixed.next.end(), [&](const std::string& step) {
            return step.find("unstick runs --purge " + run) != std::string::npos;
        }));
    }
    // Nor does a run go whose dates contradict each other: it was made while the clock was wrong.
    touch(home, made - 30 * day);
    home.host.clock = made + 8 * day;
    CHECK(home.go(Command::fix).expired.empty());
    CHECK(only_run(home).id == run);
}

TEST_CASE("runs are purged only if somebody says yes, and only those that were chosen")
{
    Home home = small_home();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const std::string first = only_run(home).id;
    testing::write_cookies(home.profile / "Network/Cookies", {{"stuck.test", "session", ""}});
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);

    Request purge = purging(home, first);
    purge.yes = false;
    const Report nobody = home.go(purge);
    CHECK(nobody.exit_code == Exit::usage);
    CHECK(list_runs(state_of(home)).value().size() == 2);

    std::vector<std::string> shown;
    Console console;
    console.confirm = [&](const Report& plan) {
        for (const RunSummary& run : plan.runs) {
            shown.push_back(run.id);
        }
        return false;
    };
    CHECK(run(purge, home.host, testing::all_adapters(), console).exit_code == Exit::cancelled);
    CHECK(shown == std::vector<std::string>{first});
    CHECK(list_runs(state_of(home)).value().size() == 2);

    purge.yes = true;
    CHECK(home.go(purge).purged == 1);
    CHECK(only_run(home).id != first);
}

TEST_CASE("undo --replace puts the older back, and what it replaced can be put back, too")
{
    Home home = small_home();
    const auto old = home.seen();
    REQUIRE(home.go(home.request(Command::fix, all_kinds())).exit_code == Exit::ok);
    const std::string run = only_run(home).id;
    // Life goes on: all that was there is there again, some of it with other values.
    const Home again = small_home();
    REQUIRE(again.seen() == old);
    fs::remove_all(home.folder / "home");
    fs::copy(again.folder / "home", home.folder / "home", fs::copy_options::recursive);
    make_newer(home);
    const auto newer = home.seen();

    Request undo = home.request(Command::undo);
    undo.run = run;
    const Report kept = home.go(undo);
    CHECK(kept.exit_code == Exit::ok);
    CHECK(kept.verdict.text.find("newer kept") != std::string::npos);
    CHECK(home.seen() == newer);

    undo.replace = true;
    const Report replaced = home.go(undo);
    CAPTURE(to_text(replaced, {}));
    CHECK(replaced.exit_code == Exit::ok);
    CHECK(replaced.verdict.text.find("Everything is back") == 0);
    CHECK(home.seen() == old);
    CHECK(list_runs(state_of(home)).value().size() == 2);

    const Report back = home.go(Command::undo);  // the last run is what was replaced
    CHECK(back.run != run);
    REQUIRE(home.go(home.request(Command::fix, all_kinds())).exit_code == Exit::ok);  // the older, out of the way
    undo.replace = false;
    undo.run = back.run;
    CHECK(home.go(undo).exit_code == Exit::ok);
    for (const std::string& line : newer) {
        if (!old.contains(line)) {
            CHECK(home.seen().contains(line));
        }
    }
}

TEST_CASE("where no place for runs is known, what needs one is refused before anything is touched")
{
    Home home = small_home();
    const std::string before = snapshot(home.folder.path());
    for (const Command command : {Command::fix, Command::undo, Command::runs, Command::doctor}) {
        Request request = home.request(command);
        request.state_dir.clear();
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::usage);
        REQUIRE(report.problems.size() == 1);
        CHECK(report.problems[0].where == "--state-dir");
    }
    Request listing = home.request(Command::profiles);
    listing.state_dir.clear();
    CHECK(home.go(listing).exit_code == Exit::ok);
    CHECK(snapshot(home.folder.path()) == before);
}

TEST_CASE("paths below a folder that is not known are not known, and none is relative")
{
    CHECK(below_known("", "unstick").empty());
    CHECK(below_known("/home/ann", "unstick") == fs::path("/home/ann/unstick"));
    CHECK(without_links("").empty());
    CHECK(without_links("not-there/at/all").is_absolute());
    CHECK_FALSE(Machine::at_home("", Os::linux_os).expand("{config}/chromium"));
    CHECK_FALSE(Machine::at_home("", Os::linux_os).expand("{home}/x"));
}
