// The terminal, on systems with POSIX terminals.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "platform/secret_line.h"
#include "platform/terminal.h"

namespace unstick {

namespace {

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

Next next_of(int file, char& c)
{
    ssize_t size = 0;
    do {
        size = ::read(file, &c, 1);
    } while (size < 0 && errno == EINTR);
    return size > 0 ? Next::byte : Next::end;
}

/// The next character that is typed; broken off by Ctrl-C, and by signals that wait.
Next next_typed(int terminal, const SignalsWait& signals, char& c)
{
    constexpr int slice_ms = 200;
    pollfd wait{terminal, POLLIN, 0};
    do {
        if (signals.one_waits()) {
            return Next::broken_off;
        }
    } while (::poll(&wait, 1, slice_ms) == 0);
    const Next next = next_of(terminal, c);
    return next == Next::byte && c == break_off ? Next::broken_off : next;
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

bool has_window_of_its_own()
{
    return false;
}

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
            password = read_line([&](char& c) { return next_typed(terminal, signals, c); });
            write_all(terminal, "\n");
        }
    }
    ::close(terminal);
    return password;
}

std::optional<Secret> read_secret_line()
{
    return read_line([](char& c) { return next_of(STDIN_FILENO, c); });
}

}  // namespace unstick
