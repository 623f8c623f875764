// Local and session storage in SQLite, as newer Chromium keeps them: `map_entries` holds the entries of numbered maps,
// and `maps` (local storage) or `session_metadata` (session storage) says whose a map is. As seen in files of Chromium
// 156.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <map>
#include <set>

#include "containers/sqlite/database.h"
#include "finders/sql_finder.h"
#include "profiles/chromium/storage_key.h"

namespace unstick {

namespace {

Item item_of(std::string_view storage_key, std::string_view noun)
{
    const auto parsed = parse_storage_key(storage_key);
    Item item;
    item.host = host_of(parsed->origin);
    item.partition = parsed->top_level_site;
    item.label = std::string(noun) + " of " + parsed->origin;
    return item;
}

void add_entries(SQLite::Database& database, const fs::path& file, std::int64_t map, Item& item)
{
    SQLite::Statement query(database, "SELECT " + rows::row_name(database, "main", "map_entries").key_expression() +
                                          ", length(key) + length(value) FROM map_entries WHERE map_id = ?");
    query.bind(1, map);
    while (query.executeStep()) {
        item.bytes += static_cast<std::uint64_t>(query.getColumn(1).getInt64());
        item.pieces.push_back({Medium::row, file.string(), "map_entries", query.getColumn(0).getString()});
    }
}

}  // namespace

Found find_local_storage_sql(const fs::path& file, const Site& site)
{
    Found found;
    look_into_sql(file, {1, 1}, found, [&](SQLite::Database& database) {
        SQLite::Statement query(database, "SELECT row_id, storage_key FROM maps ORDER BY row_id");
        while (query.executeStep()) {
            const std::string owner = query.getColumn(1).getString();
            if (!owns_storage_key(site, owner)) {
                continue;
            }
            Item item = item_of(owner, "local storage");
            item.pieces.push_back({Medium::row, file.string(), "maps", query.getColumn(0).getString()});
            add_entries(database, file, query.getColumn(0).getInt64(), item);
            found.items.push_back(std::move(item));
        }
    });
    return found;
}

Found find_session_storage_sql(const fs::path& file, const Site& site)
{
    Found found;
    look_into_sql(file, {1, 1}, found, [&](SQLite::Database& database) {
        // A map is shared by the tabs that were cloned from each other.
        std::map<std::pair<std::string, std::int64_t>, Item> by_map;
        std::set<std::int64_t> kept_maps;
        SQLite::Statement query(database, "SELECT storage_key, map_id, " +
                                              rows::row_name(database, "main", "session_metadata").key_expression() +
                                              " FROM session_metadata");
        while (query.executeStep()) {
            const std::string owner = query.getColumn(0).getString();
            const std::int64_t map = query.getColumn(1).getInt64();
            if (!owns_storage_key(site, owner)) {
                kept_maps.insert(map);
                continue;
            }
            const auto place = by_map.try_emplace({owner, map}, item_of(owner, "tab's storage")).first;
            Piece piece{Medium::row, file.string(), "session_metadata", query.getColumn(2).getString()};
            piece.natural_key =
                "map_id";  // numbers of maps are used again: the entries of another must not get mixed in
            place->second.pieces.push_back(std::move(piece));
        }
        for (auto& [owner_and_map, item] : by_map) {
            if (!kept_maps.contains(owner_and_map.second)) {
                add_entries(database, file, owner_and_map.second, item);
            }
            found.items.push_back(std::move(item));
        }
    });
    return found;
}

}  // namespace unstick
