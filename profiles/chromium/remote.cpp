#include "profiles/chromium/remote.h"

#include <array>

#include "devtools/devtools_browser.h"

namespace unstick {

namespace {

constexpr std::array<std::string_view, 8> always_copied{
    "Network/Cookies",
    "Cookies",  // also of the sites that the way to the page leads over
    "Network/TransportSecurity",
    "TransportSecurity",
    "Cache/Cache_Data/index",
    "Code Cache/js/index",
    "Service Worker/ScriptCache/index",
    "WebStorage/QuotaManager"};
// No extension, account, start page or push registration: only what decides how pages are loaded.
constexpr std::array<std::string_view, 9> copied_preferences{"/profile/content_settings",
                                                             "/profile/default_content_setting_values",
                                                             "/profile/cookie_controls_mode",
                                                             "/profile/block_third_party_cookies",
                                                             "/intl/accept_languages",
                                                             "/intl/selected_languages",
                                                             "/proxy",
                                                             "/enable_do_not_track",
                                                             "/session/restore_on_startup"};
constexpr std::array<std::string_view, 3> fresh_preferences{"/intl/accept_languages", "/intl/selected_languages",
                                                            "/proxy"};
constexpr std::array<std::string_view, 1> copied_local_state{"/os_crypt"};
constexpr std::array copied_settings{
    JsonSettings{.file = "Preferences", .members = copied_preferences, .fresh = fresh_preferences},
    JsonSettings{.file = "Local State", .in_root = true, .members = copied_local_state},
};
// What it would ask of its maker is sent to a port of this computer where nobody listens.
constexpr std::array<std::string_view, 22> headless{
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-breakpad",
    "--metrics-recording-only",
    "--safebrowsing-disable-auto-update",
    "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,MediaRouter",
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--gaia-url=http://127.0.0.1:9/",
    "--mute-audio"};
constexpr std::array<std::string_view, 2> copy_folder{"--user-data-dir=", "--disk-cache-dir="};
}  // namespace

const RemoteDebugging& chromium_remote()
{
    static const DevToolsBrowser browser({
        .always_copied = always_copied,
        .settings = copied_settings,
        .keeps_session = "/session/restore_on_startup",
        .keeps_session_value = 1,
        .keeps_session_argument = "--restore-last-session",
        .headless_arguments = headless,
        .crash_variable = "BREAKPAD_DUMP_LOCATION",
        .folder_arguments = copy_folder,
        .proxy_argument = "--proxy-server=",
        .resolve_argument = "--host-resolver-rules=",
        .user_agent_argument = "--user-agent=",
    });
    return browser;
}

}  // namespace unstick
