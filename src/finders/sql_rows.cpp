#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "containers/sqlite/database.h"
#include "finders/listing.h"
#include "finders/sql_finder.h"
#include "finders/sql_table.h"
#include "platform/files.h"
#include "web/url.h"

namespace unstick {

namespace {

using ColumnNames = std::set<std::string, std::less<>>;

ColumnNames columns_of(SQLite::Database& database, std::string_view table)
{
    ColumnNames columns;
    SQLite::Statement query(database,
                            "SELECT i.name FROM sqlite_schema s JOIN pragma_table_info(s.name) i"
                            " WHERE s.type = 'table' AND s.name = ? AND s.sql NOT LIKE 'CREATE VIRTUAL%'");
    query.bind(1, std::string(table));
    while (query.executeStep()) {
        columns.insert(query.getColumn(0).getString());
    }
    return columns;
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

/// A row as a piece; `table`: an SqlTable or an SqlChild.
template <class Table>
Piece row_piece(const fs::path& file, const Table& table, const std::string& key)
{
    return {.medium = Medium::row,
            .container = file.string(),
            .table = std::string(table.table),
            .key = key,
            .natural_key = std::string(table.natural_key),
            .free_number = std::string(table.free_number)};
}

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
                item.pieces.push_back(row_piece(file, child, found));
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

/// What a row says, by the expressions of its table. Read without a row, everything is empty, and the expressions are
/// noted: that is how the statement gets to know them.
class Row {
public:
    explicit Row(const ColumnNames& columns) : columns_(columns) {}

    /// Its beginning, if it is longer than any that is compared or shown.
    std::string text(std::string_view expression)
    {
        constexpr std::size_t longest = 4096;
        const auto index = index_of(expression);
        return index ? text_at(*query_, *index).substr(0, longest) : std::string();
    }
    std::optional<std::int64_t> number(std::string_view expression)
    {
        const auto index = index_of(expression);
        return index ? number_at(*query_, *index) : std::nullopt;
    }
    std::optional<std::uint64_t> size(std::string_view expression)
    {
        const auto size = number(expression);
        return size && *size >= 0 ? std::optional(static_cast<std::uint64_t>(*size)) : std::nullopt;
    }
    bool is_true(std::string_view expression, bool otherwise = false)
    {
        const auto value = number(expression);
        return value ? *value != 0 : otherwise;
    }

    /// The expressions noted so far.
    const std::vector<std::string_view>& expressions() const { return expressions_; }
    /// From now on the values are those of this statement's row, in the order of expressions() from column `first` on.
    void read_from(SQLite::Statement& query, std::size_t first)
    {
        query_ = &query;
        first_ = first;
    }

private:
    /// The column of the statement; none if there is nothing to read.
    std::optional<int> index_of(std::string_view expression)
    {
        if (query_ == nullptr) {
            if (!expression.empty() && !is_missing_column(expression)) {
                expressions_.push_back(expression);
            }
            return std::nullopt;
        }
        const auto found = std::find(expressions_.begin(), expressions_.end(), expression);
        return found == expressions_.end()
                   ? std::nullopt
                   : std::optional(static_cast<int>(first_) + static_cast<int>(found - expressions_.begin()));
    }
    bool is_missing_column(std::string_view expression) const
    {
        const std::size_t end = std::min(
            expression.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"), expression.size());
        const bool is_column = end > 0 && !expression.substr(end).starts_with('(');
        return is_column && !columns_.contains(expression.substr(0, end));
    }

    const ColumnNames& columns_;
    std::vector<std::string_view> expressions_;
    SQLite::Statement* query_ = nullptr;
    std::size_t first_ = 0;
};

/// Traits from a row.
struct TraitsOf {
    Row& row;

    Traits operator()(const SqlCookie& sql) const
    {
        return Cookie{.path = row.text(sql.path),
                      .changed = row.number(sql.changed),
                      .value_size = row.size(sql.value_size),
                      .secure = row.is_true(sql.secure),
                      .persistent = row.is_true(sql.persistent, true),
                      .invalid_octets = row.is_true(sql.invalid_octets),
                      .key_is_gone = row.is_true(sql.key_is_gone)};
    }
    Traits operator()(const SqlTrackingRecord& sql) const
    {
        return TrackingRecord{.prevalent = row.is_true(sql.prevalent), .interacted = row.is_true(sql.interacted)};
    }
    Traits operator()(const SqlSiteSetting& sql) const { return SiteSetting{.blocks = row.is_true(sql.blocks)}; }
    Traits operator()(const SqlServiceWorker& sql) const
    {
        return ServiceWorker{.script = row.text(sql.script), .checked = row.number(sql.checked)};
    }
    template <class Same>
    Traits operator()(const Same& traits) const
    {
        return traits;
    }
};

std::string label_of(const Item& item, std::string_view noun)
{
    std::string label = fmt::format("{}{}{}", noun, item.name.empty() ? "" : " ", item.name);
    if (!item.host.empty()) {
        const auto* const cookie = item.as<Cookie>();
        label += " of " + item.host + (cookie == nullptr || cookie->path == "/" ? "" : cookie->path);
    }
    return item.partition.empty() ? label : label + " under " + item.partition;
}

Item item_of(const SqlTable& table, Row& row)
{
    Item item;
    item.host = row.text(table.host);
    item.name = row.text(table.name);
    item.partition = row.text(table.partition);
    if (table.shown_partition != nullptr) {
        item.partition = table.shown_partition(item.partition);
    }
    item.created = row.number(table.created);
    item.expires = row.number(table.expires);
    item.used = row.number(table.used);
    item.bytes = row.size(table.bytes).value_or(0);
    item.traits = std::visit(TraitsOf{row}, table.traits);
    item.label = label_of(item, table.noun);
    return item;
}

/// The owner columns that this schema has. Error: one that it must have is not there.
Result<std::vector<SqlColumn>> owners_in(const fs::path& file, const SqlTable& table, const ColumnNames& columns)
{
    std::vector<SqlColumn> owners;
    for (const SqlColumn& column : table.owners) {
        if (columns.contains(column.name)) {
            owners.push_back(column);
        } else if (!column.optional) {
            return fail(Code::unsupported, file.string(),
                        fmt::format("the table {} has no column {}", table.table, column.name),
                        "this layout is not known; nothing in it was touched");
        }
    }
    return owners;
}

constexpr std::size_t first_owner = 1;  // behind the key

std::string statement_for(SQLite::Database& database, const SqlTable& table, const std::vector<SqlColumn>& owners,
                          const std::vector<std::string_view>& expressions)
{
    std::string sql = "SELECT " + rows::row_name(database, "main", table.table).key_expression();
    for (const SqlColumn& owner : owners) {
        sql += ", " + rows::sql_name(owner.name);
    }
    for (const std::string_view expression : expressions) {
        sql += fmt::format(", {}", expression);
    }
    sql += " FROM " + rows::sql_name(table.table);
    return table.filter.empty() ? sql : fmt::format("{} WHERE {}", sql, table.filter);
}

bool is_owned(const Site& site, const std::vector<SqlColumn>& owners, SQLite::Statement& query)
{
    int column = first_owner;
    return std::any_of(owners.begin(), owners.end(),
                       [&](const SqlColumn& owner) { return owner.owns(site, text_at(query, column++)); });
}

void find_in_table(SQLite::Database& database, const fs::path& file, const Site& site, const SqlTable& table,
                   Taken& taken, Found& found)
{
    const ColumnNames columns = columns_of(database, table.table);
    if (columns.empty() && table.optional) {
        return;
    }
    const auto owners = owners_in(file, table, columns);
    if (!owners) {
        found.problems.push_back(owners.error());
        return;
    }
    Row row(columns);
    (void)item_of(table, row);
    (void)row.text(table.file);
    SQLite::Statement query(database, statement_for(database, table, *owners, row.expressions()));
    row.read_from(query, first_owner + owners->size());
    for (std::size_t left = entries_to_look_at(site); left > 0 && query.executeStep(); --left) {
        const std::string key = text_at(query, 0);
        if (!is_owned(site, *owners, query) || taken.contains({table.table, key})) {
            continue;
        }
        Item item = item_of(table, row);
        item.pieces.push_back(row_piece(file, table, key));
        add_children(database, file, table, key, taken, item);
        add_file(file, row.text(table.file), item);
        found.items.push_back(std::move(item));
    }
}

}  // namespace

bool owns_host(const Site& site, std::string_view text)
{
    return site.owns_host(text);
}

bool owns_url(const Site& site, std::string_view text)
{
    return site.owns_url(text);
}

bool owns_one_url(const Site& site, std::string_view text)
{
    const std::size_t space = text.find(' ');
    return site.owns_url(text.substr(0, space)) || (space != text.npos && owns_one_url(site, text.substr(space + 1)));
}

bool owns_domain(const Site& site, std::string_view text)
{
    return site.owns_partition("https://" + std::string(text));
}

bool owns_partition(const Site& site, std::string_view text)
{
    return site.owns_partition(text);
}

bool owns_identifier(const Site& site, std::string_view text)
{
    return site.owns_url(origin_of_identifier(text).value_or(""));
}

Found find_sql_rows(const fs::path& file, const Site& site, const SqlDatabase& database)
{
    Found found;
    look_into_sql(file, {database.oldest_version, database.newest_version, database.version_in, database.older}, found,
                  [&](SQLite::Database& opened) {
                      Taken taken;
                      for (const SqlTable& table : database.tables) {
                          find_in_table(opened, file, site, table, taken, found);
                      }
                  });
    return found;
}

}  // namespace unstick
