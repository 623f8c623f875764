#include "profiles/gecko/remote.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "devtools/drive.h"
#include "devtools/profile_copy.h"
#include "platform/files.h"
#include "profiles/gecko/debugger.h"
#include "profiles/gecko/remote_agent.h"
#include "web/resolve_entry.h"
#include "web/url.h"

namespace unstick {

namespace {

constexpr std::string_view preferences_file = "prefs.js";
constexpr std::string_view own_preferences_file = "user.js";  // the browser reads it after the other
constexpr std::uint64_t largest_preferences = 16U << 20U;
constexpr std::uint64_t largest_trust = 64U << 20U;

// Also of the sites that the way to the page leads over. Firefox finds the folders of origins without its list of them.
constexpr std::array<std::string_view, 5> always_copied{"cookies.sqlite", "permissions.sqlite",
                                                        "SiteSecurityServiceState.bin", "sessionstore.jsonlz4",
                                                        "sessionstore-backups/recovery.jsonlz4"};
constexpr std::array<std::string_view, 2> session_files{"sessionstore.jsonlz4",
                                                        "sessionstore-backups/recovery.jsonlz4"};
// Whom the browser trusts is not about what sites have stored: a fresh browser gets it, too. No key is among it.
constexpr std::array<std::string_view, 2> trust_files{"cert9.db", "cert_override.txt"};

// What decides how pages are loaded, by how the names start; no extension, account or push registration.
constexpr std::array<std::string_view, 6> fresh_preferences{"intl.accept_languages", "network.dns.", "network.lna.",
                                                            "network.proxy.",        "network.trr.", "security."};
constexpr std::array<std::string_view, 13> more_preferences{"browser.cache.",
                                                            "browser.contentblocking.",
                                                            "browser.startup.page",
                                                            "dom.",
                                                            "general.useragent.",
                                                            "javascript.",
                                                            "network.automatic-ntlm-auth.",
                                                            "network.cookie.",
                                                            "network.http.",
                                                            "network.negotiate-auth.",
                                                            "network.stricttransportsecurity.",
                                                            "permissions.default.",
                                                            "privacy."};
constexpr std::array<std::string_view, 1> left_out_preferences{"dom.push."};

constexpr std::string_view keeping_line = R"(user_pref("browser.startup.page", 3);)";

// The server on the socket, no questions to the person, and nothing for the browser's maker: what it would ask of him
// is sent to a port of this computer where nobody listens.
constexpr std::string_view our_preferences = R"(
user_pref("devtools.debugger.remote-enabled", true);
user_pref("devtools.chrome.enabled", true);
user_pref("devtools.debugger.prompt-connection", false);
user_pref("dom.ipc.processPrelaunch.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.discovery.enabled", false);
user_pref("browser.download.folderList", 0);
user_pref("browser.newtabpage.enabled", false);
user_pref("browser.preonboarding.enabled", false);
user_pref("browser.region.network.url", "");
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.search.update", false);
user_pref("browser.sessionstore.resume_from_crash", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("browser.startup.page", 0);
user_pref("browser.topsites.contile.enabled", false);
user_pref("datareporting.healthreport.uploadEnabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.policy.dataSubmissionPolicyBypassNotification", true);
user_pref("dom.push.connection.enabled", false);
user_pref("extensions.enabledScopes", 0);
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("identity.fxaccounts.enabled", false);
user_pref("media.gmp-manager.url", "http://127.0.0.1:9/");
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.http.speculative-parallel-limit", 0);
user_pref("privacy.sanitize.sanitizeOnShutdown", false);
user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
user_pref("termsofuse.bypassNotification", true);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("toolkit.telemetry.server", "");
user_pref("trailhead.firstrun.didSeeAboutWelcome", true);
)";

bool starts_with_any(std::string_view name, std::span<const std::string_view> starts)
{
    return std::any_of(starts.begin(), starts.end(),
                       [&](const std::string_view start) { return name.starts_with(start); });
}

/// What a file of the profile holds; nothing if it is not there or cannot be read, as for the browser itself.
std::string contents(const fs::path& file, std::uint64_t limit)
{
    return files::read_file(file, limit).value_or(std::string());
}

class GeckoSession final : public RemoteSession {
public:
    explicit GeckoSession(RemoteRun run) : run_(std::move(run)) {}

    Result<Probe> visit(const ProfilePlan& plan, const PrivateCopy& copy, const std::string& url,
                        const VisitManner& how) override
    {
        TRY_ASSIGN(auto browser, start(*plan.adapter, plan.profile, copy));
        BrowserVisit visit(options_for(run_, plan, url, how));
        TRY(drive(*browser, visit).map_error([](Error error) {
            error.what = "it ended before it had opened the page";
            return error;
        }));
        close(*browser);
        return visit.probe(run_.host.now());
    }

private:
    Result<std::unique_ptr<PipedProgram>> start(const Adapter& adapter, const Profile& profile, const PrivateCopy& copy)
    {
        TRY_ASSIGN(const auto programs, programs_for(run_, adapter, profile));
        if (run_.host.machine().os == Os::windows) {  // its debugger's server would be on a port that all may reach
            return fail(Code::unsupported, profile.path.string(),
                        std::string(adapter.label) +
                            " cannot be opened on a copy on Windows: only its debugger's server "
                            "on a port would be there, which every user of the computer reaches");
        }
        const fs::path socket = copy.folder() / "s";  // its whole path has to be short
        const fs::path home = copy.folder() / "home";
        TRY(files::make_private_folder(home));
        // What it writes besides its profile belongs into the copy, too.
        std::vector<std::string> variables{"MOZ_CRASHREPORTER_DISABLE=1", "MOZ_REMOTE_SETTINGS_DEVTOOLS=1",
                                           "HOME=" + home.string()};
        for (const char* name : {"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_DOWNLOAD_DIR"}) {
            variables.push_back(fmt::format("{}={}", name, home.string()));
        }
        const std::string agent = fmt::format("({})({})", gecko_agent, agent_settings(run_.http, copy.keeps_session()));
        for (const std::string& program : programs) {
            std::vector<std::string> command{program,
                                             "--headless",
                                             "--no-remote",
                                             "--profile",
                                             (copy.folder() / PrivateCopy::profile_name).string(),
                                             "--start-debugger-server",
                                             socket.string()};
            command.insert(command.end(), run_.options.arguments.begin(), run_.options.arguments.end());
            auto started = start_debugged(run_.host, command, variables, socket, agent);
            if (started || started.error().code != Code::not_found) {
                return started;
            }
        }
        return not_found(programs.front());
    }

