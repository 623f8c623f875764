// Saved sign-ins that the browser sends by itself. Their realm is "<origin>/<realm>": it names the host and what the
// host calls the sign-in.

#include <utility>

#include "finders/sql_table.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/sql.h"
#include "web/url.h"

namespace unstick {

Found find_http_logins(const fs::path& file, const Site& site)
{
    Found found = find_sql_rows(file, site, chromium::http_logins);
    for (Item& item : found.items) {
        const std::string named = std::exchange(item.host, std::string(host_of(item.host)));
        const std::size_t scheme = named.find("://");
        const std::size_t end = scheme == named.npos ? named.npos : named.find('/', scheme + 3);
        if (end != named.npos) {
            item.traits = HttpLogin{named.substr(0, end), named.substr(end + 1)};
        }
    }
    return found;
}

}  // namespace unstick
