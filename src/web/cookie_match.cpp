#include "web/cookie_match.h"

namespace unstick {

std::string_view cookie_domain(std::string_view cookie_host)
{
    return cookie_host.substr(cookie_host.starts_with('.') ? 1 : 0);
}

bool is_below(std::string_view host, std::string_view domain)
{
    return host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.';
}

bool is_for(std::string_view cookie_host, std::string_view cookie_path, std::string_view host, std::string_view path)
{
    const std::string_view domain = cookie_domain(cookie_host);
    const bool for_domain = cookie_host.starts_with('.');
    if (host != domain && !(for_domain && is_below(host, domain))) {
        return false;
    }
    const bool in_folder =
        path.starts_with(cookie_path) && (path.size() == cookie_path.size() || cookie_path.ends_with('/') ||
                                          path[cookie_path.size()] == '/' || path[cookie_path.size()] == '?');
    return path.empty() || in_folder;
}

bool is_for(std::string_view cookie_host, std::string_view cookie_path, bool secure, const Url& url)
{
    return is_for(cookie_host, cookie_path, url.host, url.path) && (!secure || url.scheme == "https");
}

}  // namespace unstick
