#include "web/cookie_jar.h"

#include <algorithm>

#include "web/cookie_match.h"
#include "web/set_cookie.h"
#include "web/site.h"

namespace unstick {

namespace {

/// A line end in a jar that somebody prepared would begin another field of the request. Browsers store none.
bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f; });
}

}  // namespace

CookieJar::CookieJar(std::vector<JarCookie> cookies, std::int64_t now) : cookies_(std::move(cookies))
{
    std::erase_if(cookies_, [&](const JarCookie& cookie) {
        return (cookie.expires && *cookie.expires <= now) || has_control(cookie.name.name) ||
               has_control(cookie.value.text());
    });
    // Longer paths first, as the standard asks for.
    std::stable_sort(cookies_.begin(), cookies_.end(),
                     [](const JarCookie& a, const JarCookie& b) { return a.name.path.size() > b.name.path.size(); });
}

bool CookieJar::goes_with(const JarCookie& cookie, const Url& url) const
{
    const bool is_downgraded = url.scheme != "https" && first_scheme_ == "https";
    return is_for(cookie.name.host, cookie.name.path, cookie.secure, url) && !is_downgraded &&
           !(cookie.strict && other_site_);
}

bool CookieJar::has_for(const Url& url) const
{
    return std::any_of(cookies_.begin(), cookies_.end(),
                       [&](const JarCookie& cookie) { return goes_with(cookie, url); });
}

Secret CookieJar::header_for(const Url& url)
{
    const std::string site = registrable_domain(url.host);
    if (first_scheme_.empty()) {
        first_scheme_ = url.scheme;
        first_site_ = site;
    }
    other_site_ = other_site_ || site != first_site_;
    Secret header;
    for (const JarCookie& cookie : cookies_) {
        if (!goes_with(cookie, url)) {
            continue;
        }
        header.append(header.empty() ? "" : "; ");
        if (!cookie.name.name.empty()) {
            header.append(cookie.name.name);
            header.append("=");
        }
        header.append(cookie.value.text());
        if (std::find(sent_.begin(), sent_.end(), cookie.name) == sent_.end()) {
            sent_.push_back(cookie.name);
        }
    }
    return header;
}

void CookieJar::is_set(std::string_view set_cookie, const Url& url)
{
    if (refusal_of(set_cookie, url.text()).empty()) {
        const CookieName set = cookie_set_by(set_cookie, url);
        std::erase_if(cookies_, [&](const JarCookie& cookie) { return cookie.name == set; });
    }
}

}  // namespace unstick
