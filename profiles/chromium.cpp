// The Chromium family. A browser is one row of `family`; a store is one row of `stores`.
// Where the folders are: docs/formats-chromium.md, "Where profiles are".

#include <array>

#include "../src/formats/profile_lists.h"
#include "chromium_ads.h"
#include "chromium_sql.h"
#include "profiles.h"

namespace unstick {

namespace {

// In the order of removal. What others refer to comes last: should we be cut off in between, what is left is what
// Chromium takes for empty, never for broken.
constexpr std::array stores{
    StoreSpec{Kind::cache, "HTTP cache", Base::cache, "Cache/Cache_Data", find_http_cache, false,
              When::unless_whole_cache},
    StoreSpec{Kind::cache, "Whole HTTP cache, of all sites", Base::cache, "Cache/Cache_Data", find_whole_http_cache,
              false, When::if_whole_cache},
    StoreSpec{Kind::cache, "Compiled scripts", Base::cache, "Code Cache", find_code_cache},
    StoreSpec{Kind::cache, "Shared dictionaries", Base::profile, "Shared Dictionary", find_shared_dictionaries},
    StoreSpec{Kind::storage, "IndexedDB", Base::profile, "IndexedDB", find_indexed_db},
    StoreSpec{Kind::storage, "Cache Storage", Base::profile, "Service Worker/CacheStorage", find_cache_storage},
    StoreSpec{Kind::storage, "Service workers", Base::profile, "Service Worker", find_service_workers},
    StoreSpec{Kind::storage, "File systems", Base::profile, "File System", find_file_systems},
    StoreSpec{Kind::storage, "Local storage", Base::profile, "Local Storage/leveldb", find_local_storage},
    StoreSpec{Kind::storage, "Session storage", Base::profile, "Session Storage", find_session_storage},
    StoreSpec{Kind::storage, "Local storage (SQLite)", Base::profile, "LocalStorage", find_local_storage_sql},
    StoreSpec{Kind::storage, "Session storage (SQLite)", Base::profile, "SessionStorage", find_session_storage_sql},
    StoreSpec{Kind::storage, "Notifications", Base::profile, "Platform Notifications", find_notifications},
    StoreSpec{Kind::storage, "Push allowances", Base::profile, "BudgetDatabase", find_push_budgets},
    StoreSpec{Kind::storage, "Origin trials", Base::profile, "PersistentOriginTrials", find_origin_trials},
    StoreSpec{Kind::storage, "Shared storage", Base::profile, "SharedStorage", find_rows_of<chromium::shared_storage>},
    StoreSpec{Kind::storage, "Trust tokens", Base::profile, "Network/Trust Tokens",
              find_rows_of<chromium::trust_tokens>},
    StoreSpec{Kind::storage, "Trust tokens", Base::profile, "Trust Tokens", find_rows_of<chromium::trust_tokens>},
    StoreSpec{Kind::storage, "Bounce tracking records", Base::profile, "DIPS", find_rows_of<chromium::bounces>},
    StoreSpec{Kind::storage, "Performance observer", Base::profile, "declarative_performance_observer.db",
              find_rows_of<chromium::performance_observer>},
    StoreSpec{Kind::storage, "Heavy advertisements", Base::profile, "heavy_ad_intervention_opt_out.db",
              find_rows_of<chromium::heavy_ads>},
    StoreSpec{Kind::storage, "Interest groups", Base::profile, "InterestGroups",
              find_rows_of<chromium::interest_groups>},
    StoreSpec{Kind::storage, "Advertising accounts", Base::profile, "Conversions", find_rows_of<chromium::conversions>},
    StoreSpec{Kind::storage, "Advertising reports", Base::profile, "AggregationService",
              find_rows_of<chromium::aggregation>},
    StoreSpec{Kind::storage, "Media licences", Base::profile, "CdmStorage.db", find_rows_of<chromium::media_licenses>},
    StoreSpec{Kind::storage, "Media device salts", Base::profile, "MediaDeviceSalts",
              find_rows_of<chromium::device_salts>},
    StoreSpec{Kind::network, "Reports and error logging", Base::profile, "Network/Reporting and NEL",
              find_rows_of<chromium::reports>},
    StoreSpec{Kind::network, "Reports and error logging", Base::profile, "Reporting and NEL",
              find_rows_of<chromium::reports>},
    StoreSpec{Kind::cookies, "Cookies", Base::profile, "Network/Cookies", find_rows_of<chromium::cookies>},
    StoreSpec{Kind::cookies, "Cookies", Base::profile, "Cookies", find_rows_of<chromium::cookies>},
    StoreSpec{Kind::cookies, "Device-bound sessions", Base::profile, "Network/Device Bound Sessions",
              find_rows_of<chromium::bound_sessions>},
    StoreSpec{Kind::cookies, "Device-bound sessions", Base::profile, "Device Bound Sessions",
              find_rows_of<chromium::bound_sessions>},
    StoreSpec{Kind::auth, "Saved HTTP sign-ins", Base::profile, "Login Data", find_rows_of<chromium::http_logins>},
    StoreSpec{Kind::auth, "Saved HTTP sign-ins (account)", Base::profile, "Login Data For Account",
              find_rows_of<chromium::http_logins>},
    StoreSpec{Kind::passwords, "Saved form logins", Base::profile, "Login Data", find_rows_of<chromium::form_logins>},
    StoreSpec{Kind::passwords, "Saved form logins (account)", Base::profile, "Login Data For Account",
              find_rows_of<chromium::form_logins>},
    StoreSpec{Kind::storage, "Storage buckets", Base::profile, "WebStorage", find_buckets},
    StoreSpec{Kind::auth, "Federated sign-in state", Base::profile, "Preferences", find_federated_sign_in},
    StoreSpec{Kind::permissions, "Policies", Base::policies, "managed", find_cookie_policies},
    StoreSpec{Kind::permissions, "Site settings", Base::profile, "Preferences", find_site_settings},
    StoreSpec{Kind::network, "Server properties (Alt-Svc)", Base::profile, "Network/Network Persistent State",
              find_network_state},
    StoreSpec{Kind::network, "Server properties (Alt-Svc)", Base::profile, "Network Persistent State",
              find_network_state},
    StoreSpec{Kind::network, "HTTPS-only hosts (HSTS)", Base::profile, "Network/TransportSecurity",
              find_transport_security, true},
    StoreSpec{Kind::network, "HTTPS-only hosts (HSTS)", Base::profile, "TransportSecurity", find_transport_security,
              true},
    StoreSpec{Kind::storage, "Tab statistics", Base::profile, "Site Characteristics Database",
              find_site_characteristics, true},
};

constexpr std::array<std::string_view, 3> lock_files{"Local Storage/leveldb/LOCK", "Session Storage/LOCK",
                                                     "Service Worker/Database/LOCK"};

// A copy for the re-test by the browser itself: docs/formats-chromium.md, "A browser opened on a copy".
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
constexpr std::array<std::string_view, 1> copied_local_state{"/os_crypt"};
constexpr std::array copied_settings{Settings{"Preferences", false, copied_preferences},
                                     Settings{"Local State", true, copied_local_state}};
// What it would ask of its maker is sent to a port of this computer where nobody listens.
constexpr std::array<std::string_view, 22> quietly{
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
constexpr OnCopy on_copy{always_copied,
                         copied_settings,
                         "/session/restore_on_startup",
                         1,
                         "--restore-last-session",
                         quietly,
                         "BREAKPAD_DUMP_LOCATION",
                         copy_folder,
                         "--proxy-server=",
                         "--host-resolver-rules=",
                         "--user-agent="};

using enum Os;

constexpr std::array chrome{
    Root{linux_os, "{config}/google-chrome", "{cache}/google-chrome", {"google-chrome-stable", "google-chrome"}},
    Root{linux_os, "{home}/.var/app/com.google.Chrome/config/google-chrome",
         "{home}/.var/app/com.google.Chrome/cache/google-chrome"},
    Root{macos,
         "{support}/Google/Chrome",
         "{caches}/Google/Chrome",
         {"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}},
    Root{windows,
         "{local}/Google/Chrome/User Data",
         {},
         {"{programs}/Google/Chrome/Application/chrome.exe", "{local}/Google/Chrome/Application/chrome.exe"}},
};
constexpr std::array chrome_beta{
    Root{linux_os, "{config}/google-chrome-beta", "{cache}/google-chrome-beta", {"google-chrome-beta"}},
    Root{macos,
         "{support}/Google/Chrome Beta",
         "{caches}/Google/Chrome Beta",
         {"/Applications/Google Chrome Beta.app/Contents/MacOS/Google Chrome Beta"}},
    Root{windows,
         "{local}/Google/Chrome Beta/User Data",
         {},
         {"{programs}/Google/Chrome Beta/Application/chrome.exe", "{local}/Google/Chrome Beta/Application/chrome.exe"}},
};
constexpr std::array chrome_dev{
    Root{linux_os, "{config}/google-chrome-unstable", "{cache}/google-chrome-unstable", {"google-chrome-unstable"}},
    Root{linux_os, "{home}/.var/app/com.google.ChromeDev/config/google-chrome-unstable",
         "{home}/.var/app/com.google.ChromeDev/cache/google-chrome-unstable"},
    Root{macos,
         "{support}/Google/Chrome Dev",
         "{caches}/Google/Chrome Dev",
         {"/Applications/Google Chrome Dev.app/Contents/MacOS/Google Chrome Dev"}},
    Root{windows,
         "{local}/Google/Chrome Dev/User Data",
         {},
         {"{programs}/Google/Chrome Dev/Application/chrome.exe", "{local}/Google/Chrome Dev/Application/chrome.exe"}},
};
constexpr std::array chrome_canary{
    Root{linux_os, "{config}/google-chrome-canary", "{cache}/google-chrome-canary", {"google-chrome-canary"}},
    Root{macos,
         "{support}/Google/Chrome Canary",
         "{caches}/Google/Chrome Canary",
         {"/Applications/Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary"}},
    Root{windows, "{local}/Google/Chrome SxS/User Data", {}, {"{local}/Google/Chrome SxS/Application/chrome.exe"}},
};
constexpr std::array chrome_for_testing{
    Root{linux_os, "{config}/google-chrome-for-testing", "{cache}/google-chrome-for-testing"},
    Root{macos, "{support}/Google/Chrome for Testing", "{caches}/Google/Chrome for Testing"},
    Root{windows, "{local}/Google/Chrome for Testing/User Data"},
};
constexpr std::array chromium_roots{
    Root{linux_os, "{config}/chromium", "{cache}/chromium", {"chromium", "chromium-browser"}},
    Root{linux_os, "{home}/snap/chromium/common/chromium", "{home}/snap/chromium/common/.cache/chromium"},
    Root{linux_os, "{home}/.var/app/org.chromium.Chromium/config/chromium",
         "{home}/.var/app/org.chromium.Chromium/cache/chromium"},
    Root{linux_os, "{home}/.var/app/io.github.ungoogled_software.ungoogled_chromium/config/chromium",
         "{home}/.var/app/io.github.ungoogled_software.ungoogled_chromium/cache/chromium"},
    Root{macos, "{support}/Chromium", "{caches}/Chromium", {"/Applications/Chromium.app/Contents/MacOS/Chromium"}},
    Root{windows,
         "{local}/Chromium/User Data",
         {},
         {"{local}/Chromium/Application/chrome.exe", "{programs}/Chromium/Application/chrome.exe"}},
};
constexpr std::array edge{
    Root{linux_os, "{config}/microsoft-edge", "{cache}/microsoft-edge", {"microsoft-edge-stable", "microsoft-edge"}},
    Root{linux_os, "{home}/.var/app/com.microsoft.Edge/config/microsoft-edge",
         "{home}/.var/app/com.microsoft.Edge/cache/microsoft-edge"},
    Root{macos,
         "{support}/Microsoft Edge",
         "{caches}/Microsoft Edge",
         {"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"}},
    Root{windows,
         "{local}/Microsoft/Edge/User Data",
         {},
         {"{programs_x86}/Microsoft/Edge/Application/msedge.exe", "{programs}/Microsoft/Edge/Application/msedge.exe"}},
};
constexpr std::array edge_beta{
    Root{linux_os, "{config}/microsoft-edge-beta", "{cache}/microsoft-edge-beta", {"microsoft-edge-beta"}},
    Root{macos,
         "{support}/Microsoft Edge Beta",
         "{caches}/Microsoft Edge Beta",
         {"/Applications/Microsoft Edge Beta.app/Contents/MacOS/Microsoft Edge Beta"}},
    Root{windows,
         "{local}/Microsoft/Edge Beta/User Data",
         {},
         {"{programs_x86}/Microsoft/Edge Beta/Application/msedge.exe"}},
};
constexpr std::array edge_dev{
    Root{linux_os, "{config}/microsoft-edge-dev", "{cache}/microsoft-edge-dev", {"microsoft-edge-dev"}},
    Root{macos,
         "{support}/Microsoft Edge Dev",
         "{caches}/Microsoft Edge Dev",
         {"/Applications/Microsoft Edge Dev.app/Contents/MacOS/Microsoft Edge Dev"}},
    Root{windows,
         "{local}/Microsoft/Edge Dev/User Data",
         {},
         {"{programs_x86}/Microsoft/Edge Dev/Application/msedge.exe"}},
};
constexpr std::array edge_canary{
    Root{macos,
         "{support}/Microsoft Edge Canary",
         "{caches}/Microsoft Edge Canary",
         {"/Applications/Microsoft Edge Canary.app/Contents/MacOS/Microsoft Edge Canary"}},
    Root{windows, "{local}/Microsoft/Edge SxS/User Data", {}, {"{local}/Microsoft/Edge SxS/Application/msedge.exe"}},
};
constexpr std::array brave{
    Root{linux_os,
         "{config}/BraveSoftware/Brave-Browser",
         "{cache}/BraveSoftware/Brave-Browser",
         {"brave-browser", "brave"}},
    Root{linux_os, "{home}/snap/brave/current/.config/BraveSoftware/Brave-Browser",
         "{home}/snap/brave/current/.cache/BraveSoftware/Brave-Browser"},
    Root{linux_os, "{home}/.var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser",
         "{home}/.var/app/com.brave.Browser/cache/BraveSoftware/Brave-Browser"},
    Root{macos,
         "{support}/BraveSoftware/Brave-Browser",
         "{caches}/BraveSoftware/Brave-Browser",
         {"/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"}},
    Root{windows,
         "{local}/BraveSoftware/Brave-Browser/User Data",
         {},
         {"{programs}/BraveSoftware/Brave-Browser/Application/brave.exe",
          "{local}/BraveSoftware/Brave-Browser/Application/brave.exe"}},
};
constexpr std::array brave_beta{
    Root{linux_os,
         "{config}/BraveSoftware/Brave-Browser-Beta",
         "{cache}/BraveSoftware/Brave-Browser-Beta",
         {"brave-browser-beta"}},
    Root{macos,
         "{support}/BraveSoftware/Brave-Browser-Beta",
         "{caches}/BraveSoftware/Brave-Browser-Beta",
         {"/Applications/Brave Browser Beta.app/Contents/MacOS/Brave Browser Beta"}},
    Root{windows,
         "{local}/BraveSoftware/Brave-Browser-Beta/User Data",
         {},
         {"{programs}/BraveSoftware/Brave-Browser-Beta/Application/brave.exe"}},
};
constexpr std::array brave_nightly{
    Root{linux_os,
         "{config}/BraveSoftware/Brave-Browser-Nightly",
         "{cache}/BraveSoftware/Brave-Browser-Nightly",
         {"brave-browser-nightly"}},
    Root{macos,
         "{support}/BraveSoftware/Brave-Browser-Nightly",
         "{caches}/BraveSoftware/Brave-Browser-Nightly",
         {"/Applications/Brave Browser Nightly.app/Contents/MacOS/Brave Browser Nightly"}},
    Root{windows,
         "{local}/BraveSoftware/Brave-Browser-Nightly/User Data",
         {},
         {"{programs}/BraveSoftware/Brave-Browser-Nightly/Application/brave.exe"}},
};
constexpr std::array vivaldi{
    Root{linux_os, "{config}/vivaldi", "{cache}/vivaldi", {"vivaldi-stable", "vivaldi"}},
    Root{linux_os, "{home}/.var/app/com.vivaldi.Vivaldi/config/vivaldi",
         "{home}/.var/app/com.vivaldi.Vivaldi/cache/vivaldi"},
    Root{macos, "{support}/Vivaldi", "{caches}/Vivaldi", {"/Applications/Vivaldi.app/Contents/MacOS/Vivaldi"}},
    Root{windows,
         "{local}/Vivaldi/User Data",
         {},
         {"{local}/Vivaldi/Application/vivaldi.exe", "{programs}/Vivaldi/Application/vivaldi.exe"}},
};
constexpr std::array vivaldi_snapshot{
    Root{linux_os, "{config}/vivaldi-snapshot", "{cache}/vivaldi-snapshot", {"vivaldi-snapshot"}},
    Root{macos,
         "{support}/Vivaldi Snapshot",
         "{caches}/Vivaldi Snapshot",
         {"/Applications/Vivaldi Snapshot.app/Contents/MacOS/Vivaldi Snapshot"}},
};
constexpr std::array opera{
    Root{linux_os, "{config}/opera", "{cache}/opera", {"opera"}},
    Root{linux_os, "{home}/.var/app/com.opera.Opera/config/opera", "{home}/.var/app/com.opera.Opera/cache/opera"},
    Root{macos,
         "{support}/com.operasoftware.Opera",
         "{caches}/com.operasoftware.Opera",
         {"/Applications/Opera.app/Contents/MacOS/Opera"}},
    Root{windows,
         "{roaming}/Opera Software/Opera Stable",
         "{local}/Opera Software/Opera Stable",
         {"{local}/Programs/Opera/opera.exe"}},
};
constexpr std::array opera_beta{
    Root{linux_os, "{config}/opera-beta", "{cache}/opera-beta", {"opera-beta"}},
    Root{macos,
         "{support}/com.operasoftware.OperaNext",
         "{caches}/com.operasoftware.OperaNext",
         {"/Applications/Opera Beta.app/Contents/MacOS/Opera"}},
    Root{windows,
         "{roaming}/Opera Software/Opera Next",
         "{local}/Opera Software/Opera Next",
         {"{local}/Programs/Opera beta/opera.exe"}},
};
constexpr std::array opera_developer{
    Root{linux_os, "{config}/opera-developer", "{cache}/opera-developer", {"opera-developer"}},
    Root{macos,
         "{support}/com.operasoftware.OperaDeveloper",
         "{caches}/com.operasoftware.OperaDeveloper",
         {"/Applications/Opera Developer.app/Contents/MacOS/Opera"}},
    Root{windows,
         "{roaming}/Opera Software/Opera Developer",
         "{local}/Opera Software/Opera Developer",
         {"{local}/Programs/Opera developer/opera.exe"}},
};
constexpr std::array opera_gx{
    Root{macos,
         "{support}/com.operasoftware.OperaGX",
         "{caches}/com.operasoftware.OperaGX",
         {"/Applications/Opera GX.app/Contents/MacOS/Opera"}},
    Root{windows,
         "{roaming}/Opera Software/Opera GX Stable",
         "{local}/Opera Software/Opera GX Stable",
         {"{local}/Programs/Opera GX/opera.exe"}},
};
constexpr std::array arc{
    Root{macos, "{support}/Arc/User Data", "{caches}/Arc/User Data", {"/Applications/Arc.app/Contents/MacOS/Arc"}},
    Root{windows, "{local}/Packages/TheBrowserCompany.Arc_ttt1ap7aakyb4/LocalCache/Local/Arc/User Data"},
};

constexpr Adapter browser(std::string_view id, std::string_view label, std::span<const Root> roots,
                          std::string_view policies = {})
{
    return {id, label, roots, stores, list_by_local_state, singleton_use, lock_files, {}, policies, {},
            "--restore-last-session", &on_copy};
}

constexpr std::array family{
    browser("chrome", "Google Chrome", chrome, "{etc}/opt/chrome/policies"),
    browser("chrome-beta", "Google Chrome Beta", chrome_beta, "{etc}/opt/chrome/policies"),
    browser("chrome-dev", "Google Chrome Dev", chrome_dev, "{etc}/opt/chrome/policies"),
    browser("chrome-canary", "Google Chrome Canary", chrome_canary),
    browser("chrome-for-testing", "Google Chrome for Testing", chrome_for_testing),
    browser("chromium", "Chromium", chromium_roots, "{etc}/chromium/policies"),
    browser("edge", "Microsoft Edge", edge, "{etc}/opt/edge/policies"),
    browser("edge-beta", "Microsoft Edge Beta", edge_beta),
    browser("edge-dev", "Microsoft Edge Dev", edge_dev),
    browser("edge-canary", "Microsoft Edge Canary", edge_canary),
    browser("brave", "Brave", brave, "{etc}/brave/policies"),
    browser("brave-beta", "Brave Beta", brave_beta),
    browser("brave-nightly", "Brave Nightly", brave_nightly),
    browser("vivaldi", "Vivaldi", vivaldi),
    browser("vivaldi-snapshot", "Vivaldi Snapshot", vivaldi_snapshot),
    browser("opera", "Opera", opera),
    browser("opera-beta", "Opera Beta", opera_beta),
    browser("opera-developer", "Opera Developer", opera_developer),
    browser("opera-gx", "Opera GX", opera_gx),
    browser("arc", "Arc", arc),
};

}  // namespace

std::span<const Adapter> chromium_family()
{
    return family;
}

}  // namespace unstick
