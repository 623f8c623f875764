// own_process.h for POSIX systems.

#include "platform/own_process.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

#include "platform/posix/core_limit.h"
#include "platform/posix/fd.h"
#include "platform/posix/system_calls.h"

namespace unstick {

namespace {

constexpr std::array asking{SIGINT, SIGTERM, SIGHUP};

rlimit core_limit_before{};
bool core_limit_changed = false;

/// The handler's end of a pipe to the thread that does the work: a handler itself may do hardly anything.
int to_worker = -1;
pid_t own_process = 0;

void tell_worker(int signal)
{
    const int error = errno;
    const auto byte = static_cast<char>(signal);
    if (::getpid() == own_process) {  // a child that has not become another program yet is somebody else
        (void)!::write(to_worker, &byte, 1);
    }
    errno = error;
}

[[noreturn]] void end_by(int signal)
{
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    ::sigaction(signal, &usual, nullptr);
    sigset_t it;
    sigemptyset(&it);
    sigaddset(&it, signal);
    ::kill(::getpid(), signal);
    ::pthread_sigmask(SIG_UNBLOCK, &it, nullptr);
    constexpr unsigned long enough = 1;
    ::sleep(enough);
    ::_exit(128 + signal);
}

void work(Handle from, void (*act)())
{
    char signal = 0;
    ssize_t size = 0;
    do {
        size = ::read(from.get(), &signal, 1);
    } while (size < 0 && errno == EINTR);
    if (size == 1) {
        act();
        end_by(signal);
    }
}

}  // namespace

void keep_memory_private()
{
    rlimit core{};
    if (::getrlimit(RLIMIT_CORE, &core) == 0) {
        core_limit_before = core;
        core_limit_changed = true;
        core.rlim_cur = 0;  // the hard limit stays: browsers that we start may have theirs
        ::setrlimit(RLIMIT_CORE, &core);
    }
    system_calls::keep_memory_private();
}

void keep_freed_memory()
{
    system_calls::keep_freed_memory();
}

void restore_core_limit()
{
    if (core_limit_changed) {
        ::setrlimit(RLIMIT_CORE, &core_limit_before);
    }
}

void when_asked_to_end(void (*act)())
{
    if (own_process == ::getpid()) {
        return;
    }
    auto pipe = make_pipe();
    if (!pipe) {
        return;  // what is left behind goes at the next start
    }
    to_worker = pipe->write.release();
    own_process = ::getpid();
    // The thread takes no signals: who waits for one, as the question for a password does, gets it.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before);
    std::thread(work, std::move(pipe->read), act).detach();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    for (const int signal : asking) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) {
            action = {};
            action.sa_handler = tell_worker;
            action.sa_flags = SA_RESTART;
            sigemptyset(&action.sa_mask);
            ::sigaction(signal, &action, nullptr);
        }
    }
}

}  // namespace unstick
