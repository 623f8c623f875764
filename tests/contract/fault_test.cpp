// Every write, rename, removal and sync of a small run fails once, meets a full disk, a used up quota or a file system
// that is read-only from then on, or is where the process is killed; every reading fails once. Afterwards every thing
// in the profile is as before or gone as it should be, other sites are whole, and undo works.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <set>

#include "base/text.h"
#include "containers/replace_folder.h"
#include "journal/journal.h"
#include "tests/fixtures/fault_injection.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::CacheKind;
using testing::Fault;
using testing::Home;

namespace {

/// What a child process made of a run: its exit code and how many operations it had counted; killed: -1.
struct Outcome {
    int exit_code = -1;
    int operations = 0;
};

/// Runs a command in a child process whose file operations fail as told.
Outcome go_with(Home& home, Command command, Fault fault, int at)
{
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        Outcome outcome;
        testing::inject(fault, at);
        try {
            outcome.exit_code = static_cast<int>(home.go(command).exit_code);
        } catch (...) {
            outcome.exit_code = static_cast<int>(Exit::internal);
        }
        outcome.operations = testing::operations();
        testing::inject(Fault::none, 0);
        (void)!::write(pipe[1], &outcome, sizeof outcome);
        ::_exit(0);
    }
    ::close(pipe[1]);
    Outcome outcome;
    if (::read(pipe[0], &outcome, sizeof outcome) != sizeof outcome) {
        outcome.exit_code = -1;
    }
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return outcome;
}

/// A profile before a command, and how it looks before and after a fix.
struct Fixture {
    Home home;
    std::set<std::string> full;   ///< seen before fix, and after undo
    std::set<std::string> clean;  ///< seen after fix

    /// Of a blockfile cache it is the cache alone: all other stores are the same beside each kind of cache.
    Fixture(Command command, const Adapter& adapter, const Root& root, CacheKind cache_kind)
        : home(adapter, root, {"stuck.test", "other.test"}, cache_kind)
    {
        if (cache_kind == CacheKind::blockfile) {
            home.kinds = {Kind::cache};
            fs::remove_all(home.profile);
            fs::create_directory(home.profile);
        }
        // As the databases of local and session storage: they would only make it longer.
        for (const char* more : {"Platform Notifications", "BudgetDatabase", "PersistentOriginTrials", "SharedStorage",
                                 "InterestGroups", "Conversions", "AggregationService"}) {
            fs::remove_all(home.profile / more);
        }
        full = home.seen();
        if (command == Command::fix) {
            save();
        }
        REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
        clean = home.seen();
        if (command == Command::undo) {
            save();
        }
    }

    void set_back() const
    {
        for (const char* name : {"home", "state"}) {
            fs::remove_all(home.folder / name);
            if (fs::exists(home.folder / "saved" / name)) {
                fs::copy(home.folder / "saved" / name, home.folder / name, fs::copy_options::recursive);
            }
        }
    }

private:
    void save() const
    {
        for (const char* name : {"home", "state"}) {
            if (fs::exists(home.folder / name)) {
                fs::create_directories(home.folder / "saved");
                fs::copy(home.folder / name, home.folder / "saved" / name, fs::copy_options::recursive);
            }
        }
    }
};

/// Every single thing is as before or as after, and what is not ours is there.
void check_each(const std::set<std::string>& now, const Fixture& fixture)
{
    // Between two renames the old version of a folder is whole under another name.
    const auto is_there = [&](const std::string& line) {
        return now.contains(line) || std::any_of(now.begin(), now.end(), [&](const std::string& one) {
                   const auto at = one.find(".unstick-old");
                   return at != one.npos && one.substr(0, at) + one.substr(at + 12) == line;
               });
    };
    for (const std::string& line : fixture.full) {
        if (fixture.clean.contains(line) && !is_there(line)) {
            FAIL_CHECK("lost: " << line);
        }
    }
    for (const std::string& line : now) {
        const bool half_done =
            line.find(".unstick-") != line.npos;  // beside the profile's own; the next start removes it
        if (!half_done && !fixture.full.contains(line) && !fixture.clean.contains(line)) {
            FAIL_CHECK("neither as before nor as after: " << line);
        }
    }
}

