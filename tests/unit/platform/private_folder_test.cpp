// Folders for copies of what is secret go with their value, their process, or at the next start.

#include "platform/private_folder.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace unstick::testing;

namespace {

std::vector<std::string> folders_in(const fs::path& parent)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(parent)) {
        if (entry.is_directory()) {
            names.push_back(entry.path().filename().string());
        }
    }
    return names;
}

/// Catch has handlers of its own.
void take_usual_signals()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        (void)std::signal(signal, SIG_DFL);
    }
}

/// A process that has made a folder and waits; `signal` is how it ends.
int end_of_a_process_with_a_folder_in(const fs::path& parent, int signal)
{
    const pid_t child = ::fork();
    if (child == 0) {
        take_usual_signals();
        const auto folder = PrivateFolder::make(parent);
        if (folder) {
            put(folder->path() / "Cookies", "SECRET");
            put(parent / "made", "");
            std::this_thread::sleep_for(std::chrono::seconds(60));
        }
        ::_exit(99);
    }
    while (!fs::exists(parent / "made")) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    REQUIRE_FALSE(folders_in(parent).empty());
    remove_abandoned(parent);
    CHECK_FALSE(folders_in(parent).empty());  // its process lives
    ::kill(child, signal);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a private folder is its owner's alone, and goes with its value")
{
    const TempFolder parent;
    fs::path path;
    {
        auto made = PrivateFolder::make(parent / "copies");
        REQUIRE(made);
        path = made->path();
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0700);
        put(path / "Default/Cookies", "SECRET");
        const PrivateFolder moved = std::move(*made);
        CHECK(moved.path() == path);
        const auto another = PrivateFolder::make(parent / "copies");
        REQUIRE(another);
        CHECK(another->path() != path);
    }
    CHECK_FALSE(fs::exists(path));
    CHECK(folders_in(parent / "copies").empty());
}

TEST_CASE("a process that is asked to end removes its private folder at once, and ends as it would have")
{
    const TempFolder parent;
    const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
    CHECK(end_of_a_process_with_a_folder_in(parent.path(), signal) == signal);
    CHECK(folders_in(parent.path()).empty());
}

TEST_CASE("what a killed process left goes at the next start, what was not made by us stays")
{
    const TempFolder parent;
    CHECK(end_of_a_process_with_a_folder_in(parent.path(), SIGKILL) == SIGKILL);
    CHECK(folders_in(parent.path()).size() == 1);
    put(parent / "copy-without-lock/Cookies", "x");
    put(parent / "new-0123/Cookies", "x");
    put(parent / "other/file", "x");
    remove_abandoned(parent.path());
    CHECK(folders_in(parent.path()) == std::vector<std::string>{"other"});
}

TEST_CASE("actions before the end are called last one first, and not for values that are gone")
{
    const TempFolder folder;
    const fs::path log = folder / "log";
    const auto note = [&](const char* word) { return [&log, word] { put(log, get(log) + word); }; };
    put(log, "");
    const pid_t child = ::fork();
    if (child == 0) {
        take_usual_signals();
        const BeforeEnd first(note("first "));
        {
            const BeforeEnd gone(note("gone "));
        }
        BeforeEnd second(note("second "));
        const BeforeEnd moved = std::move(second);
        ::raise(SIGTERM);
        std::this_thread::sleep_for(std::chrono::seconds(60));
        ::_exit(99);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
    CHECK(get(log) == "second first ");
}
