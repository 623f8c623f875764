#pragma once
// WebKit's storage before it was general (Safari 16 and older, WebKitGTK 4.1): a store for each kind of data, in which
// an origin has a name that can be read, `https_app.example.com_0` (0 = the scheme's own port):
//
//     local storage      <origin>.localstorage, with -wal and -shm: a SQLite database
//     IndexedDB          v1/<origin>/<hash of the database's name>/, and for a frame v1/<top-level
//     origin>/<origin>/<hash>/;
//                        before that v0 or no folder for the version, and <name> in place of the hash
//     service workers    ServiceWorkerRegistrations-N.sqlite3, table Records
//                        Scripts/V1/<hash of top-level origin>/<hash of scope>/<hash of script>
//
// A hash of a script's folder is Base64 (for URLs) of the SHA-256 of the file `Scripts/V1/salt` and "https://host".
// Newer WebKit moves an origin's data into general storage when the origin is used next: what is left here comes back.
// Checked against WebKitGTK 2.50 and, for registrations of version 4, a file that WebKit wrote on macOS.

#include <filesystem>

#include "model/item.h"
#include "web/site.h"

namespace unstick {

/// `LocalStorage`, `localstorage`: the databases of the site's origins.
Found find_webkit_local_storage(const std::filesystem::path& folder, const Site& site);

/// `IndexedDB`, `databases/indexeddb`, in all versions: of the site's origins under any other, and of any under the
/// site's.
Found find_webkit_indexed_db(const std::filesystem::path& folder, const Site& site);

/// `ServiceWorkers`, `serviceworkers`: registrations of the site's origins under any other, and of any under the
/// site's, with the scripts kept under the site's.
Found find_webkit_service_workers(const std::filesystem::path& folder, const Site& site);

}  // namespace unstick
