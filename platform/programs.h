#pragma once
// Running the programs of this computer.

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace unstick {

/// A program that was run to its end.
struct Ran {
    int exit_code = 0;  ///< 128 and its number if a signal ended it
    std::string out;    ///< the first 16 MiB of what it printed
    std::string err;    ///< and of its messages
};

/// A program with two pipes of ours: it reads messages from its descriptor 3 and writes them to 4 (Windows: handles
/// as in --remote-debugging-io-pipes=READ,WRITE), each ended by a zero byte. What it has started ends with this value.
class PipedProgram {
public:
    virtual ~PipedProgram() = default;
    /// Errors: io if it does not read.
    virtual Result<void> send(const std::string& message) = 0;
    /// The next message, or nothing if none came in time. Messages over 16 MiB are left out. Errors: io if it has
    /// closed its end, with its first words in `what`.
    virtual Result<std::optional<std::string>> receive(std::chrono::milliseconds patience) = 0;
    /// Waits until it has ended by itself; false if it has not in time.
    virtual bool has_ended(std::chrono::milliseconds patience) = 0;
};

/// A connection to a program that listens on a socket in the file system.
class LocalSocket {
public:
    LocalSocket() = default;
    LocalSocket(const LocalSocket&) = delete;
    LocalSocket& operator=(const LocalSocket&) = delete;
    virtual ~LocalSocket() = default;
    /// Errors: io if it does not read.
    virtual Result<void> send(const std::string& bytes) = 0;
    /// What has come, at most 64 KiB; empty if nothing has in time. Errors: io if it has closed its end.
    virtual Result<std::string> receive(std::chrono::milliseconds patience) = 0;
};

class Programs {
public:
    virtual ~Programs() = default;

    /// Runs a program of this computer to its end, never through a shell; `command` starts with its absolute path or a
    /// name to be found in PATH. It reads `input`, then the end of it. Errors: not_found if there is no such program,
    /// denied, io if it did not end in time (it is killed then) or cannot be run.
    virtual Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                                    std::chrono::milliseconds patience) = 0;
    /// Starts a program that goes on when we have ended, detached from our terminal. Errors: as run_program.
    virtual Result<void> start_program(const std::vector<std::string>& command) = 0;
    /// Starts a program with two more pipes, and with `variables` ("NAME=VALUE") in its environment besides ours.
    /// Errors: as run_program.
    virtual Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                              const std::vector<std::string>& variables) = 0;
    /// Errors: not_found if nobody listens there (yet); unsupported if the path is too long for a socket, or the system
    /// has no such thing (Windows); denied, io.
    virtual Result<std::unique_ptr<LocalSocket>> connect_local(const std::filesystem::path& socket)
    {
        return fail(Code::unsupported, socket.string(), "there are no local sockets on this system");
    }
};

}  // namespace unstick
