// Dictionaries for compressing what a site sends. `db`: a row for each, and the sum of their sizes in `meta`, which the
// browser never counts anew. `cache`: a Simple cache; an entry's key is the row's token, 32 upper-case hex digits.

#include <array>

#include "finders/listing.h"
#include "finders/sql_table.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/simple_cache.h"
#include "profiles/chromium/sql_time.h"

namespace unstick {

namespace {

constexpr std::array owners{
    SqlColumn{"frame_origin", owns_url},
    SqlColumn{"top_frame_site", owns_partition},
    SqlColumn{"host", owns_url},
    SqlColumn{"url", owns_url},
};
constexpr std::array tables{SqlTable{
    .table = "dictionaries",
    .owners = owners,
    .host = "host",
    .name = "printf('%016X%016X', token_high, token_low)",
    .partition = "top_frame_site",
    .created = chromium::unix_time<"last_fetch_time">,
    .expires = chromium::unix_time<"exp_time">,
    .bytes = "size",
    .noun = "dictionary",
}};
constexpr SqlDatabase dictionaries{tables, 4, 4};

}  // namespace

Found find_shared_dictionaries(const fs::path& folder, const Site& site)
{
    const fs::path database = folder / "db";
    const fs::path cache = folder / "cache";
    Found found = find_sql_rows(database, site, dictionaries);
    for (Item& item : found.items) {
        if (item.bytes > 0) {
            Piece share{Medium::row, database.string(), "meta", "total_dict_size"};
            share.counter_delta = static_cast<std::int64_t>(item.bytes);
            item.pieces.push_back(std::move(share));
        }
        const std::string stem = simple_cache::stem_of_key(item.name);
        for (const char* suffix : {"_0", "_1", "_s"}) {
            add_if_there(item, cache, stem + suffix, files::Type::file);  // its size is in the row
        }
        item.name.clear();
        item.label = "dictionary of " + item.host + " under " + item.partition;
    }
    return found;
}

}  // namespace unstick
