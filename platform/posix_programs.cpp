// Other programs, on systems with POSIX processes. No shell is ever in between: an argument is an argument.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "handle.h"
#include "programs.h"

extern char** environ;

namespace unstick {

namespace {

constexpr std::size_t longest_output = 16U << 20U;
constexpr std::chrono::milliseconds step{20};

tl::unexpected<Error> cannot_start(const std::string& program, int error)
{
    return fail(error == ENOENT   ? Code::not_found
                : error == EACCES ? Code::denied
                                  : Code::io,
                program, std::string("this program cannot be started: ") + std::strerror(error));
}

/// Starts a program whose input, output and messages are these; < 0 leaves them empty.
Result<pid_t> spawn(std::vector<std::string> command, int input, int output, int messages)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (const auto& [fd, to] : {std::pair(input, 0), std::pair(output, 1), std::pair(messages, 2)}) {
        if (fd >= 0) {
            ::posix_spawn_file_actions_adddup2(&actions, fd, to);
        } else {
            ::posix_spawn_file_actions_addopen(&actions, to, "/dev/null", to == 0 ? O_RDONLY : O_WRONLY, 0);
        }
    }
    // A group of its own: Ctrl-C on our terminal is for us. Signals as a program expects to find them.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t none;
    sigset_t pipe;
    sigemptyset(&none);  // a macro on macOS, as the two below
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &pipe);

    const std::string program = command.at(0);
    pid_t pid = 0;
    const int error =
        ::posix_spawnp(&pid, program.c_str(), &actions, &attributes, pointers_to(command).data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return cannot_start(program, error);
    }
    return pid;
}

/// Moves what can be moved through one pipe without waiting; closes it at its end.
void take_from(Handle& from, std::string& to)
{
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
    if (count > 0) {
        to.append(buffer.data(), std::min(static_cast<std::size_t>(count), longest_output - to.size()));
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
        from.close();
    }
}

void give_to(Handle& to, const std::string& text, std::size_t& sent)
{
    const ssize_t count = ::write(to.get(), text.data() + sent, text.size() - sent);
    sent += count > 0 ? static_cast<std::size_t>(count) : 0;
    if (sent == text.size() || (count < 0 && errno != EINTR && errno != EAGAIN)) {
        to.close();
    }
}

}  // namespace

Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                        std::chrono::milliseconds patience)
{
    auto in = make_pipe();
    auto out = make_pipe();
    auto err = make_pipe();
    if (!in || !out || !err) {
        return fail(Code::io, command.at(0), "no pipes are left to talk to it");
    }
    const auto pid = spawn(command, in->read.get(), out->write.get(), err->write.get());
    if (!pid) {
        return tl::unexpected<Error>(pid.error());
    }
    in->read.close();
    out->write.close();
    err->write.close();
    for (const Handle* end : {&in->write, &out->read, &err->read}) {
        ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
    }

    // A program that does not read its input must not end us.
    struct sigaction ignore {};
    struct sigaction before {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before);
    Ran ran;
    std::size_t sent = 0;
    if (input.empty()) {
        in->write.close();
    }
    const auto end = std::chrono::steady_clock::now() + patience;
    bool in_time = true;
    int status = 0;
    // Its end counts, not the end of its output: a grandchild may keep that open.
    while (::waitpid(*pid, &status, WNOHANG) == 0 && (in_time = std::chrono::steady_clock::now() < end)) {
        std::array<pollfd, 3> waits{pollfd{in->write.get(), POLLOUT, 0}, pollfd{out->read.get(), POLLIN, 0},
                                    pollfd{err->read.get(), POLLIN, 0}};
        if (std::all_of(waits.begin(), waits.end(), [](const pollfd& one) { return one.fd < 0; })) {
            std::this_thread::sleep_for(step);
            continue;
        }
        ::poll(waits.data(), waits.size(), static_cast<int>(step.count()));
        if (waits[0].revents != 0) {
            give_to(in->write, input, sent);
        }
        if (waits[1].revents != 0) {
            take_from(out->read, ran.out);
        }
        if (waits[2].revents != 0) {
            take_from(err->read, ran.err);
        }
    }
    if (!in_time) {
        ::kill(-*pid, SIGKILL);
        ::waitpid(*pid, &status, 0);
    }
    ::sigaction(SIGPIPE, &before, nullptr);
    for (auto& [pipe, text] : {std::pair<Handle&, std::string&>(out->read, ran.out), {err->read, ran.err}}) {
        for (std::size_t last = text.size() + 1; pipe.get() >= 0 && text.size() != last;) {
            last = text.size();
            take_from(pipe, text);
        }
    }
    if (!in_time) {
        return fail(Code::io, command.at(0), "it did not end in time");
    }
    ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

Result<void> start_program(const std::vector<std::string>& command)
{
    // Nobody waits for it: it is not our child but our grandchild, in a session of its own.
    auto told = make_pipe();
    if (!told) {
        return tl::unexpected<Error>(told.error());
    }
    std::vector<std::string> words = command;
    const std::vector<char*> pointers = pointers_to(words);
    const pid_t child = ::fork();
    if (child == 0) {
        ::setsid();
        const pid_t grandchild = ::fork();
        if (grandchild != 0) {
            ::_exit(grandchild < 0 ? 1 : 0);
        }
        const int nothing = ::open("/dev/null", O_RDWR);
        for (const int fd : {0, 1, 2}) {
            ::dup2(nothing, fd);
        }
        ::execvp(pointers[0], pointers.data());
        const int error = errno;
        (void)!::write(told->write.get(), &error, sizeof(error));
        ::_exit(127);
    }
    told->write.close();
    int error = child < 0 ? errno : 0;
    if (child > 0) {
        int status = 0;
        ::waitpid(child, &status, 0);
        error = status != 0 ? EAGAIN : 0;
    }
    int failed = 0;  // the pipe closes without a word where the program was started
    if (error == 0 && ::read(told->read.get(), &failed, sizeof(failed)) == static_cast<ssize_t>(sizeof(failed))) {
        error = failed;
    }
    if (error != 0) {
        return cannot_start(command.at(0), error);
    }
    return {};
}

}  // namespace unstick
