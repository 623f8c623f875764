#include "sql_finder.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "../media/rows.h"

namespace unstick {

namespace {

/// `meta` holds it as text or integer, by version; 0 if absent.
int version_of(SQLite::Database& database, VersionIn where)
{
    SQLite::Statement query(
        database, where == VersionIn::meta ? "SELECT value FROM meta WHERE key = 'version'" : "PRAGMA user_version");
    return query.executeStep() ? query.getColumn(0).getInt() : 0;
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
        const int version = version_of(reader->database(), known.where);
        found.version = std::to_string(version);
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
