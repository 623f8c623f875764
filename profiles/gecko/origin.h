#pragma once
// How Firefox names whose data something is: an origin, and attributes that keep data of one origin apart (a container,
// the site under which it was stored). Source: docs/formats-firefox.md, "How a site is named".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "web/site.h"

namespace unstick::gecko {

/// What stands in a suffix `^userContextId=2&partitionKey=%28https%2Calpha.test%29`.
struct OriginAttributes {
    std::uint32_t container = 0;  ///< of the tab: userContextId; 0: no container
    /// The site under which it was stored, "https://alpha.test", without its port; empty: under no other's.
    std::string partition_site = {};
    std::string first_party_domain = {};  ///< of first-party isolation: a host or registrable domain
    bool is_private = false;              ///< of a private window

    /// Are they those of an ordinary tab at a page of its own: no attribute at all?
    bool is_plain() const { return *this == OriginAttributes{}; }
    friend bool operator==(const OriginAttributes&, const OriginAttributes&) = default;
};

/// Whose data: "https://alpha.test:8443^partitionKey=%28https%2Cbeta.test%29".
struct Origin {
    std::string scheme;      ///< "https"
    std::string host;        ///< "alpha.test"; IPv6 in brackets
    std::uint16_t port = 0;  ///< 0: the scheme's own
    OriginAttributes attributes = {};

    /// "https://alpha.test:8443", without attributes.
    std::string text() const;
};

/// A value as in the body of a form: "%28" is '(', '+' a space.
std::string percent_decoded(std::string_view text);

/// A suffix, "" or "^key=value&key=value"; keys that are not known are passed over. std::nullopt if it is none.
std::optional<OriginAttributes> parse_suffix(std::string_view suffix);
/// The site in the text of a partition key, "(https,alpha.test)", "(https,alpha.test,8443)" or "(https,alpha.test,f)":
/// "https://alpha.test". Empty if there is none.
std::string site_of_partition_key(std::string_view key);

/// An origin with or without a suffix, as databases and text files have it. std::nullopt if it is none.
std::optional<Origin> parse_origin(std::string_view text);
/// The same in the name of a folder below `storage/default`, in which what file systems do not take is '+':
/// "https+++alpha.test+8443^userContextId=2". Also with the prefix of older versions ("1007+t+").
std::optional<Origin> parse_origin_folder(std::string_view name);

/// Was it stored under the site?
bool owns_attributes(const Site& site, const OriginAttributes& attributes);
/// Is it the site's own, or was it stored under the site?
bool owns(const Site& site, const Origin& origin);

// For tables (finders/sql_table.h, Owns):
bool owns_suffix(const Site& site, std::string_view suffix);  ///< owns_attributes of a suffix
bool owns_origin(const Site& site, std::string_view text);    ///< owns of an origin with a suffix

/// What keeps data apart, for people and as Item::partition: "" for none, "https://beta.test", "container 2",
/// "https://beta.test in container 2".
std::string partition_of(const OriginAttributes& attributes);
/// The same of a suffix.
std::string partition_of_suffix(std::string_view suffix);

}  // namespace unstick::gecko
