// The terminal, on systems with POSIX terminals.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "terminal.h"

namespace unstick {

namespace {

constexpr std::size_t longest_password = 4096;
constexpr char break_off = 3;  // Ctrl-C

/// Signals that would end us wait until the terminal shows again what is typed.
class SignalsWait {
public:
    SignalsWait()
    {
        sigemptyset(&signals_);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) {
            sigaddset(&signals_, signal);
        }
        ::sigprocmask(SIG_BLOCK, &signals_, &before_);
    }
    SignalsWait(const SignalsWait&) = delete;
    SignalsWait& operator=(const SignalsWait&) = delete;
    ~SignalsWait() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

    bool one_waits() const
    {
        sigset_t pending{};
        ::sigpending(&pending);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) {
            if (sigismember(&pending, signal) == 1) {
                return true;
            }
        }
        return false;
    }

private:
    sigset_t signals_{};
    sigset_t before_{};
};

/// What is typed is not shown, and Ctrl-C is a character that ends the line.
class Unseen {
public:
    explicit Unseen(int terminal) : terminal_(terminal), ok_(::tcgetattr(terminal, &before_) == 0)
    {
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        quiet.c_cc[VEOL] = break_off;
        ok_ = ok_ && ::tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
    ~Unseen()
    {
        if (ok_) {
            ::tcsetattr(terminal_, TCSAFLUSH, &before_);
        }
    }
    bool ok() const { return ok_; }

private:
    int terminal_;
    termios before_{};
    bool ok_;
};

/// Reads up to the end of a line. std::nullopt: nothing is there (any more), or it was broken off.
std::optional<Secret> read_line(int file, const SignalsWait* signals)
{
    constexpr int slice_ms = 200;
    Secret line;
    char c = 0;
    while (line.text().size() < longest_password) {
        if (signals != nullptr) {
            pollfd wait{file, POLLIN, 0};
            if (signals->one_waits()) {
                return std::nullopt;
            }
            if (::poll(&wait, 1, slice_ms) == 0) {
                continue;
            }
        }
        const ssize_t size = ::read(file, &c, 1);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            return line.empty() ? std::nullopt : std::optional(std::move(line));
        }
        if (c == '\n') {
            return line;
        }
        if (c == break_off && signals != nullptr) {
            return std::nullopt;
        }
        line.append({&c, 1});
    }
    return std::nullopt;
}

void write_all(int file, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t size = ::write(file, text.data(), text.size());
        if (size <= 0) {
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

}  // namespace

void prepare_terminal() {}

bool is_terminal(Stream stream)
{
    return ::isatty(static_cast<int>(stream)) != 0;
}

int terminal_columns(Stream stream)
{
    winsize size{};
    return ::ioctl(static_cast<int>(stream), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool has_terminal()
{
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal >= 0) {
        ::close(terminal);
    }
    return terminal >= 0;
}

std::optional<Secret> read_password(const std::string& question)
{
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0) {
        return std::nullopt;
    }
    std::optional<Secret> password;
    {
        const SignalsWait signals;
        const Unseen unseen(terminal);
        if (unseen.ok()) {
            if (caps_lock(terminal).value_or(false)) {
                write_all(terminal, "Caps Lock is on.\n");
            }
            write_all(terminal, question + ": ");
            password = read_line(terminal, &signals);
            write_all(terminal, "\n");
        }
    }
    ::close(terminal);
    return password;
}

std::optional<Secret> read_secret_line()
{
    return read_line(STDIN_FILENO, nullptr);
}

}  // namespace unstick
