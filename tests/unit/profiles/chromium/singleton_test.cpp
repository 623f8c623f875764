// Who holds a profile, by the marks that Chromium leaves.

#include "profiles/chromium/profiles.h"
#include "tests/fixtures/fake_host.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
namespace fs = std::filesystem;
using testing::put;
using testing::TempFolder;

TEST_CASE("the singleton lock says which computer and process holds the profile", "[not-windows]")
{
    using State = LockState::State;
    const TempFolder folder;
    const auto [target, state] = GENERATE(table<std::string, State>({
        {"this-host-77", State::in_use},
        {"this-host-78", State::free},       // crashed
        {"that-host-77", State::elsewhere},  // whatever its process is
        {"this-77", State::elsewhere},
        {"this-host--77", State::elsewhere},
        {"this-host-", State::free},
        {"this-host-x77", State::free},
        {"this-host-77x", State::free},
        {"this-host-99999999999999999999", State::free},
        {"nodash", State::free},
    }));
    CAPTURE(target);
    fs::create_symlink(target, folder / "SingletonLock");
    testing::FakeProcesses computer;
    computer.processes = {77};
    const Profile profile{"", "Default", "", folder.path(), folder / "Default", folder / "Default"};
    const LockState use = singleton_use(profile, computer);
    CHECK(use.state == state);
    CHECK(use.pid == 0);  // known from the lock alone: never asked to quit

    computer.listeners[folder / "SingletonSocket"] = 5;  // an answer counts more than any lock
    CHECK(singleton_use(profile, computer).state == State::in_use);
    CHECK(singleton_use(profile, computer).pid == 5);
}

TEST_CASE("a lock whose process is another program by now was left behind", "[not-windows]")
{
    using State = LockState::State;
    const TempFolder folder;
    put(folder / "electron-app/icudtl.dat", "");
    put(folder / "Thing.app/Contents/Frameworks/Thing Framework.framework/x", "");
    const auto [name, state] = GENERATE(table<std::string, State>({
        {"/usr/sbin/cron", State::free},
        {"kthreadd", State::free},
        {"chromedriver", State::free},
        {"/usr/lib/chromium/chromium", State::in_use},
        {"/opt/google/chrome/chrome", State::in_use},
        {"/opt/brave.com/brave/brave", State::in_use},
        {"/usr/bin/google-chrome-stable", State::in_use},
        {"google-chrome-s", State::in_use},  // cut off
        {"HERE/electron-app/anything", State::in_use},
        {"HERE/Thing.app/Contents/MacOS/Thing", State::in_use},
        {"", State::in_use},  // the system does not say
    }));
    CAPTURE(name);
    const fs::path program = name.starts_with("HERE/") ? folder / name.substr(5) : fs::path(name);
    fs::create_symlink("this-host-77", folder / "SingletonLock");
    testing::FakeProcesses computer;
    computer.processes = {77};
    if (!program.empty()) {
        computer.program_files[77] = program;
    }
    const Profile profile{"", "Default", "", folder.path(), folder / "Default", folder / "Default"};
    const LockState use = singleton_use(profile, computer);
    CHECK(use.state == state);
    CHECK((use.what.find("left by a browser that was cut off: process 77 is ") != std::string::npos) ==
          (state == State::free));

    // Whoever answers on its socket has it open, and another computer's numbers are not ours.
    computer.name = "another-host";
    CHECK(singleton_use(profile, computer).state == State::elsewhere);
    computer.listeners[folder / "SingletonSocket"] = 0;
    CHECK(singleton_use(profile, computer).state == State::in_use);
}

TEST_CASE("a singleton lock that is no link holds nothing")
{
    const TempFolder folder;
    put(folder / "SingletonLock", "this-host-77");
    testing::FakeProcesses computer;
    computer.processes = {77};
    CHECK(singleton_use({"", "Default", "", folder.path(), folder / "Default", {}}, computer).state ==
          LockState::State::free);
}

TEST_CASE("on Windows, a browser holds a profile as long as it keeps its lockfile open")
{
    const TempFolder folder;
    put(folder / "lockfile", "");  // left by a power cut
    testing::FakeProcesses computer;
    const Profile profile{"", "Default", "", folder.path(), folder / "Default", folder / "Default"};
    CHECK(singleton_use(profile, computer).state == LockState::State::free);
    computer.writers[folder / "lockfile"] = 0;
    CHECK(singleton_use(profile, computer).state == LockState::State::in_use);
    CHECK(singleton_use(profile, computer).pid == 0);  // nobody who could be asked to quit
    computer.writers[folder / "lockfile"] = 7;
    CHECK(singleton_use(profile, computer).pid == 7);
    computer.message_windows["Chrome_MessageWindow " + folder.path().string()] = 8;
    CHECK(singleton_use(profile, computer).pid == 8);
}
