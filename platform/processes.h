#pragma once
// The processes of the running computer: which there are, what they hold, and asking them to end.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace unstick {

namespace fs = std::filesystem;

class Processes {
public:
    virtual ~Processes() = default;

    /// The name of the computer that they run on.
    virtual std::string host_name() const = 0;
    /// Does a process of this id exist here (whoever owns it)?
    virtual bool process_exists(std::int64_t pid) const = 0;
    /// Processes here that run a program of this name, whoever owns them. A system may know only the beginning of a
    /// long name (Linux: 15 bytes), and takes it for the whole.
    virtual std::vector<std::int64_t> processes_named(std::string_view program) const = 0;
    /// The file of the program that a process runs; where the system tells no path, its name, maybe cut off (Linux: 15
    /// bytes). Errors: not_found; unsupported where the system gives no way.
    virtual Result<fs::path> program_of(std::int64_t pid) const
    {
        return fail(Code::unsupported, "process " + std::to_string(pid), "its program is not known on this system");
    }
    /// Connects to a local (Unix) socket. Value: the listening process's id, 0 if it is not visible here.
    /// Error: Code::not_found if nobody listens, else what went wrong.
    virtual Result<std::int64_t> socket_listener(const fs::path& socket) const = 0;
    /// The process that keeps a file open so that nobody else may write to it (Windows), or holds a POSIX record lock
    /// on it (elsewhere; locks of this program do not count); 0 if it is not visible here. Error: not_found if nobody
    /// does, or that cannot be asked.
    virtual Result<std::int64_t> writer_of(const fs::path& file) const
    {
        return fail(Code::not_found, file.string(), "no program keeps it open");
    }
    /// The process whose message window, never seen, is of this class and has this title. Error: not_found if there is
    /// none. Only Windows has such a thing.
    virtual Result<std::int64_t> message_window(std::string_view, std::string_view title) const
    {
        return fail(Code::not_found, std::string(title), "no program takes messages under this name");
    }
    /// Asks a process to quit (SIGTERM; on Windows, to close its windows); never kills. Errors: locked if it has
    /// no window that could be asked (Windows), denied, not_found.
    virtual Result<void> ask_to_quit(std::int64_t pid) = 0;

    /// The words of programs that run here for the home folder `home` (their variable HOME; on Windows, the user's own
    /// programs, and only if it is the user's own), of those that have a word which begins with one of these. Without
    /// programs of others, as far as the system does not show them.
    virtual std::vector<std::vector<std::string>> commands_with(std::span<const std::string_view> beginnings,
                                                                const fs::path& home) const = 0;

    /// How to start the program of a process again: its own program with the switches it was started with, without the
    /// addresses that it was to open. Errors: not_found, denied, unsupported where the system gives no way.
    virtual Result<std::vector<std::string>> command_of(std::int64_t pid) const
    {
        return fail(Code::unsupported, "process " + std::to_string(pid), "its program is not known on this system");
    }
};

}  // namespace unstick
