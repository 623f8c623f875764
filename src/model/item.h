#pragma once
// What a scan finds. An item never holds a cookie value, token or password.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/traits.h"

namespace unstick {

/// A way in which browsers keep data and in which we take it out and put it back (journal/medium_*.cpp), by its name.
/// Journals name it: a name stays what it is for ever. A family's own medium is one more constant of this type.
struct Medium {
    std::string_view name;

    auto operator<=>(const Medium&) const = default;

    /// A file or folder, moved as a whole; `key` is its path below `container`.
    static const Medium file;
    /// The same for what lies in a folder below `container`, which goes with the last that is in it.
    static const Medium content;
    /// An entry of Firefox's HTTP cache; `container` is the cache's folder, in which the index lies, `key` the file's
    /// path below it.
    static const Medium cache2;
    /// One key of a LevelDB database; `container` is its folder, `key` the key's bytes.
    static const Medium pair;
    /// One row of a SQLite table; `container` is the file, `table` the table, `key` the rowid in decimal or, in a table
    /// without rowids, the primary key: SQL literals as quote() makes them, ',' between two.
    static const Medium row;
    /// A member of an object in a JSON file, `key` its JSON pointer; or of the array that `key` points to those
    /// elements that the JSON object in `table` means (containers/json_file.h); `container` is the file.
    static const Medium json;
    /// One cookie of a Safari jar; `container` is the file, `key` the SHA-256 of the record
    /// (containers/binary_cookies_file.h).
    static const Medium record;
    /// All under one key of a blockfile cache; `container` is the cache's folder, `key` the cache key.
    static const Medium entry;
    /// A member of a dictionary in a property list; `container` is the file, `table` the dictionary's name in the outer
    /// one, `key` the member's.
    static const Medium plist;
    /// An internet password in a keychain of macOS; `container` is the keychain's file, `key` the entry's primary key
    /// (containers/keychain.h).
    static const Medium keychain;
    /// A service worker of Firefox; `container` is the list (`serviceworker.txt`), `key` as
    /// service_worker_list::Record::key.
    static const Medium worker;
};

inline constexpr Medium Medium::file{"file"};
inline constexpr Medium Medium::content{"folder-content"};
inline constexpr Medium Medium::cache2{"cache2-entry"};
inline constexpr Medium Medium::pair{"leveldb-pair"};
inline constexpr Medium Medium::row{"sqlite-row"};
inline constexpr Medium Medium::json{"json"};
inline constexpr Medium Medium::record{"safari-cookie"};
inline constexpr Medium Medium::entry{"blockfile-entry"};
inline constexpr Medium Medium::plist{"plist"};
inline constexpr Medium Medium::keychain{"keychain"};
inline constexpr Medium Medium::worker{"service-worker"};

/// One thing on disk that has to go for an item to be gone.
struct Piece {
    Medium medium = Medium::file;
    std::string container;  ///< absolute path
    std::string table;      ///< Medium::row, Medium::plist and elements in Medium::json only
    std::string key;

    /// Medium::row, if not 0: no row, but what the item's rows add to a total that is kept beside them. The columns of
    /// `table` are `key` and `value`; the total named `key` goes down by this much with the rows and up with them
    /// again.
    std::int64_t counter_delta = 0;
    /// Medium::row: names, ',' between two, of columns that no two rows have alike though the schema does not say so.
    /// Another row like this one in them: the item came back.
    std::string natural_key = {};
    /// Medium::row: the column, an integer primary key, that only numbers the rows and that nothing refers to: a row
    /// that is put back gets another number if its own is taken. Empty: there is no such column.
    std::string free_number = {};
};

/// One thing that a person would name: a cookie, a cached file, one entry of local storage, a database.
/// It is removed whole and restored whole: if any piece of it came back before an undo, none is restored.
struct Item {
    std::string label;  ///< for people; names and hosts only, never a value; not yet made printable
    std::uint64_t bytes = 0;

    // Empty where the store has no such thing.
    std::string host;                     ///< whose data it is, as written ("." in front for a domain cookie)
    std::string name;                     ///< of a cookie, an entry, a database; of a cached response its address
    std::string partition;                ///< top-level site it is partitioned under
    std::optional<std::int64_t> created;  ///< Unix seconds
    std::optional<std::int64_t> expires;  ///< Unix seconds
    std::optional<std::int64_t> used;     ///< last use, Unix seconds
    Traits traits;
    /// It says no port, and the site is one port of a host (Site::is_of_one_port): the other ports share it.
    bool is_shared_by_ports = false;

    std::vector<Piece> pieces;

    /// What only items of this type have; nullptr if it is of another.
    template <class Type>
    const Type* as() const
    {
        return std::get_if<Type>(&traits);
    }
};

/// Keys of a LevelDB database of which all versions are the site's, also those that were overwritten or removed and are
/// no items: from `first` on until before `end`.
struct FormerKeys {
    std::string container;  ///< as Piece::container
    std::string first;
    std::string end;
};

/// What forbids a site its cookies and is no item: it is not about this site alone, or not the user's to remove.
struct CookieBan {
    enum class By { setting, policy } by = By::setting;
    bool third_party = false;  ///< only in frames of other sites
    std::string name;          ///< as the browser calls it: "DefaultCookiesSetting"
};

/// The result of looking into one store. Problems never stop the other stores.
struct Found {
    bool present = false;  ///< the store exists in this profile
    std::string version;   ///< schema or format version as recognised, for `profiles --verbose`
    std::vector<Item> items;
    std::vector<Error> problems;     ///< what could not be read or was not recognised; that part stays as it is
    std::vector<std::string> notes;  ///< what cannot be seen from here though nothing is wrong; a sentence each
    std::vector<CookieBan> bans;     ///< what forbids the site its cookies here
    std::vector<FormerKeys> former;  ///< where more of it may lie; empty: not known
};

}  // namespace unstick
