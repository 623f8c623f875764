#pragma once
// Looking into one SQLite database for a finder. Source of the versions: docs/formats-chromium.md.

#include <filesystem>
#include <functional>

#include "finders/sql_table.h"

namespace SQLite {
class Database;
}

namespace unstick {

/// The versions of a schema that are known.
struct KnownVersions {
    int oldest;
    int newest;
    VersionIn where = VersionIn::meta;
    Older older = Older::unknown;
};

/// Opens a database without a trace and, if its version is known, calls `look`, which may throw SQLite::Exception.
/// What goes wrong becomes a problem, and nothing is found then. A database that is not there is no problem, nor is one
/// in which the browser has made no tables yet: it holds nothing.
void look_into_sql(const fs::path& file, const KnownVersions& known, Found& found,
                   const std::function<void(SQLite::Database&)>& look);

}  // namespace unstick
