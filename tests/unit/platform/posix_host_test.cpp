// This computer, on POSIX systems: real processes, sockets and locks. The macOS runner of the workflow runs it too.

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "platform/files.h"
#include "platform/posix/fd.h"
#include "platform/this_host.h"
#include "tests/fixtures/catch.h"
#include "tests/fixtures/home.h"

extern char** environ;

using namespace unstick;
using namespace unstick::testing;

namespace {

/// A process that only waits. Ended and waited for at the end.
class Sleeper {
public:
    Sleeper()
    {
        std::array<std::string, 2> words{"sleep", "60"};
        const std::array<char*, 3> arguments{words[0].data(), words[1].data(), nullptr};
        if (::posix_spawnp(&pid_, "sleep", nullptr, nullptr, arguments.data(), environ) != 0) {
            pid_ = -1;
        }
    }
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;
    ~Sleeper()
    {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            wait();
        }
    }
    pid_t pid() const { return pid_; }
    int wait()
    {
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return status;
    }

private:
    pid_t pid_ = -1;
};

/// Waits until a process has ended, without taking notice of it: it is a zombie then.
void await_end(pid_t pid)
{
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
}

}  // namespace

TEST_CASE("a process is there until it has ended, and ends when it is asked to quit")
{
    const auto host = this_host();
    Sleeper sleeper;
    const pid_t pid = sleeper.pid();
    CHECK(host->process_exists(pid));
    REQUIRE(host->ask_to_quit(pid));
    await_end(pid);
    CHECK_FALSE(host->process_exists(pid));  // a zombie holds nothing
    const int status = sleeper.wait();
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
    CHECK_FALSE(host->process_exists(pid));
    CHECK_FALSE(host->process_exists(0));
    CHECK_FALSE(host->process_exists(-1));
    CHECK_FALSE(host->ask_to_quit(-1));
}

TEST_CASE("a process is found by its program's name while it runs")
{
    const auto host = this_host();
    Sleeper sleeper;
    const auto runs = [&] {
        const auto found = host->processes_named("sleep");
        return std::find(found.begin(), found.end(), sleeper.pid()) != found.end();
    };
    for (int i = 0; i < 500 && !runs(); ++i) {  // it is this program until it has become the other
        host->sleep(std::chrono::milliseconds(10));
    }
    CHECK(runs());
    ::kill(sleeper.pid(), SIGKILL);
    await_end(sleeper.pid());
    CHECK_FALSE(runs());
}

TEST_CASE("who listens at a local socket, also through a link")
{
    const auto host = this_host();
    const TempFolder folder;
    const fs::path path = folder.path() / "socket";
    CHECK(host->socket_listener(path).error().code == Code::not_found);

    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.native().size() < sizeof(address.sun_path));
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    Handle listener(::socket(AF_UNIX, SOCK_STREAM, 0));
    REQUIRE(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    CHECK(host->socket_listener(path).error().code == Code::not_found);  // nobody listens yet
    REQUIRE(::listen(listener.get(), 5) == 0);
    CHECK(host->socket_listener(path).value_or(-1) == ::getpid());
    fs::create_symlink(path, folder.path() / "link");
    CHECK(host->socket_listener(folder.path() / "link").value_or(-1) == ::getpid());
    listener.close();
    CHECK(host->socket_listener(path).error().code == Code::not_found);
}

TEST_CASE("our lock and a browser's meet, and ours stays when another handle of the file is closed")
{
    const TempFolder folder;
    const fs::path path = folder.path() / "LOCK";
    Handle(::open(path.c_str(), O_RDWR | O_CREAT, 0600)).close();
    // A POSIX lock, as Chromium takes it, by another process. Its exit code says whether it could.
    const auto other_can_lock = [&] {
        const pid_t child = ::fork();
        if (child == 0) {
            struct flock all {};
            all.l_type = F_WRLCK;
            all.l_whence = SEEK_SET;
            ::_exit(::fcntl(::open(path.c_str(), O_RDWR), F_SETLK, &all) == 0 ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WEXITSTATUS(status) == 0;
    };
    CHECK(other_can_lock());
    {
        const auto lock = files::Lock::take(path);
        REQUIRE(lock);
        Handle(::open(path.c_str(), O_RDWR)).close();
        CHECK_FALSE(other_can_lock());
        CHECK(files::Lock::take(path).error().code == Code::locked);
    }
    CHECK(other_can_lock());
}

TEST_CASE("names are made and exchanged without replacing")
{
    const TempFolder folder;
    const fs::path a = folder.path() / "a";
    const fs::path b = folder.path() / "b";
    REQUIRE(files::write_file(a, "of a"));
    REQUIRE(files::write_file(b, "of b"));
    CHECK(files::move(a, b).error().code == Code::exists);
    REQUIRE(files::exchange(a, b));
    CHECK(files::read_file(a, 100).value_or("") == "of b");
    CHECK(files::read_file(b, 100).value_or("") == "of a");
    REQUIRE(files::move(a, folder.path() / "c"));
    CHECK_FALSE(fs::exists(a));
}

TEST_CASE("a process of this computer is found by its program's name")
{
    const auto host = this_host();
    const auto found = host->processes_named("unit_platform");
    CHECK(std::find(found.begin(), found.end(), ::getpid()) != found.end());
    CHECK(host->processes_named("unit_platfor").empty());
    CHECK(host->processes_named("").empty());
}

TEST_CASE("a program on a local socket is talked to; where nobody listens, or the path is too long, it is said")
{
    const TempFolder folder;
    const fs::path path = folder.path() / "s";
    const auto host = this_host();
    CHECK(host->connect_local(path).error().code == Code::not_found);
    CHECK(host->connect_local(folder.path() / std::string(200, 'x')).error().code == Code::unsupported);

    const Handle listener(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.native().size() < sizeof(address.sun_path));
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    REQUIRE(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(listener.get(), 1) == 0);
    const auto socket = host->connect_local(path);
    REQUIRE(socket);
    Handle there(::accept(listener.get(), nullptr, nullptr));
    REQUIRE((*socket)->send("hello"));
    std::array<char, 16> heard{};
    CHECK(::read(there.get(), heard.data(), heard.size()) == 5);
    CHECK((*socket)->receive(std::chrono::milliseconds(10)).value().empty());
    CHECK(::write(there.get(), "world", 5) == 5);
    CHECK((*socket)->receive(std::chrono::seconds(120)).value() == "world");
    there.close();
    CHECK_FALSE((*socket)->receive(std::chrono::seconds(120)));
    CHECK_FALSE((*socket)->send(std::string(1U << 20U, 'x')));
}

TEST_CASE("when we are killed, a program that was started with pipes ends, though it looks at none")
{
    const TempFolder folder;
    const fs::path sign = folder.path() / "pid";
    const pid_t we = ::fork();
    if (we == 0) {
        const auto started = this_host()->start_piped({"bash", "-c",
                                                       "echo $$ > '" + sign.string() + ".new'; mv '" + sign.string() +
                                                           ".new' '" + sign.string() + "'; exec sleep 600"},
                                                      {});
        while (started && !fs::exists(sign)) {
            ::usleep(10'000);
        }
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(we, nullptr, 0);
    const auto text = files::read_file(sign, 100);
    REQUIRE(text);
    const auto pid = static_cast<pid_t>(std::stol(*text));
    for (int i = 0; i < 1200 && this_host()->process_exists(pid); ++i) {
        ::usleep(100'000);
    }
    CHECK_FALSE(this_host()->process_exists(pid));
    ::kill(pid, SIGKILL);
}
