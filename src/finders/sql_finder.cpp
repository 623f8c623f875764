#include "finders/sql_finder.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "containers/sqlite/database.h"

namespace unstick {

namespace {

/// `meta` holds it as text or integer, by version; 0 if absent.
int version_of(SQLite::Database& database, VersionIn where)
{
    SQLite::Statement query(
        database, where == VersionIn::meta ? "SELECT value FROM meta WHERE key = 'version'" : "PRAGMA user_version");
    return query.executeStep() ? query.getColumn(0).getInt() : 0;
}

/// Are there no tables yet but those in which it says what it is?
bool is_empty(SQLite::Database& database)
{
    SQLite::Statement query(
        database,
        "SELECT 1 FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT IN ('meta', 'mmap_status')"
        " AND name NOT LIKE 'sqlite%' LIMIT 1");
    return !query.executeStep();
}

}  // namespace

void look_into_sql(const fs::path& file, const KnownVersions& known, Found& found,
                   const std::function<void(SQLite::Database&)>& look)
{
    auto reader = rows::Reader::open(file);
    if (!reader) {
        if (reader.error().code != Code::not_found) {
            found.present = true;
            found.problems.push_back(reader.error());
        }
        return;
    }
    found.present = true;
    try {
        if (is_empty(reader->database())) {
            return;
        }
        const int version = version_of(reader->database(), known.where);
        found.version = std::to_string(version);
        if (version < known.oldest && known.older == Older::dead) {
            found.notes.push_back(
                fmt::format("{} is of an older browser (schema version {}), and none of today reads it: it was left.",
                            file.string(), version));
            return;
        }
        if (version < known.oldest || version > known.newest) {
            found.problems.push_back({Code::unsupported, file.string(),
                                      fmt::format("schema version {} is not known to this unstick", version),
                                      "nothing in it was touched; a newer unstick may know it"});
            return;
        }
        look(reader->database());
    } catch (const SQLite::Exception& exception) {
        found.items.clear();
        found.problems.push_back(rows::error_of(file, exception));
    }
}

}  // namespace unstick
