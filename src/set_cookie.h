#pragma once
// What a browser makes of a Set-Cookie field: RFC 6265bis, sections 5.6 and 5.7. Pure.

#include <string>
#include <string_view>

namespace unstick {

/// Why a browser refuses to store a cookie that an answer of `url` sets for a page that the user opens, in the words of
/// the browser's own tools (Chrome DevTools Protocol, Network.SetCookieBlockedReason): "SecureOnly", "InvalidDomain",
/// "InvalidPrefix", "SameSiteNoneInsecure", "NameValuePairExceedsMaxSize", "DisallowedCharacter", "NoCookieContent".
/// Empty if it is stored. What else is stored (OverwriteSecure) and the user's settings are not looked at.
std::string_view refusal_of(std::string_view set_cookie, std::string_view url);

/// The name of the cookie; empty if it has none, for a cookie without '=' is all value.
std::string_view cookie_name(std::string_view set_cookie);

/// What a reason means, as half a sentence for people: "it must be set over https".
std::string_view explain_refusal(std::string_view reason);

}  // namespace unstick
