#pragma once
// SQLite databases of Firefox beside the storage of origins, as tables. Schemas: docs/formats-firefox.md, "Storage of
// an origin".
//
// Not inline: g++ for Windows puts the same table into sections of two kinds, which its linker refuses.

#include <array>

#include "finders/sql_table.h"
#include "profiles/gecko/origin.h"

namespace unstick::gecko {

/// "tset.ahpla.:https:443": an origin with its host back to front, as older versions named the owner of local storage.
bool owns_reversed_origin(const Site& site, std::string_view text);

// How much each origin stores: no truth, the browser counts anew what has no row.
constexpr std::array quota_owners{
    SqlColumn{"origin", owns_origin},
    SqlColumn{"suffix", owns_suffix},
};
constexpr std::array quota_tables{SqlTable{
    .table = "origin",
    .owners = quota_owners,
    .name = "substr(origin, 1, instr(origin || '^', '^') - 1)",
    .partition = "suffix",
    .used = "last_access_time / 1000000",
    .noun = "record of size of",
    .shown_partition = partition_of_suffix,
}};
constexpr SqlDatabase quota{quota_tables, 0x20003, 0x20004, VersionIn::user_version};

// `webappsstore.sqlite`, and the copy of it that was made when each origin got its own database.
constexpr std::array legacy_owners{
    SqlColumn{"originKey", owns_reversed_origin},
    SqlColumn{"originAttributes", owns_suffix},
};
constexpr std::array legacy_tables{SqlTable{
    .table = "webappsstore2",
    .owners = legacy_owners,
    .name = "key",
    .partition = "originAttributes",
    .bytes = "length(key) + length(value)",
    .noun = "entry of local storage",
    .shown_partition = partition_of_suffix,
}};
constexpr SqlDatabase legacy_local_storage{legacy_tables, 2, 2, VersionIn::user_version};

}  // namespace unstick::gecko
