#pragma once
// A site's cookies with their values, as a browser keeps them, and which of them go with a request (RFC 6265bis section
// 5.8). For the re-test alone: values go from a finder's reader to the HTTP client, and nowhere else.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "web/set_cookie.h"

namespace unstick {

struct JarCookie {
    CookieName name;
    Secret value;
    bool secure = false;                  ///< over https only
    bool strict = false;                  ///< SameSite=Strict: not when another site has led here
    std::optional<std::int64_t> expires;  ///< Unix seconds; none: with the browser
};

/// The cookies of one profile for one chain of redirects that begins with an address that the user typed. More careful
/// than browsers are: once a chain that began with https goes on by http, nothing is sent any more.
class CookieJar {
public:
    explicit CookieJar(std::vector<JarCookie> cookies, std::int64_t now);

    /// The value of the Cookie field of the next request; empty if no cookie goes with it.
    Secret header_for(const Url& url);

    /// Is there a cookie that goes with a request of this address?
    bool has_for(const Url& url) const;

    /// An answer from there sets a cookie: from now on it is the client's own that counts, not this jar's.
    void is_set(std::string_view set_cookie, const Url& url);

    /// The cookies that were in a header so far.
    const std::vector<CookieName>& sent() const { return sent_; }

private:
    bool goes_with(const JarCookie& cookie, const Url& url) const;

    std::vector<JarCookie> cookies_;
    std::vector<CookieName> sent_;
    std::string first_scheme_;
    std::string first_site_;
    bool other_site_ = false;  ///< the chain has been at another site than the one it began with
};

}  // namespace unstick
