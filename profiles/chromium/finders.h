#pragma once
// What of a site is in each of Chromium's stores. Each is a `Find` of model/adapter.h (looks only, leaves no trace in
// the profile, never throws) and has its own .cpp, named like it. What the formats are: docs/formats-chromium.md.

#include <filesystem>
#include <string_view>

#include "model/item.h"
#include "web/site.h"

namespace unstick {

namespace fs = std::filesystem;

// --- Caches (http_cache.cpp, code_cache.cpp, shared_dictionaries.cpp) -----------------------------

/// `Cache/Cache_Data`: HTTP responses of the site, under it, or framed by it.
Found find_http_cache(const fs::path& folder, const Site& site);

/// `Code Cache`: compiled scripts of the site, or run by its pages.
Found find_code_cache(const fs::path& folder, const Site& site);

/// The URL in the key of a compiled script; empty if it is not one.
std::string_view url_of_code_key(std::string_view key);
/// That URL is the site's.
bool owns_code_key(const Site& site, std::string_view key);

/// `Shared Dictionary`: dictionaries that the site gave, or that were given under it.
Found find_shared_dictionaries(const fs::path& folder, const Site& site);
/// The same folder as one item, whatever is in it and whoever it belongs to.
Found find_whole_http_cache(const fs::path& folder, const Site&);

// --- LevelDB databases ----------------------------------------------------------------------------

Found find_local_storage(const fs::path& folder, const Site& site);    ///< `Local Storage/leveldb`
Found find_session_storage(const fs::path& folder, const Site& site);  ///< `Session Storage`
Found find_service_workers(const fs::path& folder, const Site& site);  ///< `Service Worker`: Database, ScriptCache
Found find_file_systems(const fs::path& folder, const Site& site);     ///< `File System`: Origins and NNN folders

// Pairs whose keys name origins (origin_pairs.cpp):
Found find_notifications(const fs::path& folder, const Site& site);  ///< `Platform Notifications`: those that are shown
Found find_origin_trials(const fs::path& folder, const Site& site);  ///< `PersistentOriginTrials`
Found find_push_budgets(const fs::path& folder, const Site& site);   ///< `BudgetDatabase`

/// `Site Characteristics Database`: how tabs behave in the background. Hosts are named by hashes: Site::known_hosts.
Found find_site_characteristics(const fs::path& folder, const Site& site);

// --- The same in SQLite (dom_storage_sql.cpp) -----------------------------------------------------

Found find_local_storage_sql(const fs::path& file, const Site& site);    ///< `LocalStorage`
Found find_session_storage_sql(const fs::path& file, const Site& site);  ///< `SessionStorage`

// --- Folders named after an origin (origin_folders.cpp) -------------------------------------------

Found find_indexed_db(const fs::path& folder, const Site& site);     ///< `IndexedDB`
Found find_cache_storage(const fs::path& folder, const Site& site);  ///< `Service Worker/CacheStorage`

/// `WebStorage`: the rows of QuotaManager and the folders of the buckets that they name.
Found find_buckets(const fs::path& folder, const Site& site);

/// `Login Data`: sign-ins that the browser sends by itself (http_logins.cpp).
Found find_http_logins(const fs::path& file, const Site& site);

// --- JSON files -----------------------------------------------------------------------------------

/// `TransportSecurity` (transport_security.cpp): hosts that must be asked by HTTPS. Hosts are named by hashes:
/// Site::known_hosts.
Found find_transport_security(const fs::path& file, const Site& site);

/// `Network Persistent State` (network_state.cpp): servers' alternative services, those that failed, QUIC handshakes.
Found find_network_state(const fs::path& file, const Site& site);

/// `Preferences` (site_settings.cpp): content settings, decided or counted, and zoom. Not federated sign-in.
Found find_site_settings(const fs::path& file, const Site& site);
/// A folder of policies that an administrator keeps for Chromium (cookie_policies.cpp): no items, but what forbids the
/// site its cookies (Found::bans).
Found find_cookie_policies(const fs::path& folder, const Site& site);
/// Does a pattern of content settings (`[*.]example.com`, `https://app.example.com:443`, `*`) mean this host?
bool pattern_is_for(std::string_view pattern, std::string_view host);
/// `Preferences`: federated sign-in (FedCM): at which provider the browser takes the user for signed in.
Found find_federated_sign_in(const fs::path& file, const Site& site);

}  // namespace unstick
