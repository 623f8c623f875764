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

using enum Os;

constexpr std::array chrome{
    Root{linux_os, "{config}/google-chrome", "{cache}/google-chrome"},
    Root{linux_os, "{home}/.var/app/com.google.Chrome/config/google-chrome",
         "{home}/.var/app/com.google.Chrome/cache/google-chrome"},
    Root{macos, "{support}/Google/Chrome", "{caches}/Google/Chrome"},
    Root{windows, "{local}/Google/Chrome/User Data"},
};
constexpr std::array chrome_beta{
    Root{linux_os, "{config}/google-chrome-beta", "{cache}/google-chrome-beta"},
    Root{macos, "{support}/Google/Chrome Beta", "{caches}/Google/Chrome Beta"},
    Root{windows, "{local}/Google/Chrome Beta/User Data"},
};
constexpr std::array chrome_dev{
    Root{linux_os, "{config}/google-chrome-unstable", "{cache}/google-chrome-unstable"},
    Root{linux_os, "{home}/.var/app/com.google.ChromeDev/config/google-chrome-unstable",
         "{home}/.var/app/com.google.ChromeDev/cache/google-chrome-unstable"},
    Root{macos, "{support}/Google/Chrome Dev", "{caches}/Google/Chrome Dev"},
    Root{windows, "{local}/Google/Chrome Dev/User Data"},
};
constexpr std::array chrome_canary{
    Root{linux_os, "{config}/google-chrome-canary", "{cache}/google-chrome-canary"},
    Root{macos, "{support}/Google/Chrome Canary", "{caches}/Google/Chrome Canary"},
    Root{windows, "{local}/Google/Chrome SxS/User Data"},
};
constexpr std::array chrome_for_testing{
    Root{linux_os, "{config}/google-chrome-for-testing", "{cache}/google-chrome-for-testing"},
    Root{macos, "{support}/Google/Chrome for Testing", "{caches}/Google/Chrome for Testing"},
    Root{windows, "{local}/Google/Chrome for Testing/User Data"},
};
constexpr std::array chromium_roots{
    Root{linux_os, "{config}/chromium", "{cache}/chromium"},
    Root{linux_os, "{home}/snap/chromium/common/chromium", "{home}/snap/chromium/common/.cache/chromium"},
    Root{linux_os, "{home}/.var/app/org.chromium.Chromium/config/chromium",
         "{home}/.var/app/org.chromium.Chromium/cache/chromium"},
    Root{linux_os, "{home}/.var/app/io.github.ungoogled_software.ungoogled_chromium/config/chromium",
         "{home}/.var/app/io.github.ungoogled_software.ungoogled_chromium/cache/chromium"},
    Root{macos, "{support}/Chromium", "{caches}/Chromium"},
    Root{windows, "{local}/Chromium/User Data"},
};
constexpr std::array edge{
    Root{linux_os, "{config}/microsoft-edge", "{cache}/microsoft-edge"},
    Root{linux_os, "{home}/.var/app/com.microsoft.Edge/config/microsoft-edge",
         "{home}/.var/app/com.microsoft.Edge/cache/microsoft-edge"},
    Root{macos, "{support}/Microsoft Edge", "{caches}/Microsoft Edge"},
    Root{windows, "{local}/Microsoft/Edge/User Data"},
};
constexpr std::array edge_beta{
    Root{linux_os, "{config}/microsoft-edge-beta", "{cache}/microsoft-edge-beta"},
    Root{macos, "{support}/Microsoft Edge Beta", "{caches}/Microsoft Edge Beta"},
    Root{windows, "{local}/Microsoft/Edge Beta/User Data"},
};
constexpr std::array edge_dev{
    Root{linux_os, "{config}/microsoft-edge-dev", "{cache}/microsoft-edge-dev"},
    Root{macos, "{support}/Microsoft Edge Dev", "{caches}/Microsoft Edge Dev"},
    Root{windows, "{local}/Microsoft/Edge Dev/User Data"},
};
constexpr std::array edge_canary{
    Root{macos, "{support}/Microsoft Edge Canary", "{caches}/Microsoft Edge Canary"},
    Root{windows, "{local}/Microsoft/Edge SxS/User Data"},
};
constexpr std::array brave{
    Root{linux_os, "{config}/BraveSoftware/Brave-Browser", "{cache}/BraveSoftware/Brave-Browser"},
    Root{linux_os, "{home}/snap/brave/current/.config/BraveSoftware/Brave-Browser",
         "{home}/snap/brave/current/.cache/BraveSoftware/Brave-Browser"},
    Root{linux_os, "{home}/.var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser",
         "{home}/.var/app/com.brave.Browser/cache/BraveSoftware/Brave-Browser"},
    Root{macos, "{support}/BraveSoftware/Brave-Browser", "{caches}/BraveSoftware/Brave-Browser"},
    Root{windows, "{local}/BraveSoftware/Brave-Browser/User Data"},
};
constexpr std::array brave_beta{
    Root{linux_os, "{config}/BraveSoftware/Brave-Browser-Beta", "{cache}/BraveSoftware/Brave-Browser-Beta"},
    Root{macos, "{support}/BraveSoftware/Brave-Browser-Beta", "{caches}/BraveSoftware/Brave-Browser-Beta"},
    Root{windows, "{local}/BraveSoftware/Brave-Browser-Beta/User Data"},
};
constexpr std::array brave_nightly{
    Root{linux_os, "{config}/BraveSoftware/Brave-Browser-Nightly", "{cache}/BraveSoftware/Brave-Browser-Nightly"},
    Root{macos, "{support}/BraveSoftware/Brave-Browser-Nightly", "{caches}/BraveSoftware/Brave-Browser-Nightly"},
    Root{windows, "{local}/BraveSoftware/Brave-Browser-Nightly/User Data"},
};
constexpr std::array vivaldi{
    Root{linux_os, "{config}/vivaldi", "{cache}/vivaldi"},
    Root{linux_os, "{home}/.var/app/com.vivaldi.Vivaldi/config/vivaldi",
         "{home}/.var/app/com.vivaldi.Vivaldi/cache/vivaldi"},
    Root{macos, "{support}/Vivaldi", "{caches}/Vivaldi"},
    Root{windows, "{local}/Vivaldi/User Data"},
};
constexpr std::array vivaldi_snapshot{
    Root{linux_os, "{config}/vivaldi-snapshot", "{cache}/vivaldi-snapshot"},
    Root{macos, "{support}/Vivaldi Snapshot", "{caches}/Vivaldi Snapshot"},
};
constexpr std::array opera{
    Root{linux_os, "{config}/opera", "{cache}/opera"},
    Root{linux_os, "{home}/.var/app/com.opera.Opera/config/opera", "{home}/.var/app/com.opera.Opera/cache/opera"},
    Root{macos, "{support}/com.operasoftware.Opera", "{caches}/com.operasoftware.Opera"},
    Root{windows, "{roaming}/Opera Software/Opera Stable", "{local}/Opera Software/Opera Stable"},
};
constexpr std::array opera_beta{
    Root{linux_os, "{config}/opera-beta", "{cache}/opera-beta"},
    Root{macos, "{support}/com.operasoftware.OperaNext", "{caches}/com.operasoftware.OperaNext"},
    Root{windows, "{roaming}/Opera Software/Opera Next", "{local}/Opera Software/Opera Next"},
};
constexpr std::array opera_developer{
    Root{linux_os, "{config}/opera-developer", "{cache}/opera-developer"},
    Root{macos, "{support}/com.operasoftware.OperaDeveloper", "{caches}/com.operasoftware.OperaDeveloper"},
    Root{windows, "{roaming}/Opera Software/Opera Developer", "{local}/Opera Software/Opera Developer"},
};
constexpr std::array opera_gx{
    Root{macos, "{support}/com.operasoftware.OperaGX", "{caches}/com.operasoftware.OperaGX"},
    Root{windows, "{roaming}/Opera Software/Opera GX Stable", "{local}/Opera Software/Opera GX Stable"},
};
constexpr std::array arc{
    Root{macos, "{support}/Arc/User Data", "{caches}/Arc/User Data"},
    Root{windows, "{local}/Packages/TheBrowserCompany.Arc_ttt1ap7aakyb4/LocalCache/Local/Arc/User Data"},
};

constexpr Adapter browser(std::string_view id, std::string_view label, std::span<const Root> roots)
{
    return {id, label, roots, stores, list_by_local_state, singleton_use, lock_files, {}, {}, "--restore-last-session"};
}

constexpr std::array family{
    browser("chrome", "Google Chrome", chrome),
    browser("chrome-beta", "Google Chrome Beta", chrome_beta),
    browser("chrome-dev", "Google Chrome Dev", chrome_dev),
    browser("chrome-canary", "Google Chrome Canary", chrome_canary),
    browser("chrome-for-testing", "Google Chrome for Testing", chrome_for_testing),
    browser("chromium", "Chromium", chromium_roots),
    browser("edge", "Microsoft Edge", edge),
    browser("edge-beta", "Microsoft Edge Beta", edge_beta),
    browser("edge-dev", "Microsoft Edge Dev", edge_dev),
    browser("edge-canary", "Microsoft Edge Canary", edge_canary),
    browser("brave", "Brave", brave),
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
