// This computer, if it runs macOS.

#include <libproc.h>
#include <sys/proc.h>
#include <sys/proc_info.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <string>

#include "../src/text.h"
#include "platform.h"
#include "posix_host.h"

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

/// The file name of the program that a process runs; empty if the system does not say.
std::string program_of(pid_t pid)
{
    std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
    if (::proc_pidpath(pid, path.data(), path.size()) > 0) {
        return fs::path(path.data()).filename().string();
    }
    // Its file was removed, as by an update: what is left is a name of at most 31 bytes.
    std::array<char, 2 * MAXCOMLEN + 1> name{};
    return ::proc_name(pid, name.data(), name.size()) > 0 ? name.data() : "";
}

class MacHost : public PosixHost {
public:
    Machine machine() const override { return Machine::at_home(home_folder(), Os::macos); }

    std::vector<std::int64_t> processes_named(std::string_view program) const override
    {
        std::vector<pid_t> pids;
        int count = ::proc_listallpids(nullptr, 0);
        // More may start in the meantime.
        pids.resize(static_cast<std::size_t>(std::max(count, 0)) + 64);
        count = ::proc_listallpids(pids.data(), static_cast<int>(pids.size() * sizeof(pid_t)));
        pids.resize(static_cast<std::size_t>(std::max(count, 0)));

        std::vector<std::int64_t> found;
        for (const pid_t pid : pids) {
            const std::string name = program_of(pid);
            if (!name.empty() && name == program && !has_ended(pid)) {
                found.push_back(pid);
            }
        }
        return found;
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
            const auto ran = run_program(command, "", patience);
            if (!ran) {
                return tl::unexpected<Error>(ran.error());
            }
            if (ran->exit_code != 0) {
                return fail(Code::denied, "DNS cache",
                            "the name cache cannot be emptied: " + std::string(trimmed(ran->err)),
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

std::unique_ptr<Host> this_host()
{
    return std::make_unique<MacHost>();
}

fs::path state_folder_below(const fs::path& home)
{
    return home / "Library/Application Support/unstick";
}

fs::path state_folder()
{
    return state_folder_below(home_folder());
}

fs::path config_file()
{
    return state_folder() / "config";
}

}  // namespace unstick
