#pragma once
// What of a site is in each of Firefox's stores. Each is a `Find` of model/adapter.h (looks only, leaves no trace in
// the profile, never throws). What the formats are: docs/formats-firefox.md.

#include <filesystem>
#include <vector>

#include "model/item.h"
#include "web/cookie_jar.h"
#include "web/site.h"

namespace unstick {

namespace fs = std::filesystem;

/// `cookies.sqlite` with the values, for the re-test alone (jar_reader.cpp; adapter.h, ReadJar): those that Firefox
/// sends to a page in an ordinary tab. Not those of containers, and those kept under other sites.
std::vector<JarCookie> read_gecko_jar(const fs::path& file, const Site& site);

// --- Sessions (sessions.cpp) ----------------------------------------------------------------------

/// `sessionstore.jsonlz4`: cookies that end with the browser, and come back with its tabs.
Found find_gecko_session_cookies(const fs::path& file, const Site& site);
/// The same in the files in `sessionstore-backups`.
Found find_gecko_session_cookies_in_copies(const fs::path& folder, const Site& site);
/// `sessionstore.jsonlz4`: session storage of the site's pages, and of pages under it, in each tab. Tabs stay.
Found find_gecko_session_storage(const fs::path& file, const Site& site);
/// The same in the files in `sessionstore-backups`.
Found find_gecko_session_storage_in_copies(const fs::path& folder, const Site& site);

// --- Saved logins: `logins.json`, `logins-backup.json` (logins.cpp) -------------------------------

Found find_gecko_http_logins(const fs::path& file, const Site& site);  ///< that the browser sends by itself
Found find_gecko_form_logins(const fs::path& file, const Site& site);  ///< that are typed into forms

// --- Network memory (network_memory.cpp) ----------------------------------------------------------

Found find_gecko_hsts(const fs::path& file, const Site& site);                    ///< `SiteSecurityServiceState.bin`
Found find_gecko_alternative_services(const fs::path& file, const Site& site);    ///< `AlternateServices.bin`
Found find_gecko_client_certificates(const fs::path& file, const Site& site);     ///< `ClientAuthRememberList.bin`
Found find_gecko_certificate_exceptions(const fs::path& file, const Site& site);  ///< `cert_override.txt`
/// `ssl_tokens_cache.bin`, whole: whose a ticket is, is not read.
Found find_gecko_tls_tickets(const fs::path& file, const Site&);

// --- Media ---------------------------------------------------------------------------------------

/// `enumerate_devices.txt` (network_memory.cpp): from what the names of cameras and microphones are made.
Found find_gecko_device_salts(const fs::path& file, const Site& site);
/// `gmp` (media_licences.cpp): what modules for protected media keep of the site's pages, and of all pages under it.
Found find_gecko_media_licences(const fs::path& folder, const Site& site);

// --- The HTTP cache (http_cache.cpp) --------------------------------------------------------------

/// `cache2`: entries of the site's addresses under any site, and of all addresses under the site; also of those that
/// the browser has given up and not yet removed. The index has no names and goes with what goes (Medium::cache2).
Found find_cache2(const fs::path& folder, const Site& site);
/// The whole folder, as one item.
Found find_whole_cache2(const fs::path& folder, const Site& site);

// --- Storage --------------------------------------------------------------------------------------

/// `serviceworker.txt` (service_workers.cpp): registrations of the site's addresses, or under the site.
Found find_gecko_service_workers(const fs::path& file, const Site& site);

/// `storage` (origin_storage.cpp): the folders of the site's origins under any site, and of all origins under the site:
/// an item for each kind of data in them, and one for what says whose they are. A folder that does not say it, or says
/// it twice and not the same, is left and reported.
Found find_origin_storage(const fs::path& folder, const Site& site);

}  // namespace unstick
