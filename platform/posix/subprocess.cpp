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
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "platform/own_process.h"
#include "platform/piped_program.h"
#include "platform/posix/core_limit.h"
#include "platform/posix/fd.h"
#include "platform/subprocess.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): glibc declares it, others do not

namespace unstick {

namespace {

constexpr std::chrono::milliseconds step{20};

tl::unexpected<Error> cannot_start(const std::string& program, int error)
{
    return fail(error == ENOENT   ? Code::not_found
                : error == EACCES ? Code::denied
                                  : Code::io,
                program, std::string("this program cannot be started: ") + std::strerror(error));
}

/// Starts a program whose descriptors 0, 1, 2 ... are these. None of them is below their number: one would be closed
/// by another that takes its place.
Result<pid_t> spawn(std::vector<std::string> command, const std::vector<int>& descriptors,
                    std::vector<std::string> variables = {})
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (std::size_t to = 0; to < descriptors.size(); ++to) {
        ::posix_spawn_file_actions_adddup2(&actions, descriptors[to], static_cast<int>(to));
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

    const std::vector<std::string> given = variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view ours = *variable;
        const std::string_view name = ours.substr(0, ours.find('=') + 1);
        if (std::none_of(given.begin(), given.end(), [&](const std::string& one) { return one.starts_with(name); })) {
            variables.emplace_back(ours);
        }
    }

    const std::string program = command.at(0);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, program.c_str(), &actions, &attributes, pointers_to(command).data(),
                                     pointers_to(variables).data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return cannot_start(program, error);
    }
    return pid;
}

/// Moves what can be moved through one pipe without waiting; closes it at its end.
void take_from(Handle& from, std::string& to, std::size_t longest = longest_output)
{
    std::array<char, 65536> buffer{};
    const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
    if (count > 0) {
        to.append(buffer.data(), std::min(static_cast<std::size_t>(count), longest - std::min(longest, to.size())));
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
        from.close();
    }
}

enum class Last { no, yes };  // is it all that the program gets?

void give_to(Handle& to, const std::string& text, std::size_t& sent, Last last = Last::yes)
{
    const ssize_t count = ::write(to.get(), text.data() + sent, text.size() - sent);
    sent += count > 0 ? static_cast<std::size_t>(count) : 0;
    if ((sent == text.size() && last == Last::yes) || (count < 0 && errno != EINTR && errno != EAGAIN)) {
        to.close();
    }
}

/// A program that does not read its input must not end us.
class NoSigpipe {
public:
    NoSigpipe()
    {
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGPIPE, &ignore, &before_);
    }
    NoSigpipe(const NoSigpipe&) = delete;
    NoSigpipe& operator=(const NoSigpipe&) = delete;
    ~NoSigpipe() { ::sigaction(SIGPIPE, &before_, nullptr); }

private:
    struct sigaction before_ {};
};

/// Ends a group of processes when we have ended, even if we were killed: a browser would go on for ever. A process of
/// its own waits until our end of a pipe closes; a byte tells it that there is nothing left to do.
class Guard {
public:
    explicit Guard(pid_t group)
    {
        auto pipe = make_pipe();
        if (!pipe) {
            return;  // as if there were none: what is guarded may still notice by itself
        }
        pid_ = ::fork();
        if (pid_ == 0) {
            wait_for_the_end(pipe->read.get(), group);
        }
        ours_ = std::move(pipe->write);
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard()
    {
        if (pid_ > 0) {
            const NoSigpipe no_sigpipe;
            (void)!::write(ours_.get(), "", 1);
            ours_.close();
            ::waitpid(pid_, nullptr, 0);
        }
    }

private:
    /// Other threads may hold locks: only what is safe in a signal handler is called.
    [[noreturn]] static void wait_for_the_end(int pipe, pid_t group)
    {
        ::setsid();  // what is typed on our terminal is not for it
        const long most = std::min(::sysconf(_SC_OPEN_MAX), 65536L);
        for (int one = 0; one < most; ++one) {
            if (one != pipe) {
                ::close(one);
            }
        }
        char told = 0;
        ssize_t count = 0;
        while ((count = ::read(pipe, &told, 1)) < 0 && errno == EINTR) {
        }
        if (count == 0) {
            ::kill(-group, SIGKILL);
        }
        ::_exit(0);
    }

    pid_t pid_ = -1;
    Handle ours_;
};

class PosixPiped : public Piped {
public:
    PosixPiped(std::string name, pid_t pid, Handle to, Handle from, Handle words)
        : Piped(std::move(name)), pid_(pid), to_(std::move(to)), from_(std::move(from)), words_from_(std::move(words))
    {
        for (const Handle* end : {&to_, &from_, &words_from_}) {
            ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
        }
    }

    ~PosixPiped() override
    {
        ::kill(-pid_, SIGKILL);  // also what it started and left behind
        if (!ended_) {
            ::waitpid(pid_, nullptr, 0);
        }
    }

