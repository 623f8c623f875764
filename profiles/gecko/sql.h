#pragma once
// The SQLite databases of Firefox, as tables. Schemas: docs/formats-firefox.md.
//
// Not inline: g++ for Windows puts the same table into sections of two kinds, which its linker refuses.

#include <array>

#include "finders/sql_table.h"
#include "profiles/gecko/origin.h"

namespace unstick::gecko {

// Times are microseconds since 1970, but for `expiry`: milliseconds from version 16 on, seconds before.
constexpr std::array cookie_owners{
    SqlColumn{"host", owns_host},
    SqlColumn{"originAttributes", owns_suffix},
};
constexpr std::array cookie_tables{SqlTable{
    .table = "moz_cookies",
    .owners = cookie_owners,
    .host = "host",
    .name = "name",
    .partition = "originAttributes",
    .created = "creationTime / 1000000",
    .expires = "expiry / (SELECT CASE WHEN user_version >= 16 THEN 1000 ELSE 1 END FROM pragma_user_version)",
    .used = "lastAccessed / 1000000",
    .bytes = "length(name) + length(value)",
    .noun = "cookie",
    .traits =
        SqlCookie{
            .path = "path",
            .changed = "updateTime / 1000000",
            .value_size = "length(CAST(value AS BLOB))",
            .secure = "isSecure",
            .invalid_octets = "name GLOB '*[^ -~]*' OR value GLOB '*[^ -~]*'",
        },
    .free_number = "id",
    .shown_partition = partition_of_suffix,
}};
constexpr SqlDatabase cookies{cookie_tables, 6, 17, VersionIn::user_version};

// --- Settings -------------------------------------------------------------------------------------

// A column with an origin and its suffix, taken apart.
constexpr std::string_view plain_origin = "coalesce(nullif(substr(origin, 1, instr(origin, '^') - 1), ''), origin)";
constexpr std::string_view suffix_of_origin = "substr(origin, instr(origin, '^'))";

/// "3rdPartyStorage^https://alpha.test" and "3rdPartyFrameStorage^https://alpha.test": what that site may do in frames
/// of the origin.
inline bool owns_type(const Site& site, std::string_view type)
{
    const std::size_t caret = type.find('^');
    return type.starts_with("3rdParty") && caret != type.npos && site.owns_url(type.substr(caret + 1));
}

constexpr std::array permission_owners{
    SqlColumn{"origin", owns_origin},
    SqlColumn{"type", owns_type},
};
constexpr std::array interaction_owners{SqlColumn{"origin", owns_origin}};
constexpr std::array permission_tables{
    SqlTable{
        .table = "moz_perms",
        .owners = permission_owners,
        .host = plain_origin,
        .name = "iif(type = 'cookie', 'cookies', type)",
        .partition = suffix_of_origin,
        .created = "modificationTime / 1000",
        .expires = "nullif(expireTime, 0) / 1000",
        .noun = "setting",
        .traits = SqlSiteSetting{.blocks = "permission = 2"},
        .natural_key = "origin,type",
        .free_number = "id",
        .shown_partition = partition_of_suffix,
    },
    SqlTable{
        .table = "moz_origin_interactions",
        .owners = interaction_owners,
        .host = plain_origin,
        .partition = suffix_of_origin,
        .used = "lastInteractionTime / 1000",
        .noun = "time of the last use",
        .optional = true,
        .shown_partition = partition_of_suffix,
    },
};
constexpr SqlDatabase permissions{permission_tables, 12, 13, VersionIn::user_version};

/// A host or an address.
inline bool owns_group(const Site& site, std::string_view name)
{
    return name.find("://") == name.npos ? site.owns_host(name) : site.owns_url(name);
}

// Zoom, the folder for downloads, what was said to banners. Which setting it is says another table: those stay.
constexpr std::array group_owners{SqlColumn{"name", owns_group}};
constexpr std::array group_children{SqlChild{.table = "prefs",
                                             .column = "groupID",
                                             .parent_column = "id",
                                             .natural_key = "groupID,settingID",
                                             .free_number = "id"}};
constexpr std::array group_tables{SqlTable{
    .table = "groups",
    .owners = group_owners,
    .children = group_children,
    .host = "name",
    .noun = "zoom and other settings",
    .natural_key = "name",
}};
constexpr SqlDatabase content_settings{group_tables, 5, 6, VersionIn::user_version};

// --- Bounce tracking ------------------------------------------------------------------------------

constexpr std::array bounce_owners{
    SqlColumn{"siteHost", owns_domain},
    SqlColumn{"originAttributeSuffix", owns_suffix},
};
constexpr std::array bounce_tables{SqlTable{
    .table = "sites",
    .owners = bounce_owners,
    .host = "siteHost",
    .partition = "originAttributeSuffix",
    .used = "timeStamp / 1000000",
    .noun = "record of use",
    .shown_partition = partition_of_suffix,
}};
constexpr SqlDatabase bounces{bounce_tables, 1, 1, VersionIn::user_version};

// --- Federated sign-ins (FedCM) ------------------------------------------------------------------

// Who signs in (rp, the relying party) by whom (idp, the provider of identities).
constexpr std::array identity_owners{
    SqlColumn{"rpOrigin", owns_origin},
    SqlColumn{"idpOrigin", owns_origin},
};
constexpr std::array identity_tables{SqlTable{
    .table = "identity",
    .owners = identity_owners,
    .host = "coalesce(nullif(substr(rpOrigin, 1, instr(rpOrigin, '^') - 1), ''), rpOrigin)",
    .name = "idpOrigin",
    .partition = "substr(rpOrigin, instr(rpOrigin, '^'))",
    .created = "modificationTime / 1000000",
    .noun = "sign-in by a provider of identities",
    .shown_partition = partition_of_suffix,
}};
constexpr SqlDatabase identities{identity_tables, 2, 2, VersionIn::user_version};

// --- Saved logins: `logins.db` --------------------------------------------------------------------

// Beside `logins.json`, and empty unless a setting says otherwise. L: this computer's, M: what was synchronised.
constexpr std::array login_owners{SqlColumn{"origin", owns_url}};
constexpr SqlTable logins_in(std::string_view table, std::string_view filter, std::string_view noun)
{
    return {
        .table = table,
        .owners = login_owners,
        .filter = filter,
        .host = "origin",
        .created = "timeCreated / 1000",
        .bytes = "length(secFields)",
        .noun = noun,
        .free_number = "id",
    };
}
constexpr std::array http_login_tables{
    logins_in("loginsL", "httpRealm IS NOT NULL", "saved sign-in"),
    logins_in("loginsM", "httpRealm IS NOT NULL", "synchronised sign-in"),
};
constexpr std::array form_login_tables{
    logins_in("loginsL", "httpRealm IS NULL", "saved form login"),
    logins_in("loginsM", "httpRealm IS NULL", "synchronised form login"),
};
constexpr SqlDatabase http_logins{http_login_tables, 5, 5, VersionIn::user_version};
constexpr SqlDatabase form_logins{form_login_tables, 5, 5, VersionIn::user_version};

}  // namespace unstick::gecko
