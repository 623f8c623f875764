#pragma once
// The SQLite databases of the Chromium family, as tables. Schemas: docs/formats-chromium.md, "Cookies", "Saved logins".

#include <array>

#include "../src/formats/finders.h"

namespace unstick::chromium {

// Times in these databases are microseconds since 1601-01-01 UTC.

inline constexpr std::array cookie_owners{
    SqlColumn{"host_key", Names::host},
    SqlColumn{"top_frame_site_key", Names::partition, true},
};
inline constexpr std::array cookie_tables{SqlTable{
    .table = "cookies",
    .owners = cookie_owners,
    .host = "host_key",
    .name = "name",
    .path = "path",
    .partition = "top_frame_site_key",
    .created = "creation_utc / 1000000 - 11644473600",
    .expires = "CASE WHEN expires_utc > 0 THEN expires_utc / 1000000 - 11644473600 END",
    .bytes = "length(name) + length(value) + length(encrypted_value)",
    .noun = "cookie",
    .used = "last_access_utc / 1000000 - 11644473600",
    .changed = "last_update_utc / 1000000 - 11644473600",
    // What encryption adds at most: 3 bytes of prefix, 12 of nonce, 16 of tag, and from version 24 on 32 of the host's
    // hash. (Where it is AES-CBC it is 19 and up to 51: the result is then too low by up to 12.)
    .value_size = "length(value) + max(0, length(encrypted_value) - CASE WHEN (SELECT CAST(value AS INTEGER) FROM meta"
                  " WHERE key = 'version') >= 24 THEN 63 ELSE 31 END)",
    .secure = "is_secure",
    .persistent = "is_persistent",
    .type = ItemType::cookie,
}};
inline constexpr SqlDatabase cookies{cookie_tables, 9, 24};

// The realm names the host of HTTP authentication ("https://host/<realm>") and of federated sign-in.
inline constexpr std::array login_owners{
    SqlColumn{"origin_url", Names::url},
    SqlColumn{"signon_realm", Names::url},
};
inline constexpr std::array login_children{
    SqlChild{"insecure_credentials", "parent_id", "id"},
    SqlChild{"password_notes", "parent_id", "id"},
};
// Schemes: 0 HTML form, 1 Basic, 2 Digest, 3 other, 4 user name only. The browser sends all but forms by itself.
inline constexpr std::array http_login_tables{SqlTable{
    .table = "logins",
    .owners = login_owners,
    .filter = "scheme <> 0",
    .children = login_children,
    .host = "signon_realm",
    .created = "date_created / 1000000 - 11644473600",
    .bytes = "length(password_value)",
    .noun = "saved sign-in",
    .type = ItemType::http_login,
}};
inline constexpr std::array statistics_owners{SqlColumn{"origin_domain", Names::url}};
inline constexpr std::array form_login_tables{
    SqlTable{
        .table = "logins",
        .owners = login_owners,
        .filter = "scheme = 0",
        .children = login_children,
        .host = "signon_realm",
        .created = "date_created / 1000000 - 11644473600",
        .bytes = "length(password_value)",
        .noun = "saved form login",
    },
    SqlTable{
        .table = "stats",
        .owners = statistics_owners,
        .host = "origin_domain",
        .noun = "count of declined offers to save a login",
        .optional = true,
    },
};
inline constexpr SqlDatabase http_logins{http_login_tables, 22, 43};
inline constexpr SqlDatabase form_logins{form_login_tables, 22, 43};

inline constexpr std::array bound_session_owners{SqlColumn{"key", Names::url}};
inline constexpr std::array bound_session_tables{SqlTable{
    .table = "dbsc_session_tbl",
    .owners = bound_session_owners,
    .host = "key",
    .bytes = "length(proto)",
    .noun = "device-bound session",
    .optional = true,
    .type = ItemType::bound_session,
}};
inline constexpr SqlDatabase bound_sessions{bound_session_tables, 1, 1};

}  // namespace unstick::chromium
