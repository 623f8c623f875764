#include "web/set_cookie.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "web/cookie_match.h"
#include "web/site.h"
#include "web/url.h"

namespace unstick {

namespace {

constexpr std::size_t longest_pair = 4096;
constexpr std::size_t longest_attribute = 1024;

/// The attributes that decide whether a cookie is stored. Of two of one name the last one counts.
struct Attributes {
    std::string domain;
    std::string path;
    bool secure = false;
    bool http_only = false;
    bool partitioned = false;
    bool same_site_none = false;
    bool has_control = false;  ///< a control character in a name or value of them
};

/// White space around a part was taken off before.
bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

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
        found.has_control = found.has_control || has_control(name) || has_control(value);
        if (value.size() > longest_attribute) {
            continue;
        }
        if (name == "domain") {
            found.domain = lower(cookie_domain(value));
        } else if (name == "path") {
            found.path = value;
        } else if (name == "secure") {
            found.secure = true;
        } else if (name == "httponly") {
            found.http_only = true;
        } else if (name == "partitioned") {
            found.partitioned = true;
        } else if (name == "samesite") {
            found.same_site_none = lower(value) == "none";
        }
    }
    return found;
}

/// May an answer of the host set a cookie for the domain? Not for another host's, nor for a public suffix.
bool may_set_for(std::string_view host, const std::string& domain)
{
    const std::string own = registrable_domain(host);
    return domain.empty() || domain == host ||
           (is_below(host, domain) && own != host && (domain == own || is_below(domain, own)));
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

/// A prefix of a name, and what it demands of the cookie.
struct Prefix {
    std::string_view begin;
    bool http_only;
    bool for_host;  ///< no Domain, and Path=/
};

/// The longer ones first.
constexpr std::array prefixes{Prefix{"__host-http-", true, true}, Prefix{"__host-", false, true},
                              Prefix{"__http-", true, false}, Prefix{"__secure-", false, false}};

/// Without a name, the server would read the value of such a cookie as its name.
bool breaks_prefix(std::string_view name, std::string_view value, const Attributes& attributes)
{
    const auto of = [](std::string_view text) {
        return std::find_if(prefixes.begin(), prefixes.end(),
                            [&](const Prefix& prefix) { return has_prefix(text, prefix.begin); });
    };
    if (name.empty()) {
        return of(value) != prefixes.end();
    }
    const auto* const prefix = of(name);
    const bool for_host = attributes.domain.empty() && attributes.path == "/";
    return prefix != prefixes.end() &&
           (!attributes.secure || (prefix->http_only && !attributes.http_only) || (prefix->for_host && !for_host));
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
    std::string_view rest = set_cookie;
    const std::string_view pair = trimmed(next_part(rest));
    const Attributes attributes = attributes_in(rest);
    const std::string_view name = cookie_name(set_cookie);
    const std::size_t equals = pair.find('=');
    const std::string_view value = trimmed(equals == pair.npos ? pair : pair.substr(equals + 1));
    const std::string_view host = host_of(url);
    const bool safe = is_safe(url, host);
    if (pair.empty() || pair == "=") {
        return "NoCookieContent";
    }
    if (has_control(name) || has_control(value) || attributes.has_control) {
        return "DisallowedCharacter";
    }
    if (name.empty() && value.find('=') != value.npos) {
        return "NamelessWithEquals";
    }
    if (name.size() + value.size() > longest_pair) {
        return "NameValuePairExceedsMaxSize";
    }
    if (attributes.secure && !safe) {
        return "SecureOnly";
    }
    if (!may_set_for(host, attributes.domain)) {
        return "InvalidDomain";
    }
    if (breaks_prefix(name, value, attributes)) {
        return "InvalidPrefix";
    }
    if (attributes.partitioned && !attributes.secure) {
        return "PartitionedInsecure";
    }
    return attributes.same_site_none && !attributes.secure ? "SameSiteNoneInsecure" : "";
}

std::string_view explain_refusal(std::string_view reason)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> meanings{{
        {"SecureOnly", "it is marked Secure, but set over plain http"},
        {"InvalidDomain", "it is for a domain that this host may not set cookies for"},
        {"InvalidPrefix", "its name begins with __Host-, __Secure- or __Http-, but it is not set as that demands"},
        {"NamelessWithEquals", "it has no name, and a \"=\" in its value"},
        {"PartitionedInsecure", "it is Partitioned without Secure"},
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
