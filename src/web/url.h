#pragma once
// Reading URLs and origins. Strict: what is not understood is an error, never a guess.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace unstick {

/// An http or https URL taken apart.
struct Url {
    std::string scheme;      ///< lower case, without ':'
    std::string host;        ///< lower case, punycode, no trailing dot; IPv6 without brackets
    std::uint16_t port = 0;  ///< 0 = the scheme's default
    std::string path;        ///< from '/' on with query, without fragment; "/" if absent

    /// `scheme://host[:port]`, IPv6 in brackets, no trailing slash.
    std::string origin() const;
    /// `port`, or the scheme's default.
    std::uint16_t port_number() const;
    /// origin() + path.
    std::string text() const;
};

/// Parses an absolute http(s) URL as a user types or a server sends it. User names and passwords in
/// it are dropped. Errors: Code::usage with what is wrong, for other schemes too.
Result<Url> parse_url(std::string_view text);

/// The parts of what a browser wrote as a URL or origin, any scheme: cut at their marks, nothing checked. Views.
struct UrlParts {
    std::string_view scheme;     ///< before "://"
    std::string_view authority;  ///< up to the first of "/?#": user name, host, port
    std::string_view rest;       ///< from there on
};

/// std::nullopt if there is no "://". Cheap, for hot loops (cache keys).
std::optional<UrlParts> split_url(std::string_view url);

/// The host of an absolute URL or origin as a browser wrote it into its own files, any scheme;
/// empty if there is none (`data:`, `blob:null`, garbage). Brackets of IPv6 are dropped, the rest is as
/// written, in any case. A view into `url`; as cheap as split_url.
std::string_view host_of(std::string_view url);

/// The port of an absolute URL or origin as a browser wrote it, or its scheme's own; 0 if there is none that can be
/// read.
std::uint16_t port_of(std::string_view url);

/// Is a canonical host name one of the own computer: `localhost`, a name below it, 127.0.0.0/8, ::1? What goes there
/// does not go over a network.
bool is_this_computer(std::string_view host);

/// An address for people: without what may be a secret of the user, that is query, fragment and whatever stands before
/// the host, and what of the path may be one (shown_path_of_url). Of any text.
std::string bare_url(std::string_view url);

/// An address without what may be a secret of the user: fragment, user name and password are dropped, a query becomes
/// "?", and a secret in the path "...". Two addresses that end in "?" or hold "..." may differ.
std::string bare_address(std::string_view url);

/// Is this "scheme://host[:port]" of any scheme and nothing else? With a user name or a query in it, others might read
/// another host.
bool is_origin(std::string_view text);

/// The origin in an origin identifier, the form of it that Chromium and WebKit use in file names and keys:
/// `https_app.example.com_0` means "https://app.example.com" (0 = the scheme's own port). In it ':' of IPv6 hosts is
/// written '_'. std::nullopt if it is not one. Source: docs/formats-chromium.md, "How a site is named".
std::optional<std::string> origin_of_identifier(std::string_view identifier);

/// Canonical form of a host name: lower case, IDN to punycode, one trailing dot dropped, IPv6
/// brackets dropped, IPv4 in its four-part form only. Errors: Code::usage (empty label, over 253
/// characters, label over 63, control or forbidden characters, numbers that look like a broken IPv4).
Result<std::string> canonical_host(std::string_view host);

}  // namespace unstick
