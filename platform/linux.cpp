// This computer, if it runs Linux.

#include <linux/kd.h>
#include <pwd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

#include "../src/text.h"
#include "names.h"
#include "platform.h"
#include "programs.h"
#include "terminal.h"

namespace unstick {

namespace {

fs::path home_folder()
{
    if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
        return home;
    }
    const passwd* user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_dir : "/";
}

/// A folder named by the XDG rules: absolute or not at all.
fs::path xdg_folder(const char* variable, const char* below_home)
{
    const char* folder = std::getenv(variable);
    return folder != nullptr && folder[0] == '/' ? fs::path(folder) : home_folder() / below_home;
}

/// The first line of a file; empty if it cannot be read.
std::string text_of(const fs::path& file)
{
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

/// A process that has ended and waits for its parent to notice (a zombie) still has its number, but holds nothing.
bool has_ended(std::int64_t pid)
{
    const std::string stat = text_of("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t name_end = stat.rfind(')');  // the name before it may hold anything
    return name_end != std::string::npos && stat.size() > name_end + 2 && stat[name_end + 2] == 'Z';
}

class LinuxHost : public Host {
public:
    Machine machine() const override
    {
        Machine machine = Machine::at_home(home_folder(), Os::linux_os);
        machine.folders["config"] = xdg_folder("XDG_CONFIG_HOME", ".config");
        machine.folders["cache"] = xdg_folder("XDG_CACHE_HOME", ".cache");
        machine.folders["etc"] = "/etc";
        machine.folders["data"] = xdg_folder("XDG_DATA_HOME", ".local/share");
        return machine;
    }

    std::string host_name() const override
    {
        std::array<char, 256> name{};
        return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
    }

    std::int64_t now() const override { return std::time(nullptr); }

    void sleep(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }

    bool process_exists(std::int64_t pid) const override
    {
        return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM) && !has_ended(pid);
    }

    std::vector<std::int64_t> processes_named(std::string_view program) const override
    {
        constexpr std::size_t longest = 15;
        std::vector<std::int64_t> found;
        std::error_code error;
        for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
            const std::string number = entry->path().filename().string();
            if (is_number(number) && text_of(entry->path() / "comm") == program.substr(0, longest) &&
                !has_ended(std::stoll(number))) {
                found.push_back(std::stoll(number));
            }
        }
        return found;
    }

    Result<std::int64_t> socket_listener(const fs::path& socket) const override
    {
        // Chromium links its socket from a folder with a short name: a socket's path has at most 107 characters.
        std::error_code gone;
        const fs::path real = fs::canonical(socket, gone);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (gone || real.native().size() >= sizeof(address.sun_path)) {
            return fail(Code::not_found, socket.string(), "no socket is there");
        }
        std::memcpy(address.sun_path, real.c_str(), real.native().size());
        const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) {
            return fail(Code::io, socket.string(), std::strerror(errno));
        }
        // The same bytes as sockaddr: this is how the sockets interface is made.
        const bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
        const int error = errno;
        ucred peer{};
        socklen_t size = sizeof(peer);
        const bool known = connected && ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
        ::close(fd);
        if (connected || error == EAGAIN) {  // EAGAIN: it listens and is busy
            return known ? static_cast<std::int64_t>(peer.pid) : 0;
        }
        return fail(error == EACCES ? Code::denied : Code::not_found, socket.string(), std::strerror(error));
    }

    Result<void> ask_to_quit(std::int64_t pid) override
    {
        if (pid > 1 && ::kill(static_cast<pid_t>(pid), SIGTERM) == 0) {
            return {};
        }
        return fail(Code::denied, "process " + std::to_string(pid), "it cannot be asked to quit",
                    "close the browser by hand and run unstick again");
    }

    Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                            std::chrono::milliseconds patience) override
    {
        return unstick::run_program(command, input, patience);
    }

    Result<void> start_program(const std::vector<std::string>& command) override
    {
        return unstick::start_program(command);
    }

    Result<std::vector<std::string>> resolve(const std::string& host) override { return unstick::resolve(host); }

    Result<void> flush_dns() override
    {
        // systemd-resolved is the one cache that Debian, Ubuntu, Fedora and their kin run. Others: nscd, dnsmasq.
        const auto ran = unstick::run_program({"resolvectl", "flush-caches"}, "", std::chrono::seconds(10));
        if (ran && ran->exit_code == 0) {
            return {};
        }
        if (!ran && ran.error().code == Code::not_found) {
            return fail(Code::not_found, "DNS cache", "this computer runs no name cache that unstick knows",
                        "systemd-resolved is not installed; restart the name cache in use, or the router");
        }
        return fail(Code::denied, "DNS cache",
                    "the name cache cannot be emptied: " + (ran ? std::string(trimmed(ran->err)) : ran.error().what),
                    "as an administrator: resolvectl flush-caches");
    }

    std::unique_ptr<HttpClient> http(const HttpOptions& options) override { return make_http_client(options); }
};

}  // namespace

std::optional<bool> caps_lock(int terminal)
{
    char lights = 0;
    if (::ioctl(terminal, KDGETLED, &lights) != 0) {
        return std::nullopt;
    }
    return (lights & LED_CAP) != 0;
}

std::unique_ptr<Host> this_host()
{
    return std::make_unique<LinuxHost>();
}

fs::path state_folder()
{
    return xdg_folder("XDG_STATE_HOME", ".local/state") / "unstick";
}

fs::path state_folder_below(const fs::path& home)
{
    return home / ".local/state/unstick";
}

fs::path config_file()
{
    return xdg_folder("XDG_CONFIG_HOME", ".config") / "unstick" / "config";
}

}  // namespace unstick
