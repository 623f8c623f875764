// This computer, if it runs Linux.

#include <linux/kd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "base/text.h"
#include "platform/linux/relaunch.h"
#include "platform/posix/host.h"
#include "platform/terminal.h"
#include "platform/this_host.h"

namespace unstick {

namespace {

/// A folder named by the XDG rules: absolute or not at all. Empty if it would lie in a home folder that is not known.
fs::path xdg_folder(const char* variable, const char* below_home)
{
    const char* folder = std::getenv(variable);
    return folder != nullptr && folder[0] == '/' ? fs::path(folder) : below_known(home_folder(), below_home);
}

/// A folder that a variable names: absolute, or empty.
fs::path absolute_folder(const char* variable)
{
    const char* folder = std::getenv(variable);
    return folder != nullptr && folder[0] == '/' ? fs::path(folder) : fs::path();
}

/// The first line of a file; empty if it cannot be read.
std::string text_of(const fs::path& file)
{
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

class LinuxHost : public PosixHost {
public:
    Machine machine() const override
    {
        Machine machine = Machine::at_home(home_folder(), Os::linux_os);
        machine.folders["config"] = xdg_folder("XDG_CONFIG_HOME", ".config");
        machine.folders["cache"] = xdg_folder("XDG_CACHE_HOME", ".cache");
        machine.folders["etc"] = "/etc";
        machine.folders["usr"] = "/usr";
        machine.folders["var"] = "/var";
        machine.folders["chrome_config"] = absolute_folder("CHROME_CONFIG_HOME");
        machine.folders["chrome_data"] = absolute_folder("CHROME_USER_DATA_DIR");
        machine.folders["data"] = xdg_folder("XDG_DATA_HOME", ".local/share");
        std::erase_if(machine.folders, [](const auto& folder) { return folder.second.empty(); });
        machine.user = user_name();
        machine.name = host_name();
        return machine;
    }

    std::vector<std::int64_t> processes_named(std::string_view program) const override
    {
        constexpr std::size_t longest = 15;
        std::vector<std::int64_t> found;
        std::error_code error;
        for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
            const std::string number = entry->path().filename().string();
            const std::string name = text_of(entry->path() / "comm");  // empty if it has ended by now
            if (is_number(number) && !name.empty() && name == program.substr(0, longest) &&
                !has_ended(std::stoll(number))) {
                found.push_back(std::stoll(number));
            }
        }
        return found;
    }

    std::vector<std::vector<std::string>> commands_with(std::span<const std::string_view> beginnings,
                                                        const fs::path& home) const override
    {
        return commands_in("/proc", beginnings, home);
    }

    Result<fs::path> program_of(std::int64_t pid) const override { return program_of_process("/proc", pid); }

    Result<std::vector<std::string>> command_of(std::int64_t pid) const override
    {
        return command_of_process("/proc", pid);
    }

    Result<void> flush_dns() override
    {
        // systemd-resolved is the one cache that Debian, Ubuntu, Fedora and their kin run. Others: nscd, dnsmasq.
        const auto ran = run_program({"resolvectl", "flush-caches"}, "", std::chrono::seconds(10));
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

protected:
    bool has_ended(std::int64_t pid) const override
    {
        const std::string stat = text_of("/proc/" + std::to_string(pid) + "/stat");
        const std::size_t name_end = stat.rfind(')');  // the name before it may hold anything
        return name_end != std::string::npos && stat.size() > name_end + 2 && stat[name_end + 2] == 'Z';
    }

    std::int64_t peer_of(int socket) const override
    {
        ucred peer{};
        socklen_t size = sizeof(peer);
        return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
    }
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
    return below_known(xdg_folder("XDG_STATE_HOME", ".local/state"), "unstick");
}

fs::path state_folder_below(const fs::path& home)
{
    return below_known(home, ".local/state/unstick");
}

fs::path config_file()
{
    return below_known(xdg_folder("XDG_CONFIG_HOME", ".config"), "unstick/config");
}

}  // namespace unstick
