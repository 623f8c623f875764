// Cookies with their values, for the re-test alone (adapter.h, ReadJar).

#include "finders/moz_cookies.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/origin.h"
#include "profiles/gecko/sql.h"

namespace unstick {

namespace {

constexpr int first_with_ms = 16;

/// Does Firefox send it to a page that a user opens in an ordinary tab: kept apart by nothing, or by that page's own
/// site?
bool goes_with_first_party(const Site& site, std::string_view suffix)
{
    auto attributes = gecko::parse_suffix(suffix);
    if (!attributes || !(attributes->partition_site.empty() || site.owns_partition(attributes->partition_site))) {
        return false;
    }
    attributes->partition_site.clear();
    return attributes->is_plain();
}

}  // namespace

std::vector<JarCookie> read_gecko_jar(const fs::path& file, const Site& site)
{
    return read_moz_cookies(
        file, site,
        {.known = {gecko::cookies.oldest_version, gecko::cookies.newest_version, VersionIn::user_version},
         .in_milliseconds_from = first_with_ms,
         .apart_column = "originAttributes",
         .goes_along = goes_with_first_party});
}

}  // namespace unstick
