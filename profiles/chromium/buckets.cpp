#include <algorithm>
#include <array>

#include "base/text.h"
#include "finders/listing.h"
#include "finders/sql_table.h"
#include "platform/files.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/sql_time.h"
#include "profiles/chromium/storage_key.h"

namespace unstick {

namespace {

constexpr std::array owners{SqlColumn{"storage_key", owns_storage_key}};
constexpr std::array tables{SqlTable{
    .table = "buckets",
    .owners = owners,
    .host = "storage_key",
    .name = "id",
    .created = chromium::unix_time<"last_modified">,
    .noun = "storage bucket",
}};
constexpr SqlDatabase quota_manager{tables, 10, 11};

}  // namespace

Found find_buckets(const fs::path& folder, const Site& site)
{
    Found found = find_sql_rows(folder / "QuotaManager", site, quota_manager);
    for (Item& item : found.items) {
        const std::string id = std::move(item.name);
        const auto key = parse_storage_key(item.host);
        item.label = "storage bucket of " + (key ? key->origin : item.host);
        item.name.clear();
        if (key) {
            item.host = host_of(key->origin);
            item.partition = key->top_level_site;
        }
        if (!item.partition.empty()) {
            item.label += " under " + item.partition;
        }
        if (is_number(id)) {
            item.bytes = add_if_there(item, folder, id, files::Type::folder);
        }
    }
    return found;
}

}  // namespace unstick
