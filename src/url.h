#pragma once
// Reading URLs and origins. Strict: what is not understood is an error, never a guess.

#include <cstdint>
#include <string>
#include <string_view>

#include "result.h"

namespace unstick {

/// An http, https, ws or wss URL (or any scheme, for parse_origin) taken apart.
struct Url {
    std::string scheme;      ///< lower case, without ':'
    std::string host;        ///< lower case, punycode, no trailing dot; IPv6 without brackets
    std::uint16_t port = 0;  ///< 0 = the scheme's default
    std::string path;        ///< from '/' on with query, without fragment; "/" if absent

    /// `scheme://host[:port]`, IPv6 in brackets, no trailing slash.
    std::string origin() const;
    /// origin() + path.
    std::string text() const;
};

/// Parses an absolute http(s) URL as a user types or a server sends it. User names and passwords in
/// it are dropped. Errors: Code::usage with what is wrong, for other schemes too.
Result<Url> parse_url(std::string_view text);

/// The host of an absolute URL or origin as a browser wrote it into its own files, any scheme;
/// empty if there is none (`data:`, `blob:null`, garbage). Brackets of IPv6 are dropped, the rest is as
/// written, lower-cased. Never allocates more than the host. For hot loops (cache keys).
std::string_view host_of(std::string_view url);

/// Is a canonical host name one of the own computer: `localhost`, a name below it, 127.0.0.0/8, ::1? What goes there
/// does not go over a network.
bool is_this_computer(std::string_view host);

/// An address for people: without what may be a secret of the user, that is query, fragment and whatever stands before
/// the host. Of any text.
std::string bare_url(std::string_view url);

/// Canonical form of a host name: lower case, IDN to punycode, one trailing dot dropped, IPv6
/// brackets dropped, IPv4 in its four-part form only. Errors: Code::usage (empty label, over 253
/// characters, label over 63, control or forbidden characters, numbers that look like a broken IPv4).
Result<std::string> canonical_host(std::string_view host);

}  // namespace unstick
