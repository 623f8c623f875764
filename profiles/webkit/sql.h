#pragma once
// The SQLite databases of WebKit, as tables: of Safari, and of WebKitGTK, whose cookies and HSTS are libsoup's.
// Checked against files of WebKitGTK 2.50, of WebKit's own tests, and of Safari on iOS 16.
//
// Not inline: g++ for Windows puts the same table into sections of two kinds, which its linker refuses.

#include <array>

#include "finders/sql_table.h"

namespace unstick::webkit {

// --- libsoup: `cookies.sqlite`, `hsts-storage.sqlite` ---------------------------------------------

constexpr std::array soup_cookie_owners{SqlColumn{"host", owns_host}};
constexpr std::array soup_cookie_tables{SqlTable{
    .table = "moz_cookies",
    .owners = soup_cookie_owners,
    .host = "host",
    .name = "name",
    .expires = "expiry",
    .used = "NULLIF(lastAccessed, 0)",
    .bytes = "length(name) + length(value)",
    .noun = "cookie",
    .traits =
        SqlCookie{
            .path = "path",
            .value_size = "length(CAST(value AS BLOB))",
            .secure = "isSecure",
            .invalid_octets = "name GLOB '*[^ -~]*' OR value GLOB '*[^ -~]*'",
        },
}};
constexpr SqlDatabase soup_cookies{soup_cookie_tables, 0, 0, VersionIn::user_version};

constexpr std::array soup_hsts_tables{SqlTable{
    .table = "soup_hsts_policies",
    .owners = soup_cookie_owners,
    .host = "host",
    .expires = "expiry",
    .noun = "rule to use https only",
    .traits = Hsts{},
}};
constexpr SqlDatabase soup_hsts{soup_hsts_tables, 0, 0, VersionIn::user_version};

// --- Tracking prevention: `observations.db` -------------------------------------------------------

// WebKit deletes the relations of a domain by foreign keys; we name them. One relation may lie between two domains of
// the site: it goes once.
constexpr std::array observed_domain_owners{SqlColumn{"registrableDomain", owns_host}};
constexpr std::array observed_domain_children{
    SqlChild{"TopLevelDomains", "topLevelDomainID", "domainID"},
    SqlChild{"StorageAccessUnderTopFrameDomains", "domainID", "domainID"},
    SqlChild{"StorageAccessUnderTopFrameDomains", "topLevelDomainID", "domainID"},
    SqlChild{"TopFrameUniqueRedirectsTo", "sourceDomainID", "domainID"},
    SqlChild{"TopFrameUniqueRedirectsTo", "toDomainID", "domainID"},
    SqlChild{"TopFrameUniqueRedirectsToSinceSameSiteStrictEnforcement", "sourceDomainID", "domainID"},
    SqlChild{"TopFrameUniqueRedirectsToSinceSameSiteStrictEnforcement", "toDomainID", "domainID"},
    SqlChild{"TopFrameUniqueRedirectsFrom", "targetDomainID", "domainID"},
    SqlChild{"TopFrameUniqueRedirectsFrom", "fromDomainID", "domainID"},
    SqlChild{"TopFrameLinkDecorationsFrom", "toDomainID", "domainID"},
    SqlChild{"TopFrameLinkDecorationsFrom", "fromDomainID", "domainID"},
    SqlChild{"TopFrameLoadedThirdPartyScripts", "topFrameDomainID", "domainID"},
    SqlChild{"TopFrameLoadedThirdPartyScripts", "subresourceDomainID", "domainID"},
    SqlChild{"SubframeUnderTopFrameDomains", "subFrameDomainID", "domainID"},
    SqlChild{"SubframeUnderTopFrameDomains", "topFrameDomainID", "domainID"},
    SqlChild{"SubresourceUnderTopFrameDomains", "subresourceDomainID", "domainID"},
    SqlChild{"SubresourceUnderTopFrameDomains", "topFrameDomainID", "domainID"},
    SqlChild{"SubresourceUniqueRedirectsTo", "subresourceDomainID", "domainID"},
    SqlChild{"SubresourceUniqueRedirectsTo", "toDomainID", "domainID"},
    SqlChild{"SubresourceUniqueRedirectsFrom", "subresourceDomainID", "domainID"},
    SqlChild{"SubresourceUniqueRedirectsFrom", "fromDomainID", "domainID"},
};
constexpr std::array observed_domain_tables{SqlTable{
    .table = "ObservedDomains",
    .owners = observed_domain_owners,
    .children = observed_domain_children,
    .host = "registrableDomain",
    .noun = "what tracking prevention saw",
    .traits = SqlTrackingRecord{.prevalent = "isPrevalent", .interacted = "hadUserInteraction"},
}};
constexpr SqlDatabase observations{observed_domain_tables, 0, 0, VersionIn::user_version};

// --- Sites for which WebKit does without what makes scripts fast: `EnhancedSecuritySites.db` --------------

constexpr std::array enhanced_security_owners{SqlColumn{"site", owns_host}};
constexpr std::array enhanced_security_tables{SqlTable{
    .table = "sites",
    .owners = enhanced_security_owners,
    .host = "site",
    .noun = "enhanced security",
}};
constexpr SqlDatabase enhanced_security{enhanced_security_tables, 0, 0, VersionIn::user_version};

// --- CFNetwork: `Cache.db` ------------------------------------------------------------------------

// It holds traffic of Safari itself rather than of pages. A large body is a file, which the row names.
constexpr std::array cached_response_owners{SqlColumn{"request_key", owns_url}};
constexpr std::array cached_response_children{
    SqlChild{"cfurl_cache_blob_data", "entry_ID", "entry_ID"},
    SqlChild{"cfurl_cache_receiver_data", "entry_ID", "entry_ID"},
};
constexpr std::array cached_response_tables{SqlTable{
    .table = "cfurl_cache_response",
    .owners = cached_response_owners,
    .children = cached_response_children,
    .partition = "partition",
    .created = "CAST(strftime('%s', time_stamp) AS INTEGER)",
    .noun = "cached response",
    .file = "(SELECT 'fsCachedData/' || CAST(receiver_data AS TEXT) FROM cfurl_cache_receiver_data AS body"
            " WHERE body.entry_ID = cfurl_cache_response.entry_ID AND isDataOnFS = 1)",
}};
// CFNetwork makes the tables anew when it opens a database of an older version (its own statements, as decompiled).
constexpr SqlDatabase cfnetwork_cache{cached_response_tables, 203, 203, VersionIn::user_version, Older::dead};

// --- CFNetwork: `AlternativeService.sqlite` -------------------------------------------------------

// The table that CFNetwork makes, by its strings (iOS 18.4 and 18.5); it sets no version. Apple's own query for what
// belongs to a domain looks at both columns too.
constexpr std::array alternative_service_owners{SqlColumn{"host", owns_host}, SqlColumn{"partition", owns_host}};
constexpr std::array alternative_service_tables{SqlTable{
    .table = "alt_services",
    .owners = alternative_service_owners,
    .host = "host",
    .partition = "partition",
    .created = "creation_time",
    .expires = "expires_time",
    .noun = "alternative service",
    .traits = AlternativeService{},
}};
constexpr SqlDatabase alternative_services{alternative_service_tables, 0, 0, VersionIn::user_version};

}  // namespace unstick::webkit
