#include "browser_retest.h"

#include <fmt/format.h>

#include <algorithm>

#include "browser_visit.h"
#include "devtools.h"
#include "text.h"
#include "url.h"

namespace unstick {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{100};
constexpr milliseconds patience_to_close{5000};
constexpr milliseconds patience_to_start{30000};  // the first start on a slow computer
constexpr std::string_view close_message = R"({"id":1000000,"method":"Browser.close"})";
constexpr std::string_view version_message = R"({"id":1,"method":"Browser.getVersion"})";

/// What a browser calls itself, in its answer to `version_message`; empty if it does not say.
std::string user_agent_in(const std::string& answer)
{
    return devtools::text_of(devtools::member(devtools::Json::parse(answer, nullptr, false), "result"), "userAgent");
}

/// The programs that may own the profile, the likeliest first.
std::vector<std::string> programs_of(const Adapter& adapter, const Profile& profile, const Machine& machine)
{
    std::vector<std::string> all;
    for (const Root& root : adapter.roots) {
        if (root.os != machine.os) {
            continue;
        }
        std::vector<std::string> programs;
        for (const std::string_view name : root.programs) {
            if (name.starts_with('{')) {
                if (const auto path = machine.expand(name)) {
                    programs.push_back(path->string());
                }
            } else if (!name.empty()) {
                programs.emplace_back(name);
            }
        }
        std::error_code unreadable;
        if (fs::equivalent(machine.expand(root.data).value_or(fs::path()), profile.root, unreadable) && !unreadable) {
            return programs;
        }
        all.insert(all.end(), programs.begin(), programs.end());
    }
    return all;
}

/// "HOST:PORT:ADDRESS[,ADDRESS]" as curl has it, as Chromium's rule.
std::string rule_of(std::string_view resolve)
{
    resolve.remove_prefix(resolve.starts_with('+') ? 1 : 0);
    const std::size_t host_end = resolve.find(':', resolve.starts_with('[') ? resolve.find(']') : 0);
    const std::size_t port_end = resolve.find(':', host_end + 1);
    if (host_end == std::string_view::npos || port_end == std::string_view::npos) {
        return {};
    }
    std::string address(resolve.substr(port_end + 1, resolve.find(',', port_end) - port_end - 1));
    if (address.find(':') != std::string::npos && !address.starts_with('[')) {
        address = "[" + address + "]";
    }
    return fmt::format("MAP {} {}", resolve.substr(0, port_end), address);
}

/// A proxy as Chromium takes it: without a user name and password, which it does not read there, and which everybody on
/// this computer could; it asks a SOCKS proxy for names anyway.
std::string bare_proxy(std::string proxy)
{
    constexpr std::string_view names_too = "socks5h";
    if (proxy.starts_with(names_too)) {
        proxy.erase(names_too.size() - 1, 1);
    }
    const std::size_t scheme = proxy.find("://");
    const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
    if (const std::size_t at = proxy.rfind('@'); at != std::string::npos && at >= start) {
        proxy.erase(start, at + 1 - start);
    }
    return proxy;
}

/// What the browser is told besides where the copy is.
std::vector<std::string> arguments_for(const OnCopy& rules, const HttpOptions& http)
{
    std::vector<std::string> arguments;
    if (!http.proxy.empty()) {
        arguments.push_back(std::string(rules.proxy_argument) + bare_proxy(http.proxy));
    }
    std::string names;
    for (const std::string& resolve : http.resolve) {
        const std::string rule = rule_of(resolve);
        names += (names.empty() || rule.empty() ? "" : ",") + rule;
    }
    if (!names.empty()) {
        arguments.push_back(std::string(rules.resolve_argument) + names);
    }
    return arguments;
}

std::vector<std::string> folder_arguments(const OnCopy& rules, const PrivateCopy& copy)
{
    std::vector<std::string> arguments;
    for (const std::string_view start : rules.folder_arguments) {
        arguments.push_back(std::string(start) + copy.folder().string());
    }
    if (copy.keeps_session()) {
        arguments.emplace_back(rules.keeps_session_argument);
    }
    return arguments;
}

/// Does the profile hold a cookie that would be sent to the address after a start of the browser?
bool has_cookies_for(const ProfilePlan& plan, const Url& url, std::int64_t now)
{
    const auto is_sent = [&](const Item& item) {
        const std::string_view host = std::string_view(item.host).substr(item.host.starts_with('.') ? 1 : 0);
        const bool of_host = item.host == url.host ||
                             (item.host.starts_with('.') && (url.host == host || url.host.ends_with(item.host)));
        return item.type == ItemType::cookie && of_host && item.persistent && item.partition.empty() &&
               item.path == "/" && (!item.secure || url.scheme == "https") && item.expires.value_or(0) > now;
    };
    return std::any_of(plan.stores.begin(), plan.stores.end(), [&](const StorePlan& store) {
        return std::any_of(store.found.items.begin(), store.found.items.end(), is_sent);
    });
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

/// Asks it to close, which writes everything down, and waits for that. What it says meanwhile has to be taken: it would
/// wait for us.
void close(PipedProgram& browser)
{
    if (!browser.send(std::string(close_message))) {
        return;
    }
    const auto end = std::chrono::steady_clock::now() + patience_to_close;
    while (browser.receive(tick) && std::chrono::steady_clock::now() < end) {
    }
    (void)browser.has_ended(patience_to_close);
}

/// Exchanges messages until the visit is done.
Result<void> drive(PipedProgram& browser, BrowserVisit& visit)
{
    const auto start = std::chrono::steady_clock::now();
    BrowserVisit::Messages messages = visit.begin();
    while (true) {
        for (const std::string& message : messages) {
            if (auto sent = browser.send(message); !sent) {
                return sent;
            }
        }
        if (visit.is_done()) {
            return {};
        }
        const auto heard = browser.receive(tick);
        if (!heard) {
            return tl::unexpected<Error>(heard.error());
        }
        const auto now = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
        messages = *heard ? visit.hear(**heard, now) : BrowserVisit::Messages{};
        if (!visit.is_done()) {
            auto more = visit.wait(now);
            messages.insert(messages.end(), more.begin(), more.end());
        }
    }
}

}  // namespace

Result<std::unique_ptr<PipedProgram>> BrowserRetest::start(const Adapter& adapter, const Profile& profile,
                                                           const PrivateCopy& copy,
                                                           const std::vector<std::string>& arguments)
{
    const auto programs = options_.program.empty() ? programs_of(adapter, profile, host_.machine())
                                                   : std::vector<std::string>{options_.program};
    if (programs.empty()) {
        return fail(Code::unsupported, profile.path.string(),
                    std::string(adapter.label) +
                        " cannot be opened on a copy here: it belongs to another system, or is "
                        "kept from all folders but its own (snap, flatpak)");
    }
    const std::string crashes =
        fmt::format("{}={}", adapter.on_copy->crash_variable, (copy.folder() / "crashes").string());
    for (const std::string& program : programs) {
        std::vector<std::string> command{program};
        command.insert(command.end(), adapter.on_copy->arguments.begin(), adapter.on_copy->arguments.end());
        for (const auto& more : {folder_arguments(*adapter.on_copy, copy), arguments}) {
            command.insert(command.end(), more.begin(), more.end());
        }
        command.insert(command.end(), options_.arguments.begin(), options_.arguments.end());
        auto started = host_.start_piped(command, {crashes});
        if (started || started.error().code != Code::not_found) {
            return started;
        }
    }
    return fail(Code::not_found, programs.front(), "this program was not found, so the browser cannot be opened",
                "name it with --browser-program");
}

Result<std::string> BrowserRetest::user_agent_of(const Adapter& adapter, const Profile& profile)
{
    if (const auto known = user_agents_.find(adapter.id); known != user_agents_.end()) {
        return known->second;
    }
    const auto empty = PrivateCopy::make_empty(state_folder_);
    if (!empty) {
        return tl::unexpected<Error>(empty.error());
    }
    auto browser = start(adapter, profile, *empty, {});
    if (!browser) {
        return tl::unexpected<Error>(browser.error());
    }
    if (auto sent = (*browser)->send(std::string(version_message)); !sent) {
        return tl::unexpected<Error>(sent.error());
    }
    const auto answer = (*browser)->receive(patience_to_start);
    if (!answer) {
        return tl::unexpected<Error>(explained(answer.error()));
    }
    close(**browser);
    // Without a window it calls itself something else, and a site may end a session that another browser goes on with.
    constexpr std::string_view headless = "Headless";
    std::string name = user_agent_in(answer->value_or(""));
    if (const std::size_t at = name.find(headless); at != std::string::npos) {
        name.erase(at, headless.size());
    }
    return user_agents_.emplace(adapter.id, name).first->second;
}

Result<Probe> BrowserRetest::visit(const ProfilePlan& plan, const PrivateCopy& copy, const std::string& url)
{
    const auto user_agent = user_agent_of(*plan.adapter, plan.profile);
    if (!user_agent) {
        return tl::unexpected<Error>(user_agent.error());
    }
    const OnCopy& rules = *plan.adapter->on_copy;
    std::vector<std::string> arguments = arguments_for(rules, http_);
    if (!user_agent->empty()) {
        arguments.push_back(std::string(rules.user_agent_argument) + *user_agent);
    }
    auto browser = start(*plan.adapter, plan.profile, copy, arguments);
    if (!browser) {
        return tl::unexpected<Error>(browser.error());
    }
    const auto target = parse_url(url);
    BrowserVisit visit(
        {url, options_.expect_text, target && has_cookies_for(plan, *target, host_.now()), http_.timeout});
    if (auto driven = drive(**browser, visit); !driven) {
        return tl::unexpected<Error>(explained(driven.error()));
    }
    close(**browser);
    return visit.probe(host_.now());
}

}  // namespace unstick
