// This computer, if it runs macOS.

#include <libproc.h>
#include <sys/proc.h>
#include <sys/proc_info.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/un.h>

#include <array>
#include <string>

#include "base/text.h"
#include "platform/common/command_words.h"
#include "platform/posix/host.h"
#include "platform/terminal.h"
#include "platform/this_host.h"

namespace unstick {

namespace {

// Asks one process to quit as Cmd-Q does, by an Apple event: it can still ask about unsaved text, and saves its
// session. Not `tell application ... to quit`: several processes can run the same application, and that asks one of
// them, if the user has allowed it. Prints "none" for a process that is no application.
constexpr const char* quit_script = R"(function run(argv) {
    ObjC.import('AppKit');
    const app = $.NSRunningApplication.runningApplicationWithProcessIdentifier(Number(argv[0]));
    return app.isNil() ? 'none' : app.terminate ? 'asked' : 'not asked';
})";

constexpr std::chrono::seconds patience{20};

/// The file of the program that a process runs, or its name alone; empty if the system does not say.
fs::path program_file(pid_t pid)
{
    std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
    if (::proc_pidpath(pid, path.data(), path.size()) > 0) {
        return path.data();
    }
    // Its file was removed, as by an update: what is left is a name of at most 31 bytes.
    std::array<char, 2 * MAXCOMLEN + 1> name{};
    return ::proc_name(pid, name.data(), name.size()) > 0 ? name.data() : "";
}

/// All that run; more may start in the meantime.
std::vector<pid_t> all_processes()
{
    std::vector<pid_t> pids;
    int count = ::proc_listallpids(nullptr, 0);
    pids.resize(static_cast<std::size_t>(std::max(count, 0)) + 64);
    count = ::proc_listallpids(pids.data(), static_cast<int>(pids.size() * sizeof(pid_t)));
    pids.resize(static_cast<std::size_t>(std::max(count, 0)));
    return pids;
}

/// What a process was started with; empty if it is another user's, or has ended.
ProcessWords words_of(pid_t pid)
{
    std::array<int, 3> name{CTL_KERN, KERN_PROCARGS2, pid};
    std::size_t size = 0;
    if (::sysctl(name.data(), name.size(), nullptr, &size, nullptr, 0) != 0) {
        return {};
    }
    std::string bytes(size, '\0');
    if (::sysctl(name.data(), name.size(), bytes.data(), &size, nullptr, 0) != 0) {
        return {};
    }
    return words_in_procargs(std::string_view(bytes).substr(0, size));
}

class MacHost : public PosixHost {
public:
    Machine machine() const override
    {
        Machine machine = Machine::at_home(home_folder(), Os::macos);
        machine.folders["managed"] = "/Library/Managed Preferences";
        machine.user = user_name();
        machine.name = host_name();
        return machine;
    }

    std::vector<std::int64_t> processes_named(std::string_view program) const override
    {
        std::vector<std::int64_t> found;
        for (const pid_t pid : all_processes()) {
            const std::string name = program_file(pid).filename().string();
            if (!name.empty() && name == program && !has_ended(pid)) {
                found.push_back(pid);
            }
        }
        return found;
    }

    std::vector<std::vector<std::string>> commands_with(std::span<const std::string_view> beginnings,
                                                        const fs::path& home) const override
    {
        std::vector<std::vector<std::string>> commands;
        for (const pid_t pid : all_processes()) {
            ProcessWords words = words_of(pid);
            const auto& variables = words.variables;
            if (has_word(words.arguments, beginnings) &&
                std::find(variables.begin(), variables.end(), "HOME=" + home.string()) != variables.end()) {
                commands.push_back(std::move(words.arguments));
            }
        }
        return commands;
    }

    Result<fs::path> program_of(std::int64_t pid) const override
    {
        fs::path program = program_file(static_cast<pid_t>(pid));
        return program.empty() ? fail(Code::not_found, "process " + std::to_string(pid), "its program is not known")
                               : Result<fs::path>(std::move(program));
    }

    Result<void> ask_to_quit(std::int64_t pid) override
    {
        const auto ran = run_program({"/usr/bin/osascript", "-l", "JavaScript", "-e", quit_script, std::to_string(pid)},
                                     "", patience);
        const std::string answer = ran && ran->exit_code == 0 ? std::string(trimmed(ran->out)) : "";
        return answer == "asked" ? Result<void>() : PosixHost::ask_to_quit(pid);
    }

    Result<void> flush_dns() override
    {
        // Two caches: that of the directory service, and that of the name service, which only root can reach.
        for (const std::vector<std::string>& command :
             {std::vector<std::string>{"/usr/bin/dscacheutil", "-flushcache"},
              std::vector<std::string>{"/usr/bin/killall", "-HUP", "mDNSResponder"}}) {
            TRY_ASSIGN(const auto ran, run_program(command, "", patience));
            if (ran.exit_code != 0) {
                return fail(Code::denied, "DNS cache",
                            "the name cache cannot be emptied: " + std::string(trimmed(ran.err)),
                            "as an administrator: sudo dscacheutil -flushcache; sudo killall -HUP mDNSResponder");
            }
        }
        return {};
    }

protected:
    bool has_ended(std::int64_t pid) const override
    {
        constexpr std::uint64_t zombies_too = 1;
        proc_bsdshortinfo info{};
        return ::proc_pidinfo(static_cast<int>(pid), PROC_PIDT_SHORTBSDINFO, zombies_too, &info, sizeof(info)) ==
                   static_cast<int>(sizeof(info)) &&
               info.pbsi_status == SZOMB;
    }

    std::int64_t peer_of(int socket) const override
    {
        pid_t peer = 0;
        socklen_t size = sizeof(peer);
        return ::getsockopt(socket, SOL_LOCAL, LOCAL_PEERPID, &peer, &size) == 0 ? peer : 0;
    }
};

}  // namespace

std::optional<bool> caps_lock(int)
{
    return std::nullopt;  // a terminal window is told characters, not keys
}

std::unique_ptr<Host> this_host()
{
    return std::make_unique<MacHost>();
}

fs::path state_folder_below(const fs::path& home)
{
    return below_known(home, "Library/Application Support/unstick");
}

fs::path state_folder()
{
    return state_folder_below(home_folder());
}

fs::path config_file()
{
    return below_known(state_folder(), "config");
}

}  // namespace unstick
