#pragma once
// What a browser makes of a Set-Cookie field: RFC 6265bis, sections 5.6 and 5.7. Pure.

#include <string>
#include <string_view>

#include "web/url.h"

namespace unstick {

/// What tells a cookie from others.
struct CookieName {
    std::string host;  ///< "." in front for a domain cookie
    std::string path;
    std::string name;
    auto operator<=>(const CookieName&) const = default;
};

/// Why a browser refuses to store a cookie that an answer of `url` sets for a page that the user opens, in the words of
/// the browser's own tools (Chrome DevTools Protocol, Network.SetCookieBlockedReason): "SecureOnly", "InvalidDomain",
/// "InvalidPrefix", "SameSiteNoneInsecure", "NameValuePairExceedsMaxSize", "DisallowedCharacter", "NoCookieContent";
/// and "PartitionedInsecure" and "NamelessWithEquals", for which the tools have no words. Empty if it is stored. What
/// else is stored (OverwriteSecure) and the user's settings are not looked at. Judged as Chromium does:
/// docs/judged-by-browsers.md.
std::string_view refusal_of(std::string_view set_cookie, std::string_view url);

/// The name of the cookie; empty if it has none, for a cookie without '=' is all value.
std::string_view cookie_name(std::string_view set_cookie);

/// Which cookie a field sets, in an answer of `url`.
CookieName cookie_set_by(std::string_view set_cookie, const Url& url);

/// What a reason means, as half a sentence for people: "it must be set over https".
std::string_view explain_refusal(std::string_view reason);

}  // namespace unstick
