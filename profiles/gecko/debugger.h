#pragma once
// A browser of the Gecko family, talked to over its own debugger's server on a socket in a private folder. That it
// takes neither a session of WebDriver, which wipes the orders to use https (HSTS), nor a port, which other users of
// this computer could reach. The protocol: docs/formats-firefox.md, "A browser opened on a copy".

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "platform/programs.h"

namespace unstick {

/// Cuts packets off a stream of bytes: "LENGTH:JSON", one after the other.
class DebuggerPackets {
public:
    void take(std::string_view bytes) { heard_ += bytes; }
    /// The next whole packet; one that is no JSON is a null. Errors: io if what came is no packet, or one over 64 MiB.
    Result<std::optional<nlohmann::json>> next();

private:
    std::string heard_;
};

/// A packet as bytes.
std::string debugger_packet(const nlohmann::json& packet);

/// Starts a browser and calls `agent` in it until it returns true (remote_agent.h). `command` has to name `socket` as
/// the debugger's, which lies in a folder that nobody else can enter. What is sent to the program and received of it
/// then are the agent's messages. Errors: as Programs::start_piped and connect_local; io if the browser ends, or is not
/// ready within two minutes.
Result<std::unique_ptr<PipedProgram>> start_debugged(Programs& programs, const std::vector<std::string>& command,
                                                     const std::vector<std::string>& variables,
                                                     const std::filesystem::path& socket, const std::string& agent);

}  // namespace unstick
