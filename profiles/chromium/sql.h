#pragma once
// The SQLite databases of the Chromium family, as tables. Schemas: docs/formats-chromium.md, "Cookies", "Saved logins".
//
// Not inline: g++ for Windows puts the same table into sections of two kinds, which its linker refuses.

#include <array>

#include "finders/sql_table.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/network_key.h"
#include "profiles/chromium/sql_time.h"
#include "profiles/chromium/storage_key.h"

namespace unstick::chromium {

constexpr std::array cookie_owners{
    SqlColumn{"host_key", owns_host},
    SqlColumn{"top_frame_site_key", owns_partition, true},
};
constexpr std::array cookie_tables{SqlTable{
    .table = "cookies",
    .owners = cookie_owners,
    .host = "host_key",
    .name = "name",
    .partition = "top_frame_site_key",
    .created = unix_time<"creation_utc">,
    .expires = unix_time<"nullif(max(expires_utc, 0), 0)">,
    .used = unix_time<"last_access_utc">,
    .bytes = "length(name) + length(value) + length(encrypted_value)",
    .noun = "cookie",
    .traits =
        SqlCookie{
            .path = "path",
            .changed = unix_time<"last_update_utc">,
            // What encryption adds: 3 bytes of prefix; from version 24 on 32 of the host's hash; then AES-CBC fills up
            // to whole blocks of 16 (1 to 16 bytes: the middle is taken), or AES-GCM adds 12 of nonce and 16 of tag.
            .value_size = "length(value) + max(0, length(encrypted_value) - 3"
                          " - CASE WHEN (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'version') >= 24 THEN 32"
                          " ELSE 0 END - CASE WHEN (length(encrypted_value) - 3) % 16 = 0 THEN 8 ELSE 28 END)",
            .secure = "is_secure",
            .persistent = "is_persistent",
            .invalid_octets = "name GLOB '*[^ -~]*'",  // the value is encrypted
            // v11: the key is in the key store (Linux); v10: in none. A browser that has its key store writes v11.
            .key_is_gone = "(substr(encrypted_value, 1, 3) = x'763131') AND"
                           " (SELECT max(creation_utc) FROM cookies WHERE substr(encrypted_value, 1, 3) = x'763130') >"
                           " (SELECT max(creation_utc) FROM cookies WHERE substr(encrypted_value, 1, 3) = x'763131')",
        },
}};
constexpr SqlDatabase cookies{cookie_tables, 9, 24};

// The realm names the host of HTTP authentication ("https://host/<realm>") and of federated sign-in.
constexpr std::array login_owners{
    SqlColumn{"origin_url", owns_url},
    SqlColumn{"signon_realm", owns_url},
};
constexpr std::array login_children{
    SqlChild{"insecure_credentials", "parent_id", "id"},
    SqlChild{"password_notes", "parent_id", "id"},
};
// Schemes: 0 HTML form, 1 Basic, 2 Digest, 3 other, 4 user name only. The browser sends all but forms by itself.
constexpr std::array http_login_tables{SqlTable{
    .table = "logins",
    .owners = login_owners,
    .filter = "scheme <> 0",
    .children = login_children,
    .host = "signon_realm",
    .created = unix_time<"date_created">,
    .bytes = "length(password_value)",
    .noun = "saved sign-in",
}};
constexpr std::array statistics_owners{SqlColumn{"origin_domain", owns_url}};
// Before schema 29; since then they refer to the login.
constexpr std::array compromised_owners{SqlColumn{"url", owns_url}};
constexpr std::array form_login_tables{
    SqlTable{
        .table = "logins",
        .owners = login_owners,
        .filter = "scheme = 0",
        .children = login_children,
        .host = "signon_realm",
        .created = unix_time<"date_created">,
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
        .created = unix_time<"create_time">,
        .noun = "warning about a leaked password",
        .optional = true,
    },
};
constexpr SqlDatabase http_logins{http_login_tables, 22, 43};
constexpr SqlDatabase form_logins{form_login_tables, 22, 43};

constexpr std::array bound_session_owners{SqlColumn{"key", owns_url}};
constexpr std::array bound_session_tables{SqlTable{
    .table = "dbsc_session_tbl",
    .owners = bound_session_owners,
    .host = "key",
    .bytes = "length(proto)",
    .noun = "device-bound session",
    .optional = true,
    .traits = BoundSession{},
}};
constexpr SqlDatabase bound_sessions{bound_session_tables, 1, 1};

// --- Network memory -------------------------------------------------------------------------------

// Version 1 had no partitions. The URL of an endpoint may be another site's: it is not what the row is about.
constexpr std::array report_owners{
    SqlColumn{"origin_host", owns_host},
    SqlColumn{"nik", owns_network_key, true},
};
constexpr std::array report_tables{
    SqlTable{
        .table = "nel_policies",
        .owners = report_owners,
        .host = "origin_host",
        .expires = unix_time<"expires_us_since_epoch">,
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
        .expires = unix_time<"expires_us_since_epoch">,
        .noun = "group of addresses for reports",
    },
};
constexpr SqlDatabase reports{report_tables, 1, 2};

// --- Site storage ---------------------------------------------------------------------------------

// Detection of bounce tracking: when a site was used, and who opened it as a popup.
constexpr std::array bounce_owners{SqlColumn{"site", owns_domain}};
constexpr std::array popup_owners{
    SqlColumn{"opener_site", owns_domain},
    SqlColumn{"popup_site", owns_domain},
};
constexpr std::array bounce_tables{
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
constexpr SqlDatabase bounces{bounce_tables, 1, 11};

// Chromium took the interface away again; profiles may still hold what it wrote. Until version 3 the budget was kept by
// origin.
constexpr std::array shared_storage_owners{SqlColumn{"context_origin", owns_url}};
constexpr std::array shared_budget_owners{
    SqlColumn{"context_origin", owns_url, true},
    SqlColumn{"context_site", owns_partition, true},
};
constexpr std::array shared_storage_tables{
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
constexpr SqlDatabase shared_storage{shared_storage_tables, 1, 6};

// The key is the issuer's origin, the top-level origin, or both.
constexpr std::array trust_token_owners{SqlColumn{"key", owns_one_url}};
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
constexpr std::array trust_token_tables{
    trust_tokens_in("trust_tokens_issuer_config"),
    trust_tokens_in("trust_tokens_toplevel_config"),
    trust_tokens_in("trust_tokens_issuer_toplevel_pair_config"),
};
constexpr SqlDatabase trust_tokens{trust_token_tables, 2, 2};

constexpr std::array observer_owners{SqlColumn{"origin", owns_url}};
constexpr std::array observer_tables{
    SqlTable{
        .table = "declarative_performance_observer_policies",
        .owners = observer_owners,
        .host = "origin",
        .created = unix_time<"created_at">,
        .noun = "order to observe its speed",
    },
    SqlTable{
        .table = "declarative_performance_observer_reports",
        .owners = observer_owners,
        .host = "origin",
        .created = unix_time<"created_at">,
        .bytes = "length(payload)",
        .noun = "report on its speed",
    },
};
constexpr SqlDatabase performance_observer{observer_tables, 2, 2};

// The schema has no number; its version is in the table's name.
constexpr std::array heavy_ad_owners{SqlColumn{"host_name", owns_host}};
constexpr std::array heavy_ad_tables{SqlTable{
    .table = "previews_v1",
    .owners = heavy_ad_owners,
    .host = "host_name",
    .created = unix_time<"time">,
    .noun = "record of a removed advertisement",
}};
constexpr SqlDatabase heavy_ads{heavy_ad_tables, 0, 0, VersionIn::user_version};

constexpr std::array storage_key_owners{SqlColumn{"storage_key", owns_storage_key}};
constexpr std::array media_license_tables{SqlTable{
    .table = "cdm_storage",
    .owners = storage_key_owners,
    .host = "storage_key",
    .bytes = "length(data)",
    .noun = "licence for protected media",
}};
constexpr SqlDatabase media_licenses{media_license_tables, 1, 2};

constexpr std::array device_salt_tables{SqlTable{
    .table = "media_device_salts",
    .owners = storage_key_owners,
    .host = "storage_key",
    .created = unix_time<"creation_time">,
    .bytes = "length(salt)",
    .noun = "salt for the names of cameras and microphones",
}};
constexpr SqlDatabase device_salts{device_salt_tables, 1, 1};

}  // namespace unstick::chromium
