#pragma once
// What a Host does in the same way on all POSIX systems.

#include <string>

#include "base/result.h"
#include "platform/host.h"

namespace unstick {

class PosixHost : public Host {
public:
    std::string host_name() const override;
    std::int64_t now() const override;
    void sleep(std::chrono::milliseconds time) override;
    bool process_exists(std::int64_t pid) const override;
    Result<std::int64_t> socket_listener(const fs::path& socket) const override;
    Result<std::int64_t> writer_of(const fs::path& file) const override;
    /// By SIGTERM.
    Result<void> ask_to_quit(std::int64_t pid) override;
    Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                            std::chrono::milliseconds patience) override;
    Result<void> start_program(const std::vector<std::string>& command) override;
    Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                      const std::vector<std::string>& variables) override;
    Result<std::unique_ptr<LocalSocket>> connect_local(const std::filesystem::path& socket) override;
    Result<std::vector<std::string>> resolve(const std::string& host) override;
    Result<void> can_ask() override;
    std::unique_ptr<HttpClient> http(const HttpOptions& options) override;

protected:
    /// Is it a zombie, which has ended and waits for its parent to notice? It still has its number, but holds nothing.
    virtual bool has_ended(std::int64_t pid) const = 0;
    /// The process at the other end of a connected local socket; 0 if it is not known.
    virtual std::int64_t peer_of(int socket) const = 0;
};

/// $HOME, or what the system says; empty if neither knows one: no account, no variable.
fs::path home_folder();

/// The name of the user with whose rights we work; empty if there is no account.
std::string user_name();

}  // namespace unstick
