#include "profiles/gecko/stores.h"

#include <array>

#include "profiles/gecko/finders.h"
#include "profiles/gecko/sql.h"
#include "profiles/gecko/storage_sql.h"

namespace unstick {

namespace {

// In the order of removal. What others refer to comes last: should we be cut off in between, what is left is what
// Firefox takes for empty, never for broken.
constexpr std::array all_stores{
    StoreSpec{.kind = Kind::cookies,
              .label = "Cookies",
              .path = "cookies.sqlite",
              .find = find_rows_of<gecko::cookies>,
              .read_jar = read_gecko_jar},
    StoreSpec{.kind = Kind::cookies,
              .label = "Session cookies",
              .path = "sessionstore.jsonlz4",
              .find = find_gecko_session_cookies},
    StoreSpec{.kind = Kind::cookies,
              .label = "Session cookies in copies",
              .path = "sessionstore-backups",
              .find = find_gecko_session_cookies_in_copies},
    StoreSpec{.kind = Kind::storage,
              .label = "Session storage",
              .path = "sessionstore.jsonlz4",
              .find = find_gecko_session_storage},
    StoreSpec{.kind = Kind::storage,
              .label = "Session storage in copies",
              .path = "sessionstore-backups",
              .find = find_gecko_session_storage_in_copies},
    StoreSpec{.kind = Kind::auth,
              .label = "Federated sign-in state",
              .path = "credentialstate.sqlite",
              .find = find_rows_of<gecko::identities>},
    StoreSpec{.kind = Kind::storage,
              .label = "Media device salts",
              .path = "enumerate_devices.txt",
              .find = find_gecko_device_salts},
    StoreSpec{.kind = Kind::storage, .label = "Media licences", .path = "gmp", .find = find_gecko_media_licences},
    StoreSpec{.kind = Kind::storage,
              .label = "Bounce tracking records",
              .path = "bounce-tracking-protection.sqlite",
              .find = find_rows_of<gecko::bounces>},
    StoreSpec{
        .kind = Kind::auth, .label = "Saved HTTP sign-ins", .path = "logins.json", .find = find_gecko_http_logins},
    StoreSpec{.kind = Kind::auth,
              .label = "Saved HTTP sign-ins, copy",
              .path = "logins-backup.json",
              .find = find_gecko_http_logins},
    StoreSpec{.kind = Kind::auth,
              .label = "Saved HTTP sign-ins (SQLite)",
              .path = "logins.db",
              .find = find_rows_of<gecko::http_logins>},
    StoreSpec{
        .kind = Kind::passwords, .label = "Saved form logins", .path = "logins.json", .find = find_gecko_form_logins},
    StoreSpec{.kind = Kind::passwords,
              .label = "Saved form logins, copy",
              .path = "logins-backup.json",
              .find = find_gecko_form_logins},
    StoreSpec{.kind = Kind::passwords,
              .label = "Saved form logins (SQLite)",
              .path = "logins.db",
              .find = find_rows_of<gecko::form_logins>},
    StoreSpec{.kind = Kind::network,
              .label = "HTTPS-only hosts (HSTS)",
              .path = "SiteSecurityServiceState.bin",
              .find = find_gecko_hsts},
    StoreSpec{.kind = Kind::network,
              .label = "Alternative services",
              .path = "AlternateServices.bin",
              .find = find_gecko_alternative_services},
    StoreSpec{.kind = Kind::network,
              .label = "Client certificates",
              .path = "ClientAuthRememberList.bin",
              .find = find_gecko_client_certificates},
    StoreSpec{.kind = Kind::network,
              .label = "Certificate exceptions",
              .path = "cert_override.txt",
              .find = find_gecko_certificate_exceptions},
    StoreSpec{.kind = Kind::network,
              .label = "TLS tickets, of all sites",
              .path = "ssl_tokens_cache.bin",
              .find = find_gecko_tls_tickets,
              .when = When::if_whole_cache},
    StoreSpec{.kind = Kind::permissions,
              .label = "Site settings",
              .path = "permissions.sqlite",
              .find = find_rows_of<gecko::permissions>},
    StoreSpec{.kind = Kind::permissions,
              .label = "Zoom and more",
              .path = "content-prefs.sqlite",
              .find = find_rows_of<gecko::content_settings>},
    StoreSpec{.kind = Kind::cache,
              .label = "HTTP cache",
              .base = Base::cache,
              .path = "cache2",
              .find = find_cache2,
              .when = When::unless_whole_cache},
    StoreSpec{.kind = Kind::cache,
              .label = "HTTP cache",
              .base = Base::cache,
              .path = "cache2",
              .find = find_whole_cache2,
              .when = When::if_whole_cache},
    // Before the storage of their origins: with their scripts gone, registrations would stay, and fail.
    StoreSpec{.kind = Kind::storage,
              .label = "Service workers",
              .path = "serviceworker.txt",
              .find = find_gecko_service_workers},
    StoreSpec{.kind = Kind::storage, .label = "Site storage", .path = "storage", .find = find_origin_storage},
    // After the folders: rows without folders are dropped by the browser, folders without rows are found by it.
    StoreSpec{
        .kind = Kind::storage, .label = "Storage in use", .path = "storage.sqlite", .find = find_rows_of<gecko::quota>},
    StoreSpec{.kind = Kind::storage,
              .label = "Local storage of older versions",
              .path = "webappsstore.sqlite",
              .find = find_rows_of<gecko::legacy_local_storage>},
    StoreSpec{.kind = Kind::storage,
              .label = "Local storage that was taken over",
              .path = "storage/ls-archive.sqlite",
              .find = find_rows_of<gecko::legacy_local_storage>},
};

}  // namespace

std::span<const StoreSpec> gecko_stores()
{
    return all_stores;
}

}  // namespace unstick
