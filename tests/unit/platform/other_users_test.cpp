// What another user's run can do to whoever started it: nothing but print a little, for a while. Needs root.

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <thread>

#include "platform/own_process.h"
#include "platform/posix/core_limit.h"
#include "platform/users.h"
#include "tests/fixtures/testing.h"

using namespace unstick;

namespace {

const User somebody{"daemon", "/"};  // on every system

bool none_of_ours(std::string_view)
{
    return false;
}

/// This program as somebody else, doing what the hidden test of this name does.
Result<Ran> run_hidden(const std::string& test, std::chrono::milliseconds patience)
{
    return run_as(somebody, {test, "-r", "compact"}, none_of_ours, patience);
}

bool not_root()
{
    if (::geteuid() != 0) {
        WARN("not root: nobody else's rights can be taken");
    }
    return ::geteuid() != 0;
}

}  // namespace

TEST_CASE("hidden: prints where it is", "[.]")
{
    std::printf("uid %d, session %s, tty %s, group %s\n", static_cast<int>(::getuid()),
                ::getsid(0) == ::getpid() ? "own" : "ours",
                ::access("/dev/tty", F_OK) == 0 && std::fopen("/dev/tty", "r") != nullptr ? "one" : "none",
                ::getpgrp() == ::getpid() ? "own" : "ours");
    std::printf("read %d\n", std::getchar());
    for (int fd = 3; fd < 20; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0) {
            std::printf("open %d\n", fd);
        }
    }
    std::fprintf(stderr, "message\n");
    std::fflush(stdout);
    ::_exit(5);
}

TEST_CASE("hidden: stops itself", "[.]")
{
    (void)std::raise(SIGSTOP);
    ::_exit(0);
}

TEST_CASE("hidden: prints without end", "[.]")
{
    const std::string much(65536, 'x');
    while (std::fwrite(much.data(), 1, much.size(), stdout) > 0) {
    }
    ::_exit(0);
}

TEST_CASE("hidden: leaves a child that keeps its output open", "[.]")
{
    std::printf("done\n");
    std::fflush(stdout);
    if (::fork() == 0) {
        std::this_thread::sleep_for(std::chrono::seconds(5));
    }
    ::_exit(0);
}

TEST_CASE("another user's run has a session of its own, no terminal, nothing to read and none of our files")
{
    if (not_root()) {
        return;
    }
    const int leaked = ::open("/etc/hostname", O_RDONLY);  // not close-on-exec
    const auto ran = run_hidden("hidden: prints where it is", std::chrono::seconds(60));
    ::close(leaked);
    REQUIRE(ran);
    CHECK(ran->exit_code == 5);
    CHECK(ran->out.find("uid 1, session own, tty none, group own\n") != std::string::npos);
    CHECK(ran->out.find("read -1\n") != std::string::npos);
    CHECK(ran->out.find("open ") == std::string::npos);
    CHECK(ran->err == "message\n");
}

TEST_CASE("a run that stops itself, or prints without end, is ended, and the next one has its turn")
{
    if (not_root()) {
        return;
    }
    const auto begun = std::chrono::steady_clock::now();
    const auto stopped = run_hidden("hidden: stops itself", std::chrono::milliseconds(500));
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == Code::io);
    CHECK(stopped.error().where == "daemon");
    CHECK(stopped.error().what.find("did not end") != std::string::npos);
    const auto endless = run_hidden("hidden: prints without end", std::chrono::seconds(60));
    REQUIRE_FALSE(endless);
    CHECK(endless.error().what.find("printed more") != std::string::npos);
    const auto left = run_hidden("hidden: leaves a child that keeps its output open", std::chrono::seconds(60));
    REQUIRE(left);
    CHECK(left->out.find("done\n") != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(30));
}

TEST_CASE("from the start nobody of the same user can look into our memory, and no crash writes it down")
{
    const pid_t child = ::fork();
    if (child == 0) {
        const auto core_limit = [] {
            rlimit limit{};
            return ::getrlimit(RLIMIT_CORE, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
        };
        const rlimit some{4096, RLIM_INFINITY};
        ::setrlimit(RLIMIT_CORE, &some);
        const auto before = core_limit();
        keep_memory_private();
        const bool is_private = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && core_limit() == 0;
        restore_core_limit();  // for what is the user's
        ::_exit(is_private && core_limit() == before ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
}
