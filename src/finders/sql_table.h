#pragma once
// SQLite tables as data: which columns name a site, and what of a row an item needs (sql_rows.cpp).

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "model/item.h"
#include "web/site.h"

namespace unstick {

namespace fs = std::filesystem;

/// Does the text in a column name the site?
using Owns = bool (*)(const Site& site, std::string_view text);

// How most columns name a site. What only one family of browsers writes is matched by that family's own functions.
bool owns_host(const Site& site, std::string_view text);        ///< "app.example.com" or ".example.com"
bool owns_url(const Site& site, std::string_view text);         ///< an origin or URL; also "federation://host/..."
bool owns_one_url(const Site& site, std::string_view text);     ///< several origins or URLs, one space between two
bool owns_domain(const Site& site, std::string_view text);      ///< a registrable domain: it stands for the whole site
bool owns_partition(const Site& site, std::string_view text);   ///< a schemeful site as partition key, or empty
bool owns_identifier(const Site& site, std::string_view text);  ///< "https_app.example.com_0" (origin_of_identifier)

struct SqlColumn {
    std::string_view name;
    Owns owns;
    bool optional = false;  ///< older schemas lack it
};

/// Rows that refer to a row that is removed, and go with it.
struct SqlChild {
    std::string_view table;
    std::string_view column;  ///< holds the parent's key
    std::string_view parent_column;
    std::string_view natural_key = {};  ///< as in Piece
    std::string_view free_number = {};  ///< as in Piece
};

// Everything called an expression is SQL over the columns of one table; empty = none, and so is one that begins with a
// column that this schema does not have. Never one whose value is a secret: length(x) at most.

/// Expressions for what a Cookie has.
struct SqlCookie {
    std::string_view path = {}, changed = {}, value_size = {}, secure = {}, persistent = {}, invalid_octets = {};
    std::string_view key_is_gone = {};
};

/// Expressions for what a TrackingRecord has.
struct SqlTrackingRecord {
    std::string_view prevalent = {}, interacted = {};
};

/// Expressions for what a ServiceWorker has.
struct SqlServiceWorker {
    std::string_view script = {}, checked = {};
};

/// Expressions for what a SiteSetting has.
struct SqlSiteSetting {
    std::string_view blocks = {};
};

/// Traits that all rows of a table have alike, or the expressions for those that differ.
using SqlTraits = std::variant<std::monostate, SqlCookie, SqlServiceWorker, SqlSiteSetting, SqlTrackingRecord,
                               BoundSession, Hsts, AlternativeService>;

struct SqlTable {
    std::string_view table;
    std::span<const SqlColumn> owners;  ///< a row is the site's if any of these names it
    std::string_view filter = {};       ///< an SQL condition on the table's own columns, or empty
    std::span<const SqlChild> children = {};
    /// Expressions for what all items have; times in Unix seconds, `bytes` the size.
    std::string_view host = {}, name = {}, partition = {}, created = {}, expires = {}, used = {}, bytes = {};
    std::string_view noun = {};  ///< "cookie": starts the label
    bool optional = false;       ///< older schemas lack the table
    std::string_view file = {};  ///< expression for the path, from the database's folder on, of a file that goes with
                                 ///< the row; NULL = none
    SqlTraits traits = {};
    std::string_view natural_key = {};  ///< as in Piece
    std::string_view free_number = {};  ///< as in Piece
    /// How what `partition` says is shown, where it is not written as an address; nullptr: as it is.
    std::string (*shown_partition)(std::string_view text) = nullptr;
};

/// Where a database says which schema it has.
enum class VersionIn {
    meta,          ///< Chromium's table of that name
    user_version,  ///< SQLite's own number; 0 where nobody set it
};

/// What a version below the range is.
enum class Older {
    unknown,  ///< a problem, as a newer one is
    dead,     ///< left by an older browser, and read by none of today: a note
};

/// A SQLite database. Versions outside the range are not touched.
struct SqlDatabase {
    std::span<const SqlTable> tables;
    int oldest_version;
    int newest_version;  ///< newest schema that was checked against a real browser
    VersionIn version_in = VersionIn::meta;
    Older older = Older::unknown;
};

Found find_sql_rows(const fs::path& file, const Site& site, const SqlDatabase& database);

/// The same as a Find, for an adapter's table.
template <const SqlDatabase& database>
Found find_rows_of(const fs::path& file, const Site& site)
{
    return find_sql_rows(file, site, database);
}

}  // namespace unstick
