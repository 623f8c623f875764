#include "webkit_local_storage.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>

#include "sql_finder.h"
#include "tokens.h"
#include "webkit_string.h"

namespace unstick {

void add_local_storage_traits(const std::filesystem::path& file, Item& item)
{
    constexpr int longest_value = 2 * (256 << 10);  // more than token_times looks into
    Found opened;
    Item traits;
    look_into_sql(file, {0, 0, VersionIn::user_version}, opened, [&](SQLite::Database& database) {
        SQLite::Statement query(database, "SELECT key, CAST(value AS BLOB) FROM ItemTable WHERE length(value) <= ?");
        query.bind(1, longest_value);
        while (query.executeStep()) {
            traits.entries.push_back(query.getColumn(0).getString());
            const SQLite::Column value = query.getColumn(1);
            const TokenTimes token = token_times(webkit::from_utf16(
                {static_cast<const char*>(value.getBlob()), static_cast<std::size_t>(value.getBytes())}));
            // The whole storage is as good as its best token.
            traits.expires = std::max(traits.expires, token.expires);
            if (token.valid_from && (!traits.valid_from || *token.valid_from < *traits.valid_from)) {
                traits.valid_from = token.valid_from;
            }
            traits.renewable = traits.renewable || token.renewable;
        }
    });
    if (opened.present && opened.problems.empty()) {
        item.type = ItemType::origin_storage;
        item.entries = std::move(traits.entries);
        item.expires = traits.expires;
        item.valid_from = traits.valid_from;
        item.renewable = traits.renewable;
    }
}

}  // namespace unstick
