#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "../files.h"
#include "../media/rows.h"
#include "finders.h"
#include "listing.h"
#include "network_key.h"
#include "sql_finder.h"
#include "storage_key.h"

namespace unstick {

namespace {

std::set<std::string, std::less<>> columns_of(SQLite::Database& database, std::string_view table)
{
    std::set<std::string, std::less<>> columns;
    SQLite::Statement query(database,
                            "SELECT i.name FROM sqlite_schema s JOIN pragma_table_info(s.name) i"
                            " WHERE s.type = 'table' AND s.name = ? AND s.sql NOT LIKE 'CREATE VIRTUAL%'");
    query.bind(1, std::string(table));
    while (query.executeStep()) {
        columns.insert(query.getColumn(0).getString());
    }
    return columns;
}

bool owns_one_of(const Site& site, std::string_view urls)
{
    const std::size_t space = urls.find(' ');
    return site.owns_url(urls.substr(0, space)) || (space != urls.npos && owns_one_of(site, urls.substr(space + 1)));
}

bool names_site(const Site& site, Names names, const std::string& text)
{
    switch (names) {
        case Names::host:
            return site.owns_host(text);
        case Names::url:
            return site.owns_url(text);
        case Names::urls:
            return owns_one_of(site, text);
        case Names::site:
            return site.owns_partition("https://" + text);
        case Names::partition:
            return site.owns_partition(text);
        case Names::storage_key:
            return owns_storage_key(site, text);
        case Names::identifier:
            return site.owns_url(origin_of_identifier(text).value_or(""));
        case Names::network_key:
            return site.owns_partition(top_level_site_of(text));
        case Names::code_key:
            return site.owns_url(url_of_code_key(text));
    }
    return false;
}

std::string text_at(SQLite::Statement& query, int index)
{
    const SQLite::Column column = query.getColumn(index);
    return {column.getText(), static_cast<std::size_t>(column.getBytes())};
}

std::optional<std::int64_t> number_at(SQLite::Statement& query, int index)
{
    const SQLite::Column column = query.getColumn(index);
    return column.isNull() ? std::nullopt : std::optional<std::int64_t>(column.getInt64());
}

/// Rows that are a piece of an item already: one that refers to two rows, or names the site by itself too, goes once.
using Taken = std::set<std::pair<std::string_view, std::string>>;

/// The pieces of rows that refer to this one.
void add_children(SQLite::Database& database, const fs::path& file, const SqlTable& table, const std::string& key,
                  Taken& taken, Item& item)
{
    for (const SqlChild& child : table.children) {
        if (!columns_of(database, child.table).contains(child.column)) {
            continue;
        }
        SQLite::Statement query(database, fmt::format("SELECT {} FROM {} WHERE {} = (SELECT {} FROM {} WHERE {})",
                                                      rows::row_name(database, "main", child.table).key_expression(),
                                                      rows::sql_name(child.table), rows::sql_name(child.column),
                                                      rows::sql_name(child.parent_column), rows::sql_name(table.table),
                                                      rows::row_name(database, "main", table.table).condition(key)));
        while (query.executeStep()) {
            const std::string found = text_at(query, 0);
            if (taken.emplace(child.table, found).second) {
                item.pieces.push_back({Medium::row, file.string(), std::string(child.table), found});
            }
        }
    }
}

/// The file that goes with a row, if it is there. The database is not trusted: the path stays below its folder.
void add_file(const fs::path& database, const fs::path& path, Item& item)
{
    const bool is_below = !path.empty() && path.is_relative() &&
                          std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
    if (!is_below) {
        return;
    }
    item.bytes += add_if_there(item, database.parent_path(), path.string(), files::Type::file);
}

void set_label(Item& item, std::string_view noun)
{
    item.label = fmt::format("{}{}{}", noun, item.name.empty() ? "" : " ", item.name);
    if (!item.host.empty()) {
        item.label += " of " + item.host + (item.path == "/" ? "" : item.path);
    }
    if (!item.partition.empty()) {
        item.label += " under " + item.partition;
    }
}

void find_in_table(SQLite::Database& database, const fs::path& file, const Site& site, const SqlTable& table,
                   Taken& taken, Found& found)
{
    const auto columns = columns_of(database, table.table);
    if (columns.empty() && table.optional) {
        return;
    }
    std::vector<SqlColumn> owners;
    for (const SqlColumn& column : table.owners) {
        if (columns.contains(column.name)) {
            owners.push_back(column);
        } else if (!column.optional) {
            found.problems.push_back({Code::unsupported, file.string(),
                                      fmt::format("the table {} has no column {}", table.table, column.name),
                                      "this layout is not known; nothing in it was touched"});
            return;
        }
    }
    // A column that this schema does not have is as good as an empty one: an expression that begins with it is NULL.
    const auto expression = [&](std::string_view sql) {
        const std::size_t end = std::min(sql.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), sql.size());
        const bool is_column = end > 0 && !sql.substr(end).starts_with('(');
        return sql.empty() || (is_column && !columns.contains(sql.substr(0, end))) ? std::string("NULL")
                                                                                   : std::string(sql);
    };
    std::string sql = "SELECT " + rows::row_name(database, "main", table.table).key_expression();
    for (const std::string_view trait :
         {table.host, table.name, table.path, table.partition, table.created, table.expires, table.bytes, table.file,
          table.used, table.changed, table.value_size, table.secure, table.persistent, table.odd}) {
        sql += ", " + expression(trait);
    }
    for (const SqlColumn& owner : owners) {
        sql += ", " + rows::sql_name(owner.name);
    }
    sql += " FROM " + rows::sql_name(table.table);
    if (!table.filter.empty()) {
        sql += fmt::format(" WHERE {}", table.filter);
    }
    constexpr int first_owner = 15;
    SQLite::Statement query(database, sql);
    while (query.executeStep()) {
        bool ours = false;
        for (std::size_t i = 0; i < owners.size() && !ours; ++i) {
            ours = names_site(site, owners[i].names, text_at(query, first_owner + static_cast<int>(i)));
        }
        if (!ours) {
            continue;
        }
        const std::string key = text_at(query, 0);
        if (taken.contains({table.table, key})) {
            continue;
        }
        Item item;
        item.host = text_at(query, 1);
        item.name = text_at(query, 2);
        item.path = text_at(query, 3);
        item.partition = text_at(query, 4);
        item.type = table.type;
        item.created = number_at(query, 5);
        item.expires = number_at(query, 6);
        item.used = number_at(query, 9);
        item.changed = number_at(query, 10);
        if (const auto size = number_at(query, 11); size && *size >= 0) {
            item.value_size = static_cast<std::uint64_t>(*size);
        }
        item.secure = number_at(query, 12).value_or(0) != 0;
        item.persistent = number_at(query, 13).value_or(1) != 0;
        item.odd = number_at(query, 14).value_or(0) != 0;
        item.bytes = static_cast<std::uint64_t>(query.getColumn(7).getInt64());
        set_label(item, table.noun);
        item.pieces.push_back({Medium::row, file.string(), std::string(table.table), key});
        add_children(database, file, table, key, taken, item);
        add_file(file, text_at(query, 8), item);
        found.items.push_back(std::move(item));
    }
}

}  // namespace

Found find_sql_rows(const fs::path& file, const Site& site, const SqlDatabase& database)
{
    Found found;
    look_into_sql(file, {database.oldest_version, database.newest_version, database.version_in}, found,
                  [&](SQLite::Database& opened) {
                      Taken taken;
                      for (const SqlTable& table : database.tables) {
                          find_in_table(opened, file, site, table, taken, found);
                      }
                  });
    return found;
}

}  // namespace unstick
