#include "storage_key.h"

#include <algorithm>

namespace unstick {

namespace {

bool is_digits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "scheme://something" without a path.
bool is_origin(std::string_view text)
{
    const std::size_t colon = text.find("://");
    return colon != std::string_view::npos && colon > 0 && text.size() > colon + 3 &&
           text.find('/', colon + 3) == std::string_view::npos;
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
            return is_digits(rest.substr(1)) ? std::optional(key) : std::nullopt;
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
    if (first == std::string_view::npos || first == 0 || last <= first + 1 || !is_digits(identifier.substr(last + 1)) ||
        identifier.size() - last > 6) {
        return std::nullopt;
    }
    std::string host(identifier.substr(first + 1, last - first - 1));
    if (host.find('/') != std::string::npos) {
        return std::nullopt;
    }
    if (host.starts_with('[') && host.ends_with(']')) {
        std::replace(host.begin(), host.end(), '_', ':');
    }
    std::string origin = std::string(identifier.substr(0, first)) + "://" + host;
    if (const std::string_view port = identifier.substr(last + 1); port != "0") {
        origin += ":" + std::string(port);
    }
    return origin;
}

}  // namespace unstick
