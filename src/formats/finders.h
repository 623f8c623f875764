#pragma once
// One finder per on-disk format: what of a site is in it. Each is a `Find` of adapter.h (scan only, no
// trace in the profile, never throws); removing and restoring is the media's work (src/media/).
// Each has its own .cpp, named like it. What the formats are: docs/formats-chromium.md.

#include <filesystem>
#include <span>
#include <string_view>

#include "../host.h"
#include "../item.h"
#include "../site.h"

namespace unstick {

namespace fs = std::filesystem;

// --- SQLite tables (sql_rows.cpp) -----------------------------------------------------------------

/// How the text in a column names a site.
enum class Names {
    host,         ///< "app.example.com" or ".example.com"
    url,          ///< an origin or URL; also "federation://host/...", "android://hash@package" (not owned)
    urls,         ///< several origins or URLs, one space between two
    site,         ///< a registrable domain: it stands for the whole site
    partition,    ///< a schemeful site as partition key, or empty
    storage_key,  ///< formats/storage_key.h
    identifier,   ///< "https_app.example.com_0" (origin_of_identifier)
    network_key,  ///< formats/network_key.h
    code_key,     ///< `_key<URL>`, of a compiled script
};

struct SqlColumn {
    std::string_view name;
    Names names;
    bool optional = false;  ///< older schemas lack it
};

/// Rows that refer to a row that is removed, and go with it.
struct SqlChild {
    std::string_view table;
    std::string_view column;  ///< holds the parent's key
    std::string_view parent_column;
};

struct SqlTable {
    std::string_view table;
    std::span<const SqlColumn> owners;  ///< a row is the site's if any of these names it
    std::string_view filter = {};       ///< an SQL condition on the table's own columns, or empty
    std::span<const SqlChild> children = {};
    /// SQL expressions for Item::host, name, path, partition, created, expires (Unix seconds) and for
    /// its size in bytes; empty = none. Never an expression whose value is a secret: length(x) at most.
    std::string_view host = {}, name = {}, path = {}, partition = {}, created = {}, expires = {}, bytes = {};
    std::string_view noun = {};  ///< "cookie": starts the label
    bool optional = false;       ///< older schemas lack the table
    /// SQL expression for the path, from the database's folder on, of a file that goes with the row; NULL = none.
    std::string_view file = {};
    /// SQL expressions for Item::used, changed, value_size, secure, persistent.
    std::string_view used = {}, changed = {}, value_size = {}, secure = {}, persistent = {};
    ItemType type = ItemType::other;
};

/// Where a database says which schema it has.
enum class VersionIn {
    meta,          ///< Chromium's table of that name
    user_version,  ///< SQLite's own number; 0 where nobody set it
};

/// A SQLite database. Versions outside the range are not touched.
struct SqlDatabase {
    std::span<const SqlTable> tables;
    int oldest_version;
    int newest_version;  ///< newest schema that was checked against a real browser
    VersionIn version_in = VersionIn::meta;
};

Found find_sql_rows(const fs::path& file, const Site& site, const SqlDatabase& database);

/// The same as a Find, for an adapter's table.
template <const SqlDatabase& database>
Found find_rows_of(const fs::path& file, const Site& site)
{
    return find_sql_rows(file, site, database);
}

// --- Caches (http_cache.cpp, code_cache.cpp, shared_dictionaries.cpp) -----------------------------

/// `Cache/Cache_Data`: HTTP responses of the site, under it, or framed by it.
Found find_http_cache(const fs::path& folder, const Site& site);

// --- Safari's cookie jar (safari_cookies.cpp) -----------------------------------------------------

/// `Cookies.binarycookies`: cookies by their domain. Under which site a cookie is partitioned is not read: no public
/// jar shows how Safari writes it. A jar that is not understood to the last byte is left and reported.
Found find_binary_cookies(const fs::path& file, const Site& site);

/// `HSTS.plist` of macOS (hsts_plist.cpp): hosts that must be asked by HTTPS, learnt or built in.
Found find_hsts_plist(const fs::path& file, const Site& site);

// --- Keychains of macOS (keychain_sign_ins.cpp) ---------------------------------------------------

/// A keychain's sign-ins that browsers send by themselves (HTTP Basic, Digest, NTLM), and those that are typed into
/// forms. Only a Mac can be asked; elsewhere a note says so.
Found find_keychain_http(const fs::path& keychain, const Site& site, Host& host);
Found find_keychain_forms(const fs::path& keychain, const Site& site, Host& host);

// ---------------------------------------------------------------------------------------------------

/// `Code Cache`: compiled scripts of the site, or run by its pages.
Found find_code_cache(const fs::path& folder, const Site& site);

/// The URL in the key of a compiled script; empty if it is not one.
std::string_view url_of_code_key(std::string_view key);

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

// --- JSON files -----------------------------------------------------------------------------------

/// `TransportSecurity` (transport_security.cpp): hosts that must be asked by HTTPS. Hosts are named by hashes:
/// Site::known_hosts.
Found find_transport_security(const fs::path& file, const Site& site);

/// `Network Persistent State` (network_state.cpp): servers' alternative services, those that failed, QUIC handshakes.
Found find_network_state(const fs::path& file, const Site& site);

/// `Preferences` (site_settings.cpp): content settings, decided or counted, and zoom. Not federated sign-in.
Found find_site_settings(const fs::path& file, const Site& site);
/// `Preferences`: federated sign-in (FedCM): at which provider the browser takes the user for signed in.
Found find_federated_sign_in(const fs::path& file, const Site& site);

}  // namespace unstick
