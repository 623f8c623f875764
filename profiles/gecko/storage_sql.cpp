#include "profiles/gecko/storage_sql.h"

#include <string>

namespace unstick::gecko {

bool owns_reversed_origin(const Site& site, std::string_view text)
{
    const std::string_view reversed = text.substr(0, text.find(':'));
    const std::string_view rest = text.substr(reversed.size());  // ":https:443"
    const std::size_t mark = rest.find(':', 1);
    if (reversed.empty() || rest.empty() || mark == rest.npos) {
        return false;
    }
    std::string host(reversed.rbegin(), reversed.rend());  // begins with the '.' that ended it
    host.erase(0, host.starts_with('.') ? 1 : 0);
    return site.owns_url(std::string(rest.substr(1, mark - 1)) + "://" + host + std::string(rest.substr(mark)));
}

}  // namespace unstick::gecko
