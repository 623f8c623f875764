#include "storage_key.h"

#include <algorithm>

#include "../text.h"

namespace unstick {

namespace {

/// "scheme://host[:port]" and nothing else. With a user name or a query in it, others might read another host.
bool is_origin(std::string_view text)
{
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0) {
        return false;
    }
    const std::string_view authority = text.substr(colon + 3);
    if (authority.find_first_of("/\\?#@") != std::string_view::npos ||
        std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; })) {
        return false;
    }
    const std::string_view host = host_of(text);
    const std::size_t brackets = authority.starts_with('[') ? 2 : 0;
    const std::string_view port = host.empty() ? "" : authority.substr(host.size() + brackets);
    return !host.empty() && (port.empty() || (port.front() == ':' && is_number(port.substr(1))));
}

}  // namespace

std::optional<StorageKey> parse_storage_key(std::string_view text)
{
    const std::size_t caret = text.find('^');
    std::string_view origin = text.substr(0, caret);
    if (caret != std::string_view::npos && !origin.ends_with('/')) {
        return std::nullopt;
    }
    if (origin.ends_with('/')) {
        origin.remove_suffix(1);
    }
    if (!is_origin(origin)) {
        return std::nullopt;
    }
    StorageKey key;
    key.origin = origin;
    if (caret == std::string_view::npos) {
        return key;
    }
    const std::string_view rest = text.substr(caret + 1);
    if (rest.empty()) {
        return std::nullopt;
    }
    switch (rest.front()) {
        case '0':  // third party: the top-level site
            key.top_level_site = rest.substr(1);
            return is_origin(key.top_level_site) ? std::optional(key) : std::nullopt;
        case '3':  // same site, but with a cross-site ancestor
            return is_number(rest.substr(1)) ? std::optional(key) : std::nullopt;
        case '1':  // nonce
        case '4':  // opaque top level
            key.opaque = true;
            return key;
        default:
            return std::nullopt;
    }
}

bool owns_storage_key(const Site& site, std::string_view text)
{
    const auto key = parse_storage_key(text);
    return key && (site.owns_url(key->origin) || site.owns_partition(key->top_level_site));
}

std::optional<std::string> origin_of_identifier(std::string_view identifier)
{
    const std::size_t first = identifier.find('_');
    const std::size_t last = identifier.rfind('_');
    if (first == std::string_view::npos || first == 0 || last <= first + 1 || !is_number(identifier.substr(last + 1)) ||
        identifier.size() - last > 6) {
        return std::nullopt;
    }
    std::string host(identifier.substr(first + 1, last - first - 1));
    if (host.starts_with('[') && host.ends_with(']')) {
        std::replace(host.begin(), host.end(), '_', ':');
    }
    std::string origin = std::string(identifier.substr(0, first)) + "://" + host;
    if (const std::string_view port = identifier.substr(last + 1); port != "0") {
        origin += ":" + std::string(port);
    }
    return is_origin(origin) ? std::optional(origin) : std::nullopt;
}

}  // namespace unstick
