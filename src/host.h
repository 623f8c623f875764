#pragma once
// The one door to the running computer. platform/ implements it; tests fake it.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "machine.h"
#include "result.h"
#include "secret.h"

namespace unstick {

/// How the re-test talks to the network (options of cli.md).
struct HttpOptions {
    std::chrono::milliseconds timeout{15000};  ///< for one request, connect to last byte
    std::string proxy;                         ///< URL, or empty: the environment's
    std::string cacert;                        ///< extra CA bundle, or empty: the system's
    std::vector<std::string> resolve;          ///< HOST:PORT:ADDR as curl's --resolve
};

/// One answer, or why there was none.
struct Reply {
    int status = 0;                                            ///< 0 if there was no answer
    std::vector<std::pair<std::string, std::string>> headers;  ///< in order, names as sent
    std::string redirect_url;              ///< absolute target of a 3xx with Location; empty otherwise
    std::string body;                      ///< the first 64 KiB at most
    std::optional<std::int64_t> date;      ///< the server's Date header, Unix seconds
    std::optional<std::int64_t> retry_at;  ///< Retry-After if it is a date, Unix seconds
    std::string error_code;                ///< "" or "dns", "connect", "tls", "timeout", "scheme", "proxy", "other"
    std::string error_text;                ///< one clause for people; empty if there was an answer
};

/// How a password is sent (RFC 7617, RFC 7616).
enum class SignInScheme { basic, digest };

struct SignIn {
    SignInScheme scheme = SignInScheme::basic;
    std::string user;
    Secret password;
};

/// What one request carries besides its address: secrets of the user. Never shown, logged or kept.
struct Carried {
    Secret cookies;                   ///< a Cookie field besides what the client's own jar holds; empty: none
    const SignIn* sign_in = nullptr;  ///< a name and password for this one address
};

/// A client with its own cookie jar, empty at the start; never sends a saved credential.
/// Requests are GET, past every cache, and do not follow redirects.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    virtual Reply get(const std::string& url, const Carried& carried) = 0;
    Reply get(const std::string& url) { return get(url, Carried{}); }
};

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

class Host {
public:
    virtual ~Host() = default;

    virtual Machine machine() const = 0;
    virtual std::string host_name() const = 0;
    virtual std::int64_t now() const = 0;  ///< Unix seconds
    virtual void sleep(std::chrono::milliseconds time) = 0;

    /// Does a process of this id exist here (whoever owns it)?
    virtual bool process_exists(std::int64_t pid) const = 0;
    /// Processes here that run a program of this name, whoever owns them. A system may know only the beginning of a
    /// long name (Linux: 15 bytes), and takes it for the whole.
    virtual std::vector<std::int64_t> processes_named(std::string_view program) const = 0;
    /// Connects to a local (Unix) socket. Value: the listening process's id, 0 if it is not visible here.
    /// Error: Code::not_found if nobody listens, else what went wrong.
    virtual Result<std::int64_t> socket_listener(const fs::path& socket) const = 0;
    /// The process that keeps a file open so that nobody else may write to it; 0 if it is not visible here.
    /// Error: not_found if nobody does. Only Windows has such a thing.
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
    /// Asks a process to quit (SIGTERM; on Windows, to close its windows); never kills.
    virtual Result<void> ask_to_quit(std::int64_t pid) = 0;

    /// How to start the program of a process again: its own program with the switches it was started with, without the
    /// addresses that it was to open. Errors: not_found, denied, unsupported where the system gives no way.
    virtual Result<std::vector<std::string>> command_of(std::int64_t pid) const
    {
        return fail(Code::unsupported, "process " + std::to_string(pid), "its program is not known on this system");
    }

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
    /// The addresses of a host name as this computer's resolver gives them to any program, from its cache too; sorted,
    /// each once. Waits as long as the system does. Errors: not_found (there is no such name, or no answer).
    virtual Result<std::vector<std::string>> resolve(const std::string& host) = 0;
    /// Empties this computer's cache of host names. Errors: not_found if it has none that we know, denied.
    virtual Result<void> flush_dns() = 0;

    virtual std::unique_ptr<HttpClient> http(const HttpOptions& options) = 0;
};

}  // namespace unstick
