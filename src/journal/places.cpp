#include "journal/places.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <map>

#include "containers/sqlite/database.h"
#include "containers/sqlite/query.h"
#include "model/item.h"
#include "platform/trust.h"

namespace unstick {

namespace {

/// Only names that go down, and none that the system would cut off at a byte 0.
bool goes_down(const fs::path& path)
{
    const bool is_whole = path.native().find(fs::path::value_type()) == fs::path::string_type::npos;
    return is_whole &&
           std::none_of(path.begin(), path.end(), [](const fs::path& name) { return name == ".." || name == "."; });
}

bool is_below(const fs::path& base, const fs::path& path)
{
    if (!base.is_absolute() || !path.is_absolute() || !goes_down(base) || !goes_down(path)) {
        return false;
    }
    const auto [in_base, in_path] = std::mismatch(base.begin(), base.end(), path.begin(), path.end());
    return in_base == base.end() || (in_base->empty() && std::next(in_base) == base.end());
}

/// Keychains lie in the Library of their user, in which the profile is, too.
bool is_keychain_of(const fs::path& profile, const fs::path& keychain)
{
    const fs::path folder = keychain.parent_path();
    return folder.filename() == "Keychains" && is_below(folder, keychain) && is_below(folder.parent_path(), profile);
}

bool is_key_of_file(const fs::path& key)
{
    return !key.empty() && key.is_relative() && !key.has_root_path() && goes_down(key);
}

bool has_table(SQLite::Database& database, const std::string& name)
{
    SQLite::Statement query(database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    query.bind(1, name);
    return query.executeStep();
}

tl::unexpected<Error> refused(const std::string& id, const std::string& what, const std::string& where)
{
    return fail(
        Code::corrupt, "run " + id, what + ": " + where,
        "no unstick wrote this journal as it is: nothing is done by it. To erase it: unstick runs --purge " + id);
}

/// Folders with caches of a profile besides the first one: profiles -> paths. Older journals know of none.
std::multimap<std::int64_t, fs::path> more_caches(SQLite::Database& database)
{
    std::multimap<std::int64_t, fs::path> caches;
    if (has_table(database, "caches")) {
        SQLite::Statement query(database, "SELECT profile, path FROM caches");
        while (query.executeStep()) {
            caches.emplace(query.getColumn(0).getInt64(), query.getColumn(1).getString());
        }
    }
    return caches;
}

Result<void> check_containers(SQLite::Database& database, const std::string& id)
{
    const auto caches = more_caches(database);
    SQLite::Statement query(database,
                            "SELECT c.path, c.medium, p.path, p.cache, p.id FROM containers c"
                            " LEFT JOIN stores s ON s.id = c.store LEFT JOIN profiles p ON p.id = s.profile");
    while (query.executeStep()) {
        const fs::path path = query.getColumn(0).getString();
        const fs::path profile = query.getColumn(2).getString();
        const fs::path cache = query.getColumn(3).getString();
        const bool is_keychain = query.getColumn(1).getString() == Medium::keychain.name ||
                                 query.getColumn(1).getString() == "7";  // journals of version 1
        const auto [first, last] = caches.equal_range(query.getColumn(4).getInt64());
        const bool is_in_cache = is_below(cache, path) || std::any_of(first, last, [&](const auto& more) {
                                     return is_below(more.second, path);
                                 });
        if (!is_below(profile, path) && !is_in_cache && !(is_keychain && is_keychain_of(profile, path))) {
            return refused(id, "a place in it is not below its profile", path.string());
        }
    }
    return {};
}

Result<void> check_files(SQLite::Database& database, const std::string& id)
{
    if (!has_table(database, "files")) {
        return {};
    }
    SQLite::Statement query(database, "SELECT key, typeof(stored) FROM files");
    while (query.executeStep()) {
        const std::string key = query.getColumn(0).getString();
        if (!is_key_of_file(key) || query.getColumn(1).getString() != "integer") {
            return refused(id, "a file in it is not below its folder", key);
        }
    }
    return {};
}

Result<void> check_rows(SQLite::Database& database, const std::string& id)
{
    if (!has_table(database, "mirrors")) {
        return {};
    }
    const auto mirrors = rows::list(database, "SELECT id FROM mirrors",
                                    [](SQLite::Statement& row) { return row.getColumn(0).getInt64(); });
    for (const std::int64_t mirror : mirrors) {
        const std::string name = "mirror_" + std::to_string(mirror);
        if (!has_table(database, name)) {
            return refused(id, "rows in it are missing", name);
        }
        SQLite::Statement query(database, "SELECT source_key FROM main." + rows::sql_name(name));
        while (query.executeStep()) {
            if (!rows::is_key(query.getColumn(0).getString())) {
                return refused(id, "a row in it has no key that a row can have", name);
            }
        }
    }
    return {};
}

}  // namespace

Result<void> check_whose(const fs::path& run)
{
    for (const fs::path& one : {run.parent_path(), run, run / "files", run / "journal.db", run / "replacements"}) {
        TRY(trust::believed(one));
    }
    return {};
}

Result<void> check_places(SQLite::Database& database, const std::string& id)
{
    TRY(check_containers(database, id));
    TRY(check_files(database, id));
    return check_rows(database, id);
}

}  // namespace unstick
