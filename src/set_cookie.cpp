#include "set_cookie.h"

#include <algorithm>
#include <array>
#include <utility>

#include "site.h"
#include "text.h"
#include "url.h"

namespace unstick {

namespace {

constexpr std::size_t longest_pair = 4096;
constexpr std::size_t longest_attribute = 1024;

/// The attributes that decide whether a cookie is stored. Of two of one name the last one counts.
struct Attributes {
    std::string domain;
    std::string path;
    bool secure = false;
    bool same_site_none = false;
};

/// The text before the next ';', which is taken off the rest.
std::string_view next_part(std::string_view& rest)
{
    const std::string_view part = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return part;
}

Attributes attributes_in(std::string_view rest)
{
    Attributes found;
    while (!rest.empty()) {
        const std::string_view part = next_part(rest);
        const std::size_t equals = part.find('=');
        const std::string name = lower(trimmed(part.substr(0, equals)));
        const std::string_view value = equals == part.npos ? std::string_view() : trimmed(part.substr(equals + 1));
        if (value.size() > longest_attribute) {
            continue;
        }
        if (name == "domain") {
            found.domain = lower(value.starts_with('.') ? value.substr(1) : value);
        } else if (name == "path") {
            found.path = value;
        } else if (name == "secure") {
            found.secure = true;
        } else if (name == "samesite") {
            found.same_site_none = lower(value) == "none";
        }
    }
    return found;
}

/// May an answer of the host set a cookie for the domain? Not for another host's, nor for a public suffix.
bool may_set_for(std::string_view host, const std::string& domain)
{
    if (domain.empty() || domain == host) {
        return true;
    }
    const bool below = host.size() > domain.size() && host.ends_with(domain) &&
                       host[host.size() - domain.size() - 1] == '.' && registrable_domain(host) != host;
    return below && Site::parse(domain).has_value();
}

/// Browsers take the own computer for safe without TLS.
bool is_safe(std::string_view url, std::string_view host)
{
    return url.starts_with("https://") || is_this_computer(host);
}

bool has_prefix(std::string_view name, std::string_view prefix)
{
    return lower(name.substr(0, prefix.size())) == prefix;
}

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

std::string_view cookie_name(std::string_view set_cookie)
{
    const std::size_t end = set_cookie.find_first_of("=;");
    return end != set_cookie.npos && set_cookie[end] == '=' ? trimmed(set_cookie.substr(0, end)) : std::string_view();
}

CookieName cookie_set_by(std::string_view set_cookie, const Url& url)
{
    std::string_view rest = set_cookie;
    (void)next_part(rest);
    const Attributes attributes = attributes_in(rest);
    CookieName cookie{url.host, attributes.path, std::string(cookie_name(set_cookie))};
    const bool is_address =
        url.host.find(':') != std::string::npos || url.host.find_first_not_of("0123456789.") == std::string::npos;
    if (!attributes.domain.empty() && !is_address) {
        cookie.host = "." + attributes.domain;
    }
    if (!cookie.path.starts_with('/')) {  // the folder of the page
        const std::string_view page = std::string_view(url.path).substr(0, url.path.find('?'));
        cookie.path = page.substr(0, std::max<std::size_t>(page.rfind('/'), 1));
    }
    return cookie;
}

std::string_view refusal_of(std::string_view set_cookie, std::string_view url)
{
    if (has_control(set_cookie)) {
        return "DisallowedCharacter";
    }
    std::string_view rest = set_cookie;
    const std::string_view pair = trimmed(next_part(rest));
    const Attributes attributes = attributes_in(rest);
    const std::string_view name = cookie_name(set_cookie);
    const std::string_view host = host_of(url);
    const bool safe = is_safe(url, host);
    if (pair.empty() || pair == "=") {
        return "NoCookieContent";
    }
    if (pair.size() > longest_pair + 1) {
        return "NameValuePairExceedsMaxSize";
    }
    if (attributes.secure && !safe) {
        return "SecureOnly";
    }
    if (!may_set_for(host, attributes.domain)) {
        return "InvalidDomain";
    }
    const bool for_host = attributes.domain.empty() && attributes.path == "/";
    if ((has_prefix(name, "__secure-") && !attributes.secure) ||
        (has_prefix(name, "__host-") && !(attributes.secure && for_host))) {
        return "InvalidPrefix";
    }
    return attributes.same_site_none && !attributes.secure ? "SameSiteNoneInsecure" : "";
}

std::string_view explain_refusal(std::string_view reason)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> meanings{{
        {"SecureOnly", "it is marked Secure, but set over plain http"},
        {"InvalidDomain", "it is for a domain that this host may not set cookies for"},
        {"InvalidPrefix", "its name begins with __Host- or __Secure-, but it is not set as that demands"},
        {"SameSiteNoneInsecure", "it is SameSite=None without Secure"},
        {"NameValuePairExceedsMaxSize", "it is larger than 4096 bytes"},
        {"DisallowedCharacter", "it holds a control character"},
        {"NoCookieContent", "it is empty"},
    }};
    const auto* const found =
        std::find_if(meanings.begin(), meanings.end(), [&](const auto& meaning) { return meaning.first == reason; });
    return found == meanings.end() ? std::string_view() : found->second;
}

}  // namespace unstick