    Result<void> send(const std::string& message) override
    {
        const NoSigpipe no_sigpipe;
        const std::string text = message + '\0';
        std::size_t sent = 0;
        while (sent < text.size() && to_) {
            pollfd wait{to_.get(), POLLOUT, 0};
            if (::poll(&wait, 1, static_cast<int>(patience_to_send.count())) <= 0) {
                to_.close();
                break;
            }
            give_to(to_, text, sent, Last::no);
        }
        return sent == text.size() ? Result<void>() : fail(Code::io, name_, "it does not listen");
    }

    bool has_ended(std::chrono::milliseconds patience) override
    {
        for (const auto end = std::chrono::steady_clock::now() + patience; !ended_;) {
            ended_ = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
            if (ended_ || std::chrono::steady_clock::now() >= end) {
                break;
            }
            std::this_thread::sleep_for(step);
        }
        return ended_;
    }

private:
    bool is_open() const override { return static_cast<bool>(from_); }

    bool hear(std::chrono::milliseconds patience) override
    {
        std::array<pollfd, 2> waits{pollfd{from_.get(), POLLIN, 0}, pollfd{words_from_.get(), POLLIN, 0}};
        if (::poll(waits.data(), waits.size(), static_cast<int>(patience.count())) <= 0) {
            return false;
        }
        if (waits[0].revents != 0) {
            take_from(from_, heard_, std::string::npos);
        }
        if (waits[1].revents != 0) {
            take_from(words_from_, words_, longest_words);
        }
        return true;
    }

    pid_t pid_;
    bool ended_ = false;
    Handle to_, from_, words_from_;
    Guard guard_{pid_};
    /// Before the folder goes that it writes to.
    BeforeEnd before_end_{[pid = pid_] { ::kill(-pid, SIGKILL); }};
};

/// The same file under a number above all that a program expects something under.
Handle above_all(const Handle& low)
{
    constexpr int first = 10;
    return Handle(::fcntl(low.get(), F_DUPFD_CLOEXEC, first));
}

}  // namespace

Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                  const std::vector<std::string>& variables)
{
    auto to = make_pipe();
    auto from = make_pipe();
    auto words = make_pipe();
    if (!to || !from || !words) {
        return fail(Code::io, command.at(0), "no pipes are left to talk to it");
    }
    const std::array ours{above_all(Handle(::open("/dev/null", O_RDWR | O_CLOEXEC))), above_all(words->write),
                          above_all(to->read), above_all(from->write)};
    if (!std::all_of(ours.begin(), ours.end(), [](const Handle& one) { return static_cast<bool>(one); })) {
        return fail(Code::io, command.at(0), "no pipes are left to talk to it");
    }
    const int nothing = ours[0].get();
    TRY_ASSIGN(const auto pid,
               spawn(command, {nothing, nothing, ours[1].get(), ours[2].get(), ours[3].get()}, variables));
    return std::make_unique<PosixPiped>(command.at(0), pid, std::move(to->write), std::move(from->read),
                                        std::move(words->read));
}

Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                        std::chrono::milliseconds patience)
{
    auto in = make_pipe();
    auto out = make_pipe();
    auto err = make_pipe();
    if (!in || !out || !err) {
        return fail(Code::io, command.at(0), "no pipes are left to talk to it");
    }
    TRY_ASSIGN(const auto pid, spawn(command, {in->read.get(), out->write.get(), err->write.get()}));
    in->read.close();
    out->write.close();
    err->write.close();
    for (const Handle* end : {&in->write, &out->read, &err->read}) {
        ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
    }

    const NoSigpipe no_sigpipe;
    Ran ran;
    std::size_t sent = 0;
    if (input.empty()) {
        in->write.close();
    }
    const auto end = std::chrono::steady_clock::now() + patience;
    bool in_time = true;
    int status = 0;
    // Its end counts, not the end of its output: a grandchild may keep that open.
    while (::waitpid(pid, &status, WNOHANG) == 0 && (in_time = std::chrono::steady_clock::now() < end)) {
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
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, &status, 0);
    }
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
    TRY_ASSIGN(auto told, make_pipe());
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
        restore_core_limit();
        ::execvp(pointers[0], pointers.data());
        const int error = errno;
        (void)!::write(told.write.get(), &error, sizeof(error));
        ::_exit(127);
    }
    told.write.close();
    int error = child < 0 ? errno : 0;
    if (child > 0) {
        int status = 0;
        ::waitpid(child, &status, 0);
        error = status != 0 ? EAGAIN : 0;
    }
    int failed = 0;  // the pipe closes without a word where the program was started
    if (error == 0 && ::read(told.read.get(), &failed, sizeof(failed)) == static_cast<ssize_t>(sizeof(failed))) {
        error = failed;
    }
    if (error != 0) {
        return cannot_start(command.at(0), error);
    }
    return {};
}

}  // namespace unstick
