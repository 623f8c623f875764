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
    .odd = "name GLOB '*[^ -~]*'",  // the value is encrypted
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
// Before schema 29; since then they refer to the login.
inline constexpr std::array compromised_owners{SqlColumn{"url", Names::url}};
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
    SqlTable{
        .table = "compromised_credentials",
        .owners = compromised_owners,
        .host = "url",
        .created = "create_time / 1000000 - 11644473600",
        .noun = "warning about a leaked password",
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

// --- Network memory -------------------------------------------------------------------------------

// Version 1 had no partitions. The URL of an endpoint may be another site's: it is not what the row is about.
inline constexpr std::array report_owners{
    SqlColumn{"origin_host", Names::host},
    SqlColumn{"nik", Names::network_key, true},
};
inline constexpr std::array report_tables{
    SqlTable{
        .table = "nel_policies",
        .owners = report_owners,
        .host = "origin_host",
        .expires = "expires_us_since_epoch / 1000000 - 11644473600",
        .noun = "network error logging",
    },
    SqlTable{
        .table = "reporting_endpoints",
        .owners = report_owners,
        .host = "origin_host",
        .noun = "address for reports",
    },
    SqlTable{
        .table = "reporting_endpoint_groups",
        .owners = report_owners,
        .host = "origin_host",
        .expires = "expires_us_since_epoch / 1000000 - 11644473600",
        .noun = "group of addresses for reports",
    },
};
inline constexpr SqlDatabase reports{report_tables, 1, 2};

// --- Site storage ---------------------------------------------------------------------------------

// Detection of bounce tracking: when a site was used, and who opened it as a popup.
inline constexpr std::array bounce_owners{SqlColumn{"site", Names::site}};
inline constexpr std::array popup_owners{
    SqlColumn{"opener_site", Names::site},
    SqlColumn{"popup_site", Names::site},
};
inline constexpr std::array bounce_tables{
    SqlTable{
        .table = "bounces",
        .owners = bounce_owners,
        .host = "site",
        .noun = "record of use",
    },
    SqlTable{
        .table = "popups",
        .owners = popup_owners,
        .host = "popup_site",
        .partition = "opener_site",
        .noun = "record of a popup",
        .optional = true,
    },
};
inline constexpr SqlDatabase bounces{bounce_tables, 1, 11};

// Chromium took the interface away again; profiles may still hold what it wrote. Until version 3 the budget was kept by
// origin.
inline constexpr std::array shared_storage_owners{SqlColumn{"context_origin", Names::url}};
inline constexpr std::array shared_budget_owners{
    SqlColumn{"context_origin", Names::url, true},
    SqlColumn{"context_site", Names::partition, true},
};
inline constexpr std::array shared_storage_tables{
    SqlTable{
        .table = "values_mapping",
        .owners = shared_storage_owners,
        .host = "context_origin",
        .bytes = "length(key) + length(value)",
        .noun = "entry of shared storage",
    },
    SqlTable{
        .table = "per_origin_mapping",
        .owners = shared_storage_owners,
        .host = "context_origin",
        .noun = "count of shared storage",
    },
    SqlTable{
        .table = "budget_mapping",
        .owners = shared_budget_owners,
        .noun = "use of shared storage",
        .optional = true,
    },
};
inline constexpr SqlDatabase shared_storage{shared_storage_tables, 1, 6};

// The key is the issuer's origin, the top-level origin, or both.
inline constexpr std::array trust_token_owners{SqlColumn{"key", Names::urls}};
constexpr SqlTable trust_tokens_in(std::string_view table)
{
    return {
        .table = table,
        .owners = trust_token_owners,
        .host = "key",
        .bytes = "length(proto)",
        .noun = "trust tokens",
    };
}
inline constexpr std::array trust_token_tables{
    trust_tokens_in("trust_tokens_issuer_config"),
    trust_tokens_in("trust_tokens_toplevel_config"),
    trust_tokens_in("trust_tokens_issuer_toplevel_pair_config"),
};
inline constexpr SqlDatabase trust_tokens{trust_token_tables, 2, 2};

inline constexpr std::array observer_owners{SqlColumn{"origin", Names::url}};
inline constexpr std::array observer_tables{
    SqlTable{
        .table = "declarative_performance_observer_policies",
        .owners = observer_owners,
        .host = "origin",
        .created = "created_at / 1000000 - 11644473600",
        .noun = "order to observe its speed",
    },
    SqlTable{
        .table = "declarative_performance_observer_reports",
        .owners = observer_owners,
        .host = "origin",
        .created = "created_at / 1000000 - 11644473600",
        .bytes = "length(payload)",
        .noun = "report on its speed",
    },
};
inline constexpr SqlDatabase performance_observer{observer_tables, 2, 2};

// The schema has no number; its version is in the table's name.
inline constexpr std::array heavy_ad_owners{SqlColumn{"host_name", Names::host}};
inline constexpr std::array heavy_ad_tables{SqlTable{
    .table = "previews_v1",
    .owners = heavy_ad_owners,
    .host = "host_name",
    .created = "time / 1000000 - 11644473600",
    .noun = "record of a removed advertisement",
}};
inline constexpr SqlDatabase heavy_ads{heavy_ad_tables, 0, 0, VersionIn::user_version};

inline constexpr std::array storage_key_owners{SqlColumn{"storage_key", Names::storage_key}};
inline constexpr std::array media_license_tables{SqlTable{
    .table = "cdm_storage",
    .owners = storage_key_owners,
    .host = "storage_key",
    .bytes = "length(data)",
    .noun = "licence for protected media",
}};
inline constexpr SqlDatabase media_licenses{media_license_tables, 1, 2};

inline constexpr std::array device_salt_tables{SqlTable{
    .table = "media_device_salts",
    .owners = storage_key_owners,
    .host = "storage_key",
    .created = "creation_time / 1000000 - 11644473600",
    .bytes = "length(salt)",
    .noun = "salt for the names of cameras and microphones",
}};
inline constexpr SqlDatabase device_salts{device_salt_tables, 1, 1};

}  // namespace unstick::chromium
