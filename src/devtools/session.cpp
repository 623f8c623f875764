#include "devtools/session.h"

#include <fmt/format.h>

#include "devtools/drive.h"
#include "devtools/profile_copy.h"
#include "devtools/visit.h"
#include "web/resolve_entry.h"
#include "web/url.h"

namespace unstick {

namespace {

/// A proxy as Chromium takes it: without a user name and password, which it does not read there, and which everybody on
/// this computer could; it asks a SOCKS proxy for names anyway.
std::string bare_proxy(std::string proxy)
{
    constexpr std::string_view names_too = "socks5h";
    if (proxy.starts_with(names_too)) {
        proxy.erase(names_too.size() - 1, 1);
    }
    const auto parts = split_url(proxy);
    const std::size_t start = parts ? parts->scheme.size() + 3 : 0;
    if (const std::size_t at = proxy.rfind('@'); at != std::string::npos && at >= start) {
        proxy.erase(start, at + 1 - start);
    }
    return proxy;
}

/// What the browser is told besides where the copy is.
std::vector<std::string> arguments_for(const DevToolsSwitches& switches, const HttpOptions& http)
{
    std::vector<std::string> arguments;
    if (!http.proxy.empty()) {
        arguments.push_back(std::string(switches.proxy_argument) + bare_proxy(http.proxy));
    }
    std::string names;
    for (const std::string& resolve : http.resolve) {
        if (const auto entry = parse_resolve_entry(resolve)) {
            names += (names.empty() ? "" : ",") + entry->rule();
        }
    }
    if (!names.empty()) {
        arguments.push_back(std::string(switches.resolve_argument) + names);
    }
    return arguments;
}

std::vector<std::string> folder_arguments(const DevToolsSwitches& switches, const PrivateCopy& copy)
{
    std::vector<std::string> arguments;
    for (const std::string_view start : switches.folder_arguments) {
        arguments.push_back(std::string(start) + copy.folder().string());
    }
    if (copy.keeps_session()) {
        arguments.emplace_back(switches.keeps_session_argument);
    }
    return arguments;
}

/// Why a browser ended before it had opened the page, as far as its last words say.
Error explained(Error error)
{
    if (error.what.find("--no-sandbox is not supported") != std::string::npos) {
        return {Code::unsupported, error.where, "it refuses to run as root",
                "run unstick as the user who uses the browser; if that is root indeed, add "
                "--browser-argument=--no-sandbox"};
    }
    if (error.what.find("No usable sandbox") != std::string::npos) {
        return {Code::unsupported, error.where, "it cannot protect itself from pages here (no sandbox)",
                "if you start it without one as well, add --browser-argument=--no-sandbox"};
    }
    error.what = "it ended before it had opened the page";
    return error;
}

}  // namespace

Result<std::unique_ptr<PipedProgram>> DevToolsSession::start(const Adapter& adapter, const Profile& profile,
                                                             const PrivateCopy& copy,
                                                             const std::vector<std::string>& arguments)
{
    TRY_ASSIGN(const auto programs, programs_for(run_, adapter, profile));
    const std::string crashes = fmt::format("{}={}", switches_.crash_variable, (copy.folder() / "crashes").string());
    for (const std::string& program : programs) {
        std::vector<std::string> command{program};
        command.insert(command.end(), switches_.headless_arguments.begin(), switches_.headless_arguments.end());
        for (const auto& more : {folder_arguments(switches_, copy), arguments}) {
            command.insert(command.end(), more.begin(), more.end());
        }
        command.insert(command.end(), run_.options.arguments.begin(), run_.options.arguments.end());
        auto started = run_.host.start_piped(command, {crashes});
        if (started || started.error().code != Code::not_found) {
            return started;
        }
    }
    return not_found(programs.front());
}

Result<Probe> DevToolsSession::visit(const ProfilePlan& plan, const PrivateCopy& copy, const std::string& url,
                                     const VisitManner& how)
{
    // How it calls itself is asked in its first visit. From then on it is told at its start: so its workers know, too.
    const auto name = user_agents_.find(plan.adapter->id);
    std::vector<std::string> arguments = arguments_for(switches_, run_.http);
    if (name != user_agents_.end() && !name->second.empty()) {
        arguments.push_back(std::string(switches_.user_agent_argument) + name->second);
    }
    TRY_ASSIGN(auto browser, start(*plan.adapter, plan.profile, copy, arguments));
    VisitOptions options = options_for(run_, plan, url, how);
    options.ask_name = name == user_agents_.end();
    BrowserVisit visit(std::move(options));
    TRY(drive(*browser, visit).map_error(explained));
    close(*browser);
    if (name == user_agents_.end() && !visit.user_agent().empty()) {
        user_agents_.emplace(plan.adapter->id, visit.user_agent());
    }
    return visit.probe(run_.host.now());
}

}  // namespace unstick
