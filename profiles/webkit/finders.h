#pragma once
// What of a site is in Safari's own stores. Each is a `Find` or `Ask` of model/adapter.h and has its own .cpp. What the
// formats are: docs/formats-safari.md.

#include <filesystem>
#include <vector>

#include "model/item.h"
#include "platform/programs.h"
#include "web/cookie_jar.h"
#include "web/site.h"

namespace unstick {

namespace fs = std::filesystem;

// --- Safari's cookie jar (safari_cookies.cpp) -----------------------------------------------------

/// `Cookies.binarycookies`: cookies by their domain. Under which site a cookie is partitioned is not read: no public
/// jar shows how Safari writes it. A jar that is not understood to the last byte is left and reported.
Found find_binary_cookies(const fs::path& file, const Site& site);

// Cookies with their values, for the re-test alone (jar_readers.cpp; adapter.h, ReadJar):
std::vector<JarCookie> read_soup_jar(const fs::path& file, const Site& site);    ///< libsoup's `cookies.sqlite`
std::vector<JarCookie> read_binary_jar(const fs::path& file, const Site& site);  ///< `Cookies.binarycookies`

/// `HSTS.plist` of macOS (hsts_plist.cpp): hosts that must be asked by HTTPS, learnt or built in.
Found find_hsts_plist(const fs::path& file, const Site& site);

/// `httpstorages.sqlite` (http_storages.cpp): alternative services. Without the table that is known: left, with a note.
Found find_http_storages(const fs::path& file, const Site& site);

/// `thumbnails` of GNOME Web (epiphany_thumbnails.cpp): pictures of the site's pages, as far as the history names
/// these.
Found find_epiphany_thumbnails(const fs::path& folder, const Site& site);

// --- Keychains of macOS (keychain_sign_ins.cpp) ---------------------------------------------------

/// A keychain's sign-ins that browsers send by themselves (HTTP Basic, Digest, NTLM), and those that are typed into
/// forms. Only a Mac can be asked; elsewhere a note says so.
Found find_keychain_http(const fs::path& keychain, const Site& site, Programs& programs);
Found find_keychain_forms(const fs::path& keychain, const Site& site, Programs& programs);

}  // namespace unstick
