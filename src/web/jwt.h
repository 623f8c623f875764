#pragma once
// How long the sign-in tokens in a stored value live. Only times leave this file, never a part of the value.

#include <cstdint>
#include <optional>
#include <string_view>

namespace unstick {

/// Unix seconds. Where a value holds several tokens, it is as good as the one that lives longest.
struct TokenTimes {
    std::optional<std::int64_t> expires;     ///< none: no token, or one that says nothing
    std::optional<std::int64_t> valid_from;  ///< the earliest
    bool renewable = false;                  ///< there is something to renew them with (a refresh token)
    /// The text is nothing but a time: that of another entry, perhaps ("expires_at" beside "access_token").
    std::optional<std::int64_t> bare_time = {};
};

/// Looks for JSON Web Tokens (RFC 7519: `exp`, `nbf`, RFC 7515 compact form) anywhere in the text, and, if it is a JSON
/// object, for members that say when something expires (`expires_at`, `expiresOn`, `exp` ...), in seconds or
/// milliseconds; a text that is a time and nothing else is `bare_time`. Never fails: what is not understood is no
/// token. Texts over 256 KiB are not looked into.
TokenTimes token_times(std::string_view text);

/// Adds what another value of the same storage says: the whole is as good as its best token.
void add_tokens(TokenTimes& whole, const TokenTimes& more);

}  // namespace unstick
