#include <fmt/format.h>

#include "finders/json_finder.h"
#include "profiles/chromium/finders.h"
#include "web/cookie_match.h"

namespace unstick {

namespace {

using json_file::Json;

/// CONTENT_SETTING_BLOCK of Chromium's content_settings.h.
constexpr int blocked = 2;
/// CookieControlsMode::kBlockThirdParty of its cookie_controls_enums.h.
constexpr int block_third_party = 1;

constexpr std::string_view exceptions = "/profile/content_settings/exceptions";

/// Which content settings are looked for: federated sign-in (FedCM: who is signed in at which provider), or all others.
enum class Which { sign_in, others };

Which which_is(std::string_view type)
{
    return type.starts_with("fedcm_") || type.starts_with("webid_") ? Which::sign_in : Which::others;
}

/// The host in one pattern: `https://app.example.com:443`, `[*.]example.com`, `https://[*.]example.com:443`. Empty for
/// `*` and for schemes that are not the web's.
std::string_view host_in_pattern(std::string_view pattern)
{
    constexpr std::string_view any_below = "[*.]";
    if (const auto url = split_url(pattern)) {
        if (url->scheme != "https" && url->scheme != "http" && url->scheme != "*") {
            return {};
        }
        pattern = url->authority;
    }
    if (pattern.starts_with(any_below)) {
        pattern.remove_prefix(any_below.size());
    }
    const std::size_t address = pattern.starts_with('[') ? pattern.find(']') : 0;
    return pattern.substr(0, pattern.find_first_of(":/", address));
}

/// Is the pattern about the site? One that names a port is about that port alone.
bool owns_pattern(const Site& site, std::string_view pattern)
{
    const std::string_view host = host_in_pattern(pattern);
    if (host.empty()) {
        return false;
    }
    const auto url = split_url(pattern);
    const std::string_view authority = url ? url->authority : pattern;
    const std::size_t end = authority.find(host) + host.size();
    const std::size_t colon = authority.find_first_not_of(']', end);
    if (colon == authority.npos || authority[colon] != ':') {
        return site.owns_host(host);
    }
    const auto owns_by = [&](std::string_view scheme) {
        const bool is_ip6 = host.find(':') != host.npos && !host.starts_with('[');
        return site.owns_url(
            fmt::format("{}://{}{}{}{}", scheme, is_ip6 ? "[" : "", host, is_ip6 ? "]" : "", authority.substr(colon)));
    };
    const bool says_scheme = url && url->scheme != "*";
    return says_scheme ? owns_by(url->scheme) : owns_by("https") || owns_by("http");
}

/// A pair of patterns, `<primary>,<secondary>`: whom it is about, and on whose pages.
struct Patterns {
    std::string_view primary;
    std::string_view secondary;
};

/// Both empty if it is no pair. A comma in a pattern (a file's name) makes it one that is not the web's.
Patterns patterns_in(std::string_view pair)
{
    const std::size_t comma = pair.find(',');
    if (comma == pair.npos || pair.find(',', comma + 1) != pair.npos) {
        return {};
    }
    return {pair.substr(0, comma), pair.substr(comma + 1)};
}

void add_exceptions(const Json& document, const fs::path& file, const Site& site, Which which, Found& found)
{
    const Json* types = json_file::find(document, exceptions);
    if (types == nullptr || !types->is_object()) {
        return;
    }
    for (const auto& [type, pairs] : types->items()) {
        if (which_is(type) != which || !pairs.is_object()) {
            continue;
        }
        for (const auto& [pair, value] : pairs.items()) {
            const auto [primary, secondary] = patterns_in(pair);
            const bool is_about_us = owns_pattern(site, primary);
            if (!is_about_us && !owns_pattern(site, secondary)) {
                continue;
            }
            Item item;
            item.name = type;
            const Json* const setting = json_file::find(value, "/setting");
            item.traits = SiteSetting{.blocks = setting != nullptr && *setting == blocked};
            item.host = host_in_pattern(is_about_us ? primary : secondary);
            item.label = "setting " + type + " of " + std::string(primary);
            if (secondary != "*") {
                item.label += " on " + std::string(secondary);
            }
            add_member(file, json_file::pointer_to(json_file::pointer_to(exceptions, type), pair), value,
                       std::move(item), found);
        }
    }
}

/// `partition.per_host_zoom_levels.<storage partition>.<host>`.
void add_zoom_levels(const Json& document, const fs::path& file, const Site& site, Found& found)
{
    constexpr std::string_view pointer = "/partition/per_host_zoom_levels";
    const Json* partitions = json_file::find(document, pointer);
    if (partitions == nullptr || !partitions->is_object()) {
        return;
    }
    for (const auto& [partition, hosts] : partitions->items()) {
        if (!hosts.is_object()) {
            continue;
        }
        for (const auto& [host, level] : hosts.items()) {
            if (site.owns_host(host)) {
                Item item;
                item.name = "zoom";
                item.host = host;
                item.label = "zoom of " + host;
                add_member(file, json_file::pointer_to(json_file::pointer_to(pointer, partition), host), level,
                           std::move(item), found);
            }
        }
    }
}

/// What forbids cookies to more than this site, and is therefore no item: how cookies are treated where no exception
/// says otherwise, and in frames of other sites.
void add_bans(const Json& document, const Site& site, Found& found)
{
    const Json* const by_default = json_file::find(document, "/profile/default_content_setting_values/cookies");
    const Json* const rules = json_file::find(document, std::string(exceptions) + "/cookies");
    bool has_own = false;
    if (rules != nullptr && rules->is_object()) {
        for (const auto& [pair, value] : rules->items()) {
            has_own = has_own || pattern_is_for(patterns_in(pair).primary, site.target().host);
        }
    }
    if (by_default != nullptr && *by_default == blocked && !has_own) {
        found.bans.push_back({CookieBan::By::setting, false, "block all cookies"});
    }
    const Json* const mode = json_file::find(document, "/profile/cookie_controls_mode");
    const Json* const third_party = json_file::find(document, "/profile/block_third_party_cookies");
    if ((mode != nullptr && *mode == block_third_party) || (third_party != nullptr && *third_party == true)) {
        found.bans.push_back({CookieBan::By::setting, true, "block third-party cookies"});
    }
}

}  // namespace

bool pattern_is_for(std::string_view pattern, std::string_view host)
{
    const std::string_view named = host_in_pattern(pattern);
    const bool below = pattern.find("[*.]") != pattern.npos;
    return pattern == "*" || (!named.empty() && is_for((below ? "." : "") + std::string(named), "/", host, {}));
}

Found find_site_settings(const fs::path& file, const Site& site)
{
    Found found;
    if (const auto document = read_json(file, found)) {
        add_exceptions(*document, file, site, Which::others, found);
        add_zoom_levels(*document, file, site, found);
        add_bans(*document, site, found);
    }
    return found;
}

Found find_federated_sign_in(const fs::path& file, const Site& site)
{
    Found found;
    if (const auto document = read_json(file, found)) {
        add_exceptions(*document, file, site, Which::sign_in, found);
    }
    return found;
}

}  // namespace unstick