/// What one has and the other has not, shortened: for messages.
std::string difference(const std::set<std::string>& now, const std::set<std::string>& wanted)
{
    std::string text;
    for (const auto& [from, in, what] :
         {std::tuple(&wanted, &now, "missing: "), std::tuple(&now, &wanted, "too much: ")}) {
        for (const std::string& line : *from) {
            text += in->contains(line) ? "" : what + printable(line.substr(0, 120)) + "\n";
        }
    }
    return text;
}

/// Names of ours that must not stay in a profile.
std::vector<std::string> left_over(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().filename().string().find("unstick") != std::string::npos) {
            names.push_back(fs::relative(entry.path(), folder).string());
        }
    }
    return names;
}

bool is_documented(int exit_code)
{
    return exit_code == -1 || exit_code == static_cast<int>(Exit::ok) || exit_code == static_cast<int>(Exit::partial) ||
           exit_code == static_cast<int>(Exit::denied) || exit_code == static_cast<int>(Exit::nothing_found) ||
           exit_code == static_cast<int>(Exit::in_use);  // whether it is, cannot be read
}

/// The value of a variable, a number above 0.
std::optional<int> number_in(const char* variable)
{
    const char* const text = std::getenv(variable);
    if (text == nullptr) {
        return {};
    }
    const int number = std::atoi(text);
    REQUIRE(number > 0);
    return number;
}

/// Which operations are tried: all. Where time is short, every UNSTICK_FAULT_EVERY-th from a first one that
/// UNSTICK_FAULT_SEED tells; to look into one of them, from UNSTICK_FAULT_FROM on.
struct Sample {
    int first;
    int step;
};

Sample sample()
{
    const int step = number_in("UNSTICK_FAULT_EVERY").value_or(1);
    const int seed = number_in("UNSTICK_FAULT_SEED").value_or(1);
    return {number_in("UNSTICK_FAULT_FROM").value_or(1 + seed % step), step};
}

/// A home on a file system that cannot exchange names, while this lives; the rest of a test is done on it, too.
struct NetworkHome {
    NetworkHome() { testing::refuse_rename_flags(true); }
    NetworkHome(const NetworkHome&) = delete;
    NetworkHome& operator=(const NetworkHome&) = delete;
    ~NetworkHome() { testing::refuse_rename_flags(false); }
};

void go_through_all(Command command, Fault fault, const Adapter& adapter, const Root& root, CacheKind cache_kind)
{
    Fixture fixture(command, adapter, root, cache_kind);
    Home& home = fixture.home;
    fixture.set_back();
    const int operations = go_with(home, command, fault == Fault::read ? fault : Fault::none, 0).operations;
    REQUIRE(operations > 50);
    const auto [first, step] = sample();
    for (int at = first; at <= operations; at += step) {
        CAPTURE(at, operations);
        fixture.set_back();
        const Outcome outcome = go_with(home, command, fault, at);
        CAPTURE(outcome.exit_code);
        CHECK(is_documented(outcome.exit_code));
        if (fault == Fault::torn && outcome.exit_code == 0) {
            continue;  // not a write
        }
        const auto now = home.seen();
        check_each(now, fixture);
        if (outcome.exit_code == 0) {
            CHECK(difference(now, command == Command::fix ? fixture.clean : fixture.full) == "");
        }
        // The next start: says what was cut off, and brings all back.
        const Report undone = home.go(Command::undo);
        for (const Error& problem : undone.problems) {
            UNSCOPED_INFO(problem.where << ": " << problem.what);
        }
        CHECK(difference(home.seen(), fixture.full) == "");
        CHECK((undone.exit_code == Exit::ok || (undone.exit_code == Exit::usage && now == fixture.full)));
        CHECK(left_over(home.folder / "home").empty());
        if (at % 8 == 0) {  // and a fix that meets no fault does its whole work, whatever happened before
            CHECK(home.go(Command::fix).exit_code == Exit::ok);
            CHECK(difference(home.seen(), fixture.clean) == "");
        }
    }
}

void go_through_all(Command command, Fault fault, CacheKind cache_kind = CacheKind::simple)
{
    const Adapter& chrome = testing::adapter_named("chrome");
    go_through_all(command, fault, chrome, chrome.roots[0], cache_kind);
}

/// Safari's older layout: has the cookie jar, and of other stores few.
void go_through_safari(Command command, Fault fault)
{
    const Adapter& safari = testing::adapter_named("safari");
    go_through_all(command, fault, safari, safari.roots[1], CacheKind::simple);
}

