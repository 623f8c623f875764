#include "base/hash.h"
#include "base/text.h"
#include "finders/leveldb_finder.h"
#include "profiles/chromium/finders.h"

namespace unstick {

Found find_site_characteristics(const fs::path& folder, const Site& site)
{
    Found found;
    look_into(folder, site, "database_metadata", "1", found, [&](const pairs::Reader& database) -> Result<void> {
        for (const std::string& host : site.known_hosts()) {
            const bool is_ipv6 = host.find(':') != host.npos;
            const std::string key = hex(md5(is_ipv6 ? "[" + host + "]" : host));
            TRY_ASSIGN(const auto value, if_there(database.get(key)));
            if (value) {
                Item item;
                item.host = host;
                item.label = "how tabs of " + host + " behave";
                item.bytes = key.size() + value->size();
                item.pieces.push_back(pair_piece(folder, key));
                found.items.push_back(std::move(item));
            }
        }
        return {};
    });
    return found;
}

}  // namespace unstick
