#include "profiles/chromium/sql_cache.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "base/text.h"
#include "finders/listing.h"
#include "finders/sql_finder.h"

namespace unstick::sql_cache {

namespace {

/// With a cache shared between sites, bodies lie in further databases, which no one has seen yet.
bool is_shared(SQLite::Database& database)
{
    SQLite::Statement query(database, "SELECT 1 FROM meta WHERE key = 'SharedCacheEnabled' AND CAST(value AS INTEGER)");
    return query.executeStep();
}

void add_share(Entry& entry, const std::string& file, const char* total, std::int64_t amount)
{
    if (amount != 0) {
        Piece piece{Medium::row, file, "meta", total};
        piece.counter_delta = amount;
        entry.pieces.push_back(std::move(piece));
    }
}

void find_in(SQLite::Database& database, const std::string& file,
             const std::function<bool(std::string_view key)>& wanted, std::vector<Entry>& entries)
{
    SQLite::Statement blobs(database, "SELECT blob_id FROM blobs WHERE res_id = ?");
    SQLite::Statement query(database,
                            "SELECT res_id, cache_key, bytes_usage, doomed, CASE WHEN length(head) <= 262144 THEN"
                            " head END FROM resources");
    while (query.executeStep()) {
        Entry entry;
        entry.key = query.getColumn(1).getString();
        if (!wanted(entry.key)) {
            continue;
        }
        const std::int64_t usage = query.getColumn(2).getInt64();
        entry.head = query.getColumn(4).getString();
        entry.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(usage, 0));
        Piece resource{Medium::row, file, "resources", query.getColumn(0).getString()};
        if (query.getColumn(3).getInt() == 0) {
            resource.natural_key = "cache_key,doomed";  // one that is doomed is nobody's: it may be there many times
            add_share(entry, file, "EntryCount", 1);
            add_share(entry, file, "TotalSize", usage);
        }
        entry.pieces.push_back(std::move(resource));
        blobs.reset();
        blobs.bind(1, query.getColumn(0).getInt64());
        while (blobs.executeStep()) {
            entry.pieces.push_back({Medium::row, file, "blobs", blobs.getColumn(0).getString()});
        }
        entries.push_back(std::move(entry));
    }
}

}  // namespace

std::vector<Entry> find_entries(const files::fs::path& folder, const std::function<bool(std::string_view key)>& wanted,
                                std::vector<Error>& problems)
{
    constexpr std::string_view start = "sqldb";
    std::vector<Entry> entries;
    Found found;
    for (const std::string& name : files_in(folder, found)) {
        if (!name.starts_with(start) || !is_number(std::string_view(name).substr(start.size()))) {
            continue;
        }
        const fs::path file = folder / name;
        std::vector<Entry> in_one;
        look_into_sql(file, {8, 8}, found, [&](SQLite::Database& database) {
            if (is_shared(database)) {
                found.problems.push_back({Code::unsupported, file.string(),
                                          "a cache shared between sites is not known to this unstick; it was left",
                                          "empty the cache in the browser's settings if the login stays stuck"});
                return;
            }
            std::vector<Entry> read;
            find_in(database, file.string(), wanted, read);
            in_one = std::move(read);  // all of a database or, if it is broken further on, nothing
        });
        std::move(in_one.begin(), in_one.end(), std::back_inserter(entries));
    }
    std::move(found.problems.begin(), found.problems.end(), std::back_inserter(problems));
    return entries;
}

}  // namespace unstick::sql_cache
