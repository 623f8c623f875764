// Cookies with their values, for the re-test alone (adapter.h, ReadJar).

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "../media/jars.h"
#include "finders.h"
#include "sql_finder.h"

namespace unstick {

namespace {

/// libsoup's SoupSameSitePolicy.
constexpr int soup_strict = 2;

bool has_same_site(SQLite::Database& database)
{
    SQLite::Statement query(database, "SELECT 1 FROM pragma_table_info('moz_cookies') WHERE name = 'sameSite'");
    return query.executeStep();
}

}  // namespace

std::vector<JarCookie> read_soup_jar(const fs::path& file, const Site& site)
{
    std::vector<JarCookie> cookies;
    Found opened;
    look_into_sql(file, {0, 0, VersionIn::user_version}, opened, [&](SQLite::Database& database) {
        SQLite::Statement query(database, std::string("SELECT host, path, name, value, isSecure, expiry, ") +
                                              (has_same_site(database) ? "sameSite" : "0") + " FROM moz_cookies");
        while (query.executeStep()) {
            const std::string host = query.getColumn(0).getString();
            if (!site.owns_host(host)) {
                continue;
            }
            JarCookie cookie;
            cookie.name = {host, query.getColumn(1).getString(), query.getColumn(2).getString()};
            cookie.value = Secret(query.getColumn(3).getString());
            cookie.secure = query.getColumn(4).getInt() != 0;
            cookie.expires = query.getColumn(5).getInt64();
            cookie.strict = query.getColumn(6).getInt() == soup_strict;
            cookies.push_back(std::move(cookie));
        }
    });
    if (!opened.problems.empty()) {
        cookies.clear();
    }
    return cookies;
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