    RemoteRun run_;
};

class GeckoBrowser final : public RemoteDebugging {
public:
    std::span<const std::string_view> always_copied() const override { return unstick::always_copied; }

    Result<CopiedSettings> copy_settings(const Profile& profile, const fs::path& /*folder*/,
                                         const fs::path& profile_folder, Settings which) const override
    {
        CopiedSettings copied;
        std::string lines;
        for (const std::string_view name : {preferences_file, own_preferences_file}) {
            for (const std::string& line :
                 chosen_preferences(contents(profile.path / name, largest_preferences), which)) {
                copied.keeps_session = line.find("\"browser.startup.page\"") == std::string::npos
                                           ? copied.keeps_session
                                           : line.starts_with(keeping_line);
                lines += line + "\n";
            }
        }
        lines += our_preferences;
        TRY(files::write_file(profile_folder / own_preferences_file, lines));
        for (const std::string_view name : trust_files) {
            if (const std::string trust = contents(profile.path / name, largest_trust); !trust.empty()) {
                TRY(files::write_file(profile_folder / name, trust));
            }
            copied.files.push_back(profile.path / name);
        }
        // Where cookies without an end do not live on, nobody needs what else is in them.
        for (const std::string_view name : session_files) {
            if (!copied.keeps_session) {
                copied.files.push_back(profile.path / name);
            }
        }
        return copied;
    }

    std::unique_ptr<RemoteSession> session(const RemoteRun& run) const override
    {
        return std::make_unique<GeckoSession>(run);
    }
};

/// The preferences for a proxy as the option names it. A name and password in it are left out: Firefox would ask.
nlohmann::json proxy_preferences(const std::string& proxy)
{
    const auto at = proxy.rfind('@');
    const auto scheme_end = proxy.find("://");
    const std::string scheme = scheme_end == std::string::npos ? "http" : proxy.substr(0, scheme_end);
    const std::size_t start = at != std::string::npos ? at + 1 : scheme_end != std::string::npos ? scheme_end + 3 : 0;
    const auto url = parse_url("http://" + proxy.substr(start));
    nlohmann::json set = nlohmann::json::object();
    if (!url) {
        return set;
    }
    set["network.proxy.type"] = 1;
    set["network.proxy.no_proxies_on"] = "";
    if (scheme.starts_with("socks")) {
        set["network.proxy.socks"] = url->host;
        set["network.proxy.socks_port"] = url->port;
        set["network.proxy.socks_version"] = scheme.starts_with("socks4") ? 4 : 5;
        set["network.proxy.socks_remote_dns"] = scheme == "socks5h" || scheme == "socks4a";
        return set;
    }
    for (const char* kind : {"http", "ssl"}) {
        set[fmt::format("network.proxy.{}", kind)] = url->host;
        set[fmt::format("network.proxy.{}_port", kind)] = url->port;
    }
    return set;
}

}  // namespace

std::vector<std::string> chosen_preferences(std::string_view text, Settings which)
{
    constexpr std::string_view start = "user_pref(\"";
    std::vector<std::string> chosen;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const std::string_view name = line.starts_with(start) ? line.substr(start.size()) : std::string_view();
        const bool matters = starts_with_any(name, fresh_preferences) ||
                             (which == Settings::all && starts_with_any(name, more_preferences));
        if (matters && !starts_with_any(name, left_out_preferences)) {
            chosen.emplace_back(line);
        }
    }
    return chosen;
}

std::string agent_settings(const HttpOptions& http, bool keeps_session)
{
    nlohmann::json preferences = http.proxy.empty() ? nlohmann::json::object() : proxy_preferences(http.proxy);
    nlohmann::json addresses = nlohmann::json::array();
    for (const std::string& resolve : http.resolve) {
        const auto entry = parse_resolve_entry(resolve);
        for (const std::string& address : entry ? entry->addresses : std::vector<std::string>()) {
            if (entry->host == "*") {
                preferences["network.dns.forceResolve"] = address;
            } else if (const auto one = nlohmann::json::array({entry->host, address});
                       std::find(addresses.begin(), addresses.end(), one) == addresses.end()) {
                addresses.push_back(one);
            }
        }
    }
    return nlohmann::json{
        {"preferences", std::move(preferences)}, {"addresses", std::move(addresses)}, {"keepsSession", keeps_session}}
        .dump();
}

const RemoteDebugging& gecko_remote()
{
    static const GeckoBrowser browser;
    return browser;
}

}  // namespace unstick
