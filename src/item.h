#pragma once
// What a scan finds. An item never holds a cookie value, token or password.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "result.h"

namespace unstick {

/// The ways in which browsers keep data and in which we take it out and put it back (src/media/).
enum class Medium {
    file,    ///< a file or folder, moved as a whole; `key` is its path below `container`
    pair,    ///< one key of a LevelDB database; `container` is its folder, `key` the key's bytes
    row,     ///< one row of a SQLite table; `container` is the file, `table` the table, `key` the rowid in decimal
             ///< or, in a table without rowids, the primary key: SQL literals as quote() makes them, ',' between two
    json,    ///< a member of an object in a JSON file, `key` its JSON pointer; or of the array that `key` points to
             ///< those elements that the JSON object in `table` means (media/json_file.h); `container` is the file
    record,  ///< one cookie of a Safari jar; `container` is the file, `key` the SHA-256 of the record (media/jars.h)
    entry,   ///< all under one key of a blockfile cache; `container` is the cache's folder, `key` the cache key
    plist,   ///< a member of a dictionary in a property list; `container` is the file, `table` the dictionary's name in
             ///< the outer one, `key` the member's
    keychain,  ///< an internet password in a keychain of macOS; `container` is the keychain's file, `key` the entry's
               ///< primary key (media/keychain.h)
};

/// One thing on disk that has to go for an item to be gone.
struct Piece {
    Medium medium = Medium::file;
    std::string container;  ///< absolute path
    std::string table;      ///< Medium::row, Medium::plist and elements in Medium::json only
    std::string key;

    /// Medium::row, if not 0: no row, but what the item's rows add to a total that is kept beside them. The columns of
    /// `table` are `key` and `value`; the total named `key` goes down by this much with the rows and up with them
    /// again.
    std::int64_t share = 0;
    /// Medium::row: names, ',' between two, of columns that no two rows have alike though the schema does not say so.
    /// Another row like this one in them: the item came back.
    std::string identity = {};
};

/// What an item is, as far as rules have to tell (src/findings/).
enum class ItemType {
    other,
    cookie,
    bound_session,   ///< a device-bound session
    http_login,      ///< saved credentials for HTTP authentication; `host` is origin/realm
    storage_entry,   ///< one entry of local storage
    tab_storage,     ///< all session storage of one origin in one tab
    service_worker,  ///< all registrations of one owner
    cached_answer,   ///< an HTTP response in the cache
    https_only,      ///< an order to use https for a host (HSTS)
    other_way,       ///< what is remembered of other ways to a server (Alt-Svc, QUIC)
    site_setting,    ///< a setting of the user for a site; `name` is Chromium's type of content: "cookies"
    database,        ///< the databases of one owner (IndexedDB)
};

/// One thing that a person would name: a cookie, a cached file, one entry of local storage, a database.
/// It is removed whole and restored whole: if any piece of it came back before an undo, none is restored.
struct Item {
    std::string label;  ///< for people; names and hosts only, never a value; not yet made printable
    std::uint64_t bytes = 0;

    // Traits that rules look at. Empty where the store has no such thing.
    std::string host;                     ///< whose data it is, as written ("." in front for a domain cookie)
    std::string name;                     ///< cookie name, storage key, database name; cached_answer: its address,
                                          ///< "?" for a query
    std::string path;                     ///< cookie path
    std::string partition;                ///< top-level site it is partitioned under
    std::optional<std::int64_t> created;  ///< Unix seconds
    std::optional<std::int64_t> expires;  ///< Unix seconds; storage_entry: when the last token in it dies
    ItemType type = ItemType::other;
    std::optional<std::int64_t> used;         ///< last use, Unix seconds
    std::optional<std::int64_t> changed;      ///< when the site last set it; service_worker: last look for an update
    std::optional<std::int64_t> valid_from;   ///< storage_entry: before that no token in it is valid
    std::optional<std::uint64_t> value_size;  ///< cookie: length of its value; may be too low, never too high
    bool secure = false;                      ///< cookie: sent over https only
    bool persistent = true;                   ///< cookie: false if it should end with the browser
    bool renewable = false;                   ///< storage_entry: what renews its tokens is in it too
    bool answers_pages = false;               ///< service_worker: has an active version with a fetch handler
    int status = 0;                           ///< cached_answer: HTTP status; 0 if not known
    std::string location;                     ///< cached_answer: where it redirects to, "?" for a query
    std::vector<std::string> entries;         ///< tab_storage: the names in it
    bool below = false;                       ///< https_only: for all hosts below too
    bool failed = false;  ///< other_way: it failed for the browser; database: its files cannot be opened
    bool blocks = false;  ///< site_setting: it forbids what it is about

    std::vector<Piece> pieces;
};

/// The result of looking into one store. Problems never stop the other stores.
struct Found {
    bool present = false;  ///< the store exists in this profile
    std::string version;   ///< schema or format version as recognised, for `profiles --verbose`
    std::vector<Item> items;
    std::vector<Error> problems;     ///< what could not be read or was not recognised; that part stays as it is
    std::vector<std::string> notes;  ///< what cannot be seen from here though nothing is wrong; a sentence each
};

}  // namespace unstick
