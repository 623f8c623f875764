#pragma once
// What an item is and what only items of its type have, as far as rules have to tell (diagnosis/). Never a value, token
// or password.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "web/jwt.h"

namespace unstick {

struct Cookie {
    std::string path;
    std::optional<std::int64_t> changed;      ///< when the site last set it, Unix seconds
    std::optional<std::uint64_t> value_size;  ///< length of its value; where it is encrypted, within 8 of it
    bool secure = false;                      ///< sent over https only
    bool persistent = true;                   ///< false: it should end with the browser
    bool invalid_octets = false;  ///< a byte in its name or value that RFC 6265 does not allow and servers stumble over
    /// Its key was in the system's key store, and the browser has not had that when it last stored cookies.
    bool key_is_gone = false;
};

/// A session that is bound to this device.
struct BoundSession {};

/// Saved credentials for HTTP authentication, which the browser sends by itself.
struct HttpLogin {
    std::string origin;
    std::string realm;
};

/// An HTTP response in the cache. Its address is Item::name, with "?" for a query.
struct CachedResponse {
    int status = 0;                   ///< 0: not known
    std::string location;             ///< where it redirects to, "?" for a query
    std::string type = {};            ///< Content-Type in lower case, without parameters
    std::string etag = {};            ///< as sent
    std::string last_modified = {};   ///< as sent
    std::string allowed_origin = {};  ///< Access-Control-Allow-Origin
    bool varies_by_origin = false;    ///< Vary says so: it is kept apart for each
    /// Until when the browser shows it without asking, by its max-age; none: it asks, or that is not known.
    std::optional<std::int64_t> fresh_until = {};
};

/// What tracking prevention knows of a domain (WebKit).
struct TrackingRecord {
    bool prevalent = false;   ///< taken for a tracker
    bool interacted = false;  ///< the user has clicked or typed there
};

/// All registrations of one owner.
struct ServiceWorker {
    std::string script;                   ///< its address; not to be shown, it may have a query
    std::optional<std::int64_t> checked;  ///< the last look for an update, Unix seconds
    bool answers_pages = false;           ///< it has an active version with a fetch handler
};

/// One entry of local storage.
struct StorageEntry {
    TokenTimes tokens;
};

/// All local storage of one origin, which goes as one thing.
struct OriginStorage {
    struct Entry {
        std::string name;
        TokenTimes tokens;
    };
    std::vector<Entry> entries;
};

/// All session storage of one origin in one tab.
struct TabStorage {
    std::vector<std::string> names;  ///< of its entries
};

/// The databases of one owner (IndexedDB).
struct Database {
    bool broken = false;  ///< its files cannot be opened
};

/// A host is to be reached by https only.
struct Hsts {
    bool include_subdomains = false;
};

/// What is remembered of other ways to a server (Alt-Svc, QUIC).
struct AlternativeService {
    bool failed = false;
};

/// A setting of the user for a site. Item::name says what it is about: "cookies".
struct SiteSetting {
    bool blocks = false;
};

/// monostate: nothing that a rule asks for.
using Traits =
    std::variant<std::monostate, Cookie, BoundSession, HttpLogin, CachedResponse, ServiceWorker, StorageEntry,
                 OriginStorage, TabStorage, Database, Hsts, AlternativeService, SiteSetting, TrackingRecord>;

}  // namespace unstick
