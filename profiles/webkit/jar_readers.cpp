// Cookies with their values, for the re-test alone (adapter.h, ReadJar).

#include "containers/binary_cookies_file.h"
#include "finders/moz_cookies.h"
#include "profiles/webkit/finders.h"

namespace unstick {

std::vector<JarCookie> read_soup_jar(const fs::path& file, const Site& site)
{
    return read_moz_cookies(file, site, {.known = {0, 0, VersionIn::user_version}});
}

std::vector<JarCookie> read_binary_jar(const fs::path& file, const Site& site)
{
    std::vector<JarCookie> cookies;
    const auto jar = jars::read(file);
    for (const auto& page : jar ? jar->pages : std::vector<binary_cookies::Page>()) {
        for (const auto& record : page) {
            const binary_cookies::Cookie& found = record.cookie;
            // What follows the strings may say that it is partitioned: then it goes with no page that a user opens.
            if (!site.owns_host(found.domain) || found.port != 0 || found.extra_length != 0) {
                continue;
            }
            JarCookie cookie;
            cookie.name = {found.domain, found.path, found.name};
            cookie.value = Secret(binary_cookies::value_of(record));
            cookie.secure = (found.flags & binary_cookies::secure) != 0;
            cookie.expires = found.expires;
            cookie.strict = (found.flags & binary_cookies::same_site_mask) == binary_cookies::same_site_strict;
            cookies.push_back(std::move(cookie));
        }
    }
    return cookies;
}

}  // namespace unstick