/// The first layout: folders that go with the last of what is in them, a cache with its index, lists and slots.
void go_through_firefox(Command command, Fault fault)
{
    const Adapter& firefox = testing::adapter_named("firefox");
    go_through_all(command, fault, firefox, firefox.roots[0], CacheKind::simple);
}

/// A family that unstick does not know: what holds for those that it knows must not depend on them.
void go_through_toy(Command command, Fault fault)
{
    const Adapter& toy = testing::adapter_named("toy");
    go_through_all(command, fault, toy, toy.roots[0], CacheKind::simple);
}

}  // namespace

TEST_CASE("fix: each operation fails once")
{
    go_through_all(Command::fix, Fault::once);
}
TEST_CASE("fix: the disk is full from each operation on")
{
    go_through_all(Command::fix, Fault::disk_full);
}
TEST_CASE("fix: the quota is used up from each operation on")
{
    go_through_all(Command::fix, Fault::quota);
}
TEST_CASE("fix: the file system is read-only from each operation on")
{
    go_through_all(Command::fix, Fault::read_only);
}
TEST_CASE("fix: each reading fails once")
{
    go_through_all(Command::fix, Fault::read);
}
TEST_CASE("fix: killed before each operation")
{
    go_through_all(Command::fix, Fault::kill);
}
TEST_CASE("fix: killed in the middle of each write")
{
    go_through_all(Command::fix, Fault::torn);
}
TEST_CASE("undo: each operation fails once")
{
    go_through_all(Command::undo, Fault::once);
}
TEST_CASE("undo: the disk is full from each operation on")
{
    go_through_all(Command::undo, Fault::disk_full);
}
TEST_CASE("undo: the file system is read-only from each operation on")
{
    go_through_all(Command::undo, Fault::read_only);
}
TEST_CASE("undo: each reading fails once")
{
    go_through_all(Command::undo, Fault::read);
}
TEST_CASE("undo: killed before each operation")
{
    go_through_all(Command::undo, Fault::kill);
}
TEST_CASE("undo: killed in the middle of each write")
{
    go_through_all(Command::undo, Fault::torn);
}

TEST_CASE("Safari: fix: killed before each operation")
{
    go_through_safari(Command::fix, Fault::kill);
}
TEST_CASE("Safari: fix: killed in the middle of each write")
{
    go_through_safari(Command::fix, Fault::torn);
}
TEST_CASE("Safari: fix: each operation fails once")
{
    go_through_safari(Command::fix, Fault::once);
}
TEST_CASE("Safari: undo: each operation fails once")
{
    go_through_safari(Command::undo, Fault::once);
}
TEST_CASE("Safari: undo: killed before each operation")
{
    go_through_safari(Command::undo, Fault::kill);
}
TEST_CASE("Firefox: fix: each operation fails once")
{
    go_through_firefox(Command::fix, Fault::once);
}
TEST_CASE("Firefox: fix: killed before each operation")
{
    go_through_firefox(Command::fix, Fault::kill);
}
TEST_CASE("Firefox: undo: each operation fails once")
{
    go_through_firefox(Command::undo, Fault::once);
}
TEST_CASE("Firefox: undo: killed before each operation")
{
    go_through_firefox(Command::undo, Fault::kill);
}

TEST_CASE("blockfile cache fix: each operation fails once")
{
    go_through_all(Command::fix, Fault::once, CacheKind::blockfile);
}
TEST_CASE("blockfile cache fix: the disk is full from each operation on")
{
    go_through_all(Command::fix, Fault::disk_full, CacheKind::blockfile);
}
TEST_CASE("blockfile cache fix: killed before each operation")
{
    go_through_all(Command::fix, Fault::kill, CacheKind::blockfile);
}
TEST_CASE("blockfile cache fix: killed in the middle of each write")
{
    go_through_all(Command::fix, Fault::torn, CacheKind::blockfile);
}
TEST_CASE("blockfile cache undo: each operation fails once")
{
    go_through_all(Command::undo, Fault::once, CacheKind::blockfile);
}
TEST_CASE("blockfile cache undo: the disk is full from each operation on")
{
    go_through_all(Command::undo, Fault::disk_full, CacheKind::blockfile);
}
TEST_CASE("blockfile cache undo: killed before each operation")
{
    go_through_all(Command::undo, Fault::kill, CacheKind::blockfile);
}
TEST_CASE("blockfile cache undo: killed in the middle of each write")
{
    go_through_all(Command::undo, Fault::torn, CacheKind::blockfile);
}

