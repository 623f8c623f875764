#pragma once
// Which requests a stored cookie goes with (RFC 6265bis, sections 5.1.3, 5.1.4 and 5.8.3). Pure.

#include <string_view>

#include "web/url.h"

namespace unstick {

/// The host that a cookie's host names: without the '.' that browsers write in front of it for cookies of a domain.
std::string_view cookie_domain(std::string_view cookie_host);

/// Is the host below the domain, by whole labels? Not the domain itself. Both canonical.
bool is_below(std::string_view host, std::string_view domain);

/// Does a cookie of this host ("." in front for a domain cookie) and path go with requests to a host and, if that is
/// not empty, a path?
bool is_for(std::string_view cookie_host, std::string_view cookie_path, std::string_view host, std::string_view path);

/// As is_for, for a request of this address: `secure` cookies go over https only.
bool is_for(std::string_view cookie_host, std::string_view cookie_path, bool secure, const Url& url);

}  // namespace unstick
