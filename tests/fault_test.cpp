// Every write, rename, removal and sync of a small run fails once, meets a full disk, a used up quota or a file system
// that is read-only from then on, or is where the process is killed; every reading fails once. Afterwards every thing
// in the profile is as before or gone as it should be, other sites are whole, and undo works.

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <set>

#include "../src/journal.h"
#include "../src/text.h"
#include "fault_injection.h"
#include "home.h"

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
    for (const std::string& line : fixture.full) {
        if (!now.contains(line) && fixture.clean.contains(line)) {
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

/// 1 if the variable is not set.
int number_in(const char* variable)
{
    const char* const text = std::getenv(variable);
    const int number = text == nullptr ? 1 : std::atoi(text);
    REQUIRE(number > 0);
    return number;
}

void go_through_all(Command command, Fault fault, const Adapter& adapter, const Root& root, CacheKind cache_kind)
{
    Fixture fixture(command, adapter, root, cache_kind);
    Home& home = fixture.home;
    fixture.set_back();
    const int operations = go_with(home, command, fault == Fault::read ? fault : Fault::none, 0).operations;
    REQUIRE(operations > 50);
    const int first = number_in("UNSTICK_FAULT_FROM");  // to look into one of them
    const int step = number_in("UNSTICK_FAULT_EVERY");  // where time is short
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
    go_through_all(command, fault, adapters()[0], adapters()[0].roots[0], cache_kind);
}

/// Safari's older layout: has the cookie jar, and of other stores few.
void go_through_safari(Command command, Fault fault)
{
    const auto safari =
        std::find_if(adapters().begin(), adapters().end(), [](auto& one) { return one.id == "safari"; });
    go_through_all(command, fault, *safari, safari->roots[1], CacheKind::simple);
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