TEST_CASE("a family of its own: each operation fails once, or is where unstick is killed")
{
    const Command command = GENERATE(Command::fix, Command::undo);
    const Fault fault = GENERATE(Fault::once, Fault::kill, Fault::read);
    go_through_toy(command, fault);
}

// Where names cannot be exchanged, a folder is replaced in two steps, and files are moved by a second name.
TEST_CASE("no exchange: fix: each operation fails once")
{
    const NetworkHome network;
    go_through_all(Command::fix, Fault::once);
}
TEST_CASE("no exchange: fix: the disk is full from each operation on")
{
    const NetworkHome network;
    go_through_all(Command::fix, Fault::disk_full);
}
TEST_CASE("no exchange: fix: the file system is read-only from each operation on")
{
    const NetworkHome network;
    go_through_all(Command::fix, Fault::read_only);
}
TEST_CASE("no exchange: fix: each reading fails once")
{
    const NetworkHome network;
    go_through_all(Command::fix, Fault::read);
}
TEST_CASE("no exchange: fix: killed before each operation")
{
    const NetworkHome network;
    go_through_all(Command::fix, Fault::kill);
}
TEST_CASE("no exchange: fix: killed in the middle of each write")
{
    const NetworkHome network;
    go_through_all(Command::fix, Fault::torn);
}
TEST_CASE("no exchange: undo: each operation fails once")
{
    const NetworkHome network;
    go_through_all(Command::undo, Fault::once);
}
TEST_CASE("no exchange: undo: the disk is full from each operation on")
{
    const NetworkHome network;
    go_through_all(Command::undo, Fault::disk_full);
}
TEST_CASE("no exchange: undo: each reading fails once")
{
    const NetworkHome network;
    go_through_all(Command::undo, Fault::read);
}
TEST_CASE("no exchange: undo: killed before each operation")
{
    const NetworkHome network;
    go_through_all(Command::undo, Fault::kill);
}
TEST_CASE("no exchange: undo: killed in the middle of each write")
{
    const NetworkHome network;
    go_through_all(Command::undo, Fault::torn);
}
TEST_CASE("no exchange: blockfile cache: each operation fails once, or is where unstick is killed")
{
    const NetworkHome network;
    const Command command = GENERATE(Command::fix, Command::undo);
    const Fault fault = GENERATE(Fault::once, Fault::kill);
    go_through_all(command, fault, CacheKind::blockfile);
}

TEST_CASE("an old version of a folder stays as long as the new one's name may be lost")
{
    testing::refuse_rename_flags(GENERATE(false, true));
    const testing::TempFolder folder;
    testing::put(folder / "db/data", "old");
    const auto build = [](const fs::path& fresh) {
        auto built = files::write_file(fresh / "data", "new");
        testing::inject(Fault::sync, 2);  // after that of the new version itself
        return built;
    };
    const auto replaced = replace_folder(folder / "db", build);
    testing::inject(Fault::none, 0);
    testing::refuse_rename_flags(false);
    CHECK_FALSE(replaced);
    CHECK(testing::get(folder / "db/data") == "old");
    REQUIRE(fs::exists(folder / "db.unstick-new"));  // may have the name on the disk
    CHECK(testing::get(folder / "db.unstick-new/data") == "new");
    REQUIRE(
        replace_folder(folder / "db", [](const fs::path& fresh) { return files::write_file(fresh / "data", "new"); }));
    CHECK(testing::get(folder / "db/data") == "new");
    CHECK_FALSE(fs::exists(folder / "db.unstick-new"));
}

TEST_CASE("folders that are made for the state are durable, up to the first that was there")
{
    Home home("chrome", {"stuck.test"});
    const fs::path was_there = home.folder / "there";
    fs::create_directory(was_there);
    Request request = home.request(Command::fix);
    request.state_dir = was_there / "of/unstick";
    std::set<std::string> synced;
    testing::note_synced(&synced);
    CHECK(home.go(request).exit_code == Exit::ok);
    testing::note_synced(nullptr);
    for (const fs::path& folder : {was_there, was_there / "of", request.state_dir, request.state_dir / "runs"}) {
        CAPTURE(folder);
        CHECK(synced.contains(folder.string()));
    }
}
