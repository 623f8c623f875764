#include "profiles/chromium/storage_key.h"

#include "base/text.h"

namespace unstick {

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

}  // namespace unstick
