#include "profiles/webkit/local_storage.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "base/utf8.h"
#include "finders/sql_finder.h"
#include "web/jwt.h"

namespace unstick {

void add_local_storage_traits(const std::filesystem::path& file, Item& item)
{
    constexpr int longest_value = 2 * (256 << 10);  // more than token_times looks into
    Found opened;
    OriginStorage storage;
    look_into_sql(file, {0, 0, VersionIn::user_version}, opened, [&](SQLite::Database& database) {
        SQLite::Statement query(database, "SELECT key, CAST(value AS BLOB) FROM ItemTable WHERE length(value) <= ?");
        query.bind(1, longest_value);
        while (query.executeStep()) {
            const SQLite::Column value = query.getColumn(1);
            const std::string_view bytes(static_cast<const char*>(value.getBlob()),
                                         static_cast<std::size_t>(value.getBytes()));
            storage.entries.push_back({query.getColumn(0).getString(), token_times(from_utf16(bytes))});
        }
    });
    if (opened.present && opened.problems.empty()) {
        item.traits = std::move(storage);
    }
}

}  // namespace unstick
