#include "finders/moz_cookies.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

namespace unstick {

namespace {

constexpr int strict = 2;  // libsoup's SoupSameSitePolicy, Firefox's nsICookie: 0 none, 1 lax

bool has_same_site(SQLite::Database& database)
{
    SQLite::Statement query(database, "SELECT 1 FROM pragma_table_info('moz_cookies') WHERE name = 'sameSite'");
    return query.executeStep();
}

}  // namespace

std::vector<JarCookie> read_moz_cookies(const std::filesystem::path& file, const Site& site, const MozCookies& manner)
{
    std::vector<JarCookie> cookies;
    Found opened;
    look_into_sql(file, manner.known, opened, [&](SQLite::Database& database) {
        const int version = database.execAndGet("PRAGMA user_version").getInt();
        const int divisor = manner.in_milliseconds_from && version >= *manner.in_milliseconds_from ? 1000 : 1;
        SQLite::Statement query(database, fmt::format("SELECT host, path, name, value, isSecure, expiry, {}, {} "
                                                      "FROM moz_cookies",
                                                      has_same_site(database) ? "sameSite" : "0",
                                                      manner.apart_column.empty() ? "''" : manner.apart_column));
        while (query.executeStep()) {
            const std::string host = query.getColumn(0).getString();
            if (!site.owns_host(host) ||
                (manner.goes_along != nullptr && !manner.goes_along(site, query.getColumn(7).getString()))) {
                continue;
            }
            JarCookie cookie;
            cookie.name = {host, query.getColumn(1).getString(), query.getColumn(2).getString()};
            cookie.value = Secret(query.getColumn(3).getString());
            cookie.secure = query.getColumn(4).getInt() != 0;
            cookie.expires = query.getColumn(5).getInt64() / divisor;
            cookie.strict = query.getColumn(6).getInt() == strict;
            cookies.push_back(std::move(cookie));
        }
    });
    if (!opened.problems.empty()) {
        cookies.clear();
    }
    return cookies;
}

}  // namespace unstick
