#include "profiles/gecko/origin.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace unstick::gecko {

namespace {

std::optional<unsigned> hex_digit(char c)
{
    const char small = to_lower(c);
    return c >= '0' && c <= '9'           ? std::optional(static_cast<unsigned>(c - '0'))
           : small >= 'a' && small <= 'f' ? std::optional(static_cast<unsigned>(small - 'a' + 10))
                                          : std::nullopt;
}

template <class Number>
std::optional<Number> number_in(std::string_view text)
{
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return is_number(text) && error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                                       : std::nullopt;
}

/// The first part up to a mark; `text` is what stands behind it, empty if there is no more.
std::string_view next_part(std::string_view& text, char mark)
{
    const std::string_view part = text.substr(0, text.find(mark));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

void set_attribute(OriginAttributes& attributes, std::string_view key, std::string_view value)
{
    if (key == "userContextId" || key == "geckoViewUserContextId") {
        // The other one is a text: whatever it says, it is no ordinary tab.
        attributes.container = number_in<std::uint32_t>(value).value_or(1);
    } else if (key == "partitionKey") {
        attributes.partition_site = site_of_partition_key(percent_decoded(value));
    } else if (key == "firstPartyDomain") {
        attributes.first_party_domain = percent_decoded(value);
    } else if (key == "privateBrowsingId") {
        attributes.is_private = value != "0";
    }
}

/// "scheme", "host[:port]" with this mark before the port.
std::optional<Origin> origin_of(std::string_view scheme, std::string_view authority, char mark)
{
    Origin origin;
    origin.scheme = lower(scheme);
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.find(mark, bracket == authority.npos ? 0 : bracket);
    origin.host = lower(authority.substr(0, colon));
    if (colon != authority.npos) {
        const auto port = number_in<std::uint16_t>(authority.substr(colon + 1));
        if (!port) {
            return std::nullopt;
        }
        origin.port = *port;
    }
    return origin.scheme.empty() || origin.host.empty() ? std::nullopt : std::optional(origin);
}

/// Without what older versions put in front: the number of an application and whether it is a browser's element.
std::string_view without_old_prefix(std::string_view name)
{
    std::string_view rest = name;
    const std::string_view number = next_part(rest, '+');
    const std::string_view flag = next_part(rest, '+');
    return is_number(number) && (flag == "t" || flag == "f") ? rest : name;
}

}  // namespace

std::string percent_decoded(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
        const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
        if (low) {
            plain += static_cast<char>(*high * 16 + *low);
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

std::string Origin::text() const
{
    return scheme + "://" + host + (port == 0 ? "" : ":" + std::to_string(port));
}

std::string site_of_partition_key(std::string_view key)
{
    if (!key.starts_with('(') || !key.ends_with(')')) {
        return {};
    }
    std::string_view rest = key.substr(1, key.size() - 2);
    const std::string_view scheme = next_part(rest, ',');
    const std::string_view host = next_part(rest, ',');
    return scheme.empty() || host.empty() ? std::string() : lower(scheme) + "://" + lower(host);
}

std::optional<OriginAttributes> parse_suffix(std::string_view suffix)
{
    OriginAttributes attributes;
    if (suffix.empty()) {
        return attributes;
    }
    if (!suffix.starts_with('^') || suffix.find('=') == suffix.npos) {
        return std::nullopt;
    }
    for (std::string_view rest = suffix.substr(1); !rest.empty();) {
        std::string_view value = next_part(rest, '&');
        const std::string_view key = next_part(value, '=');
        set_attribute(attributes, key, value);
    }
    return attributes;
}

std::optional<Origin> parse_origin(std::string_view text)
{
    const std::size_t caret = std::min(text.find('^'), text.size());
    const auto attributes = parse_suffix(text.substr(caret));
    const std::string_view plain = text.substr(0, caret);
    if (!attributes || !is_origin(plain)) {
        return std::nullopt;
    }
    const std::size_t mark = plain.find("://");
    auto origin = origin_of(plain.substr(0, mark), plain.substr(mark + 3), ':');
    if (origin) {
        origin->attributes = *attributes;
    }
    return origin;
}

std::optional<Origin> parse_origin_folder(std::string_view name)
{
    const std::size_t caret = std::min(name.find('^'), name.size());
    const auto attributes = parse_suffix(name.substr(caret));
    const std::string_view plain = without_old_prefix(name.substr(0, caret));
    const std::size_t mark = plain.find("+++");
    if (!attributes || mark == plain.npos || plain.substr(0, mark).find('+') != plain.npos) {
        return std::nullopt;
    }
    std::string authority(plain.substr(mark + 3));
    if (const std::size_t bracket = authority.find(']'); authority.starts_with('[') && bracket != authority.npos) {
        std::replace(authority.begin(), authority.begin() + static_cast<std::ptrdiff_t>(bracket), '+', ':');
    }
    auto origin = origin_of(plain.substr(0, mark), authority, '+');
    if (!origin || !is_origin(origin->text())) {
        return std::nullopt;
    }
    origin->attributes = *attributes;
    return origin;
}

bool owns_attributes(const Site& site, const OriginAttributes& attributes)
{
    return site.owns_partition(attributes.partition_site) ||
           (!attributes.first_party_domain.empty() && site.owns_partition("https://" + attributes.first_party_domain));
}

bool owns(const Site& site, const Origin& origin)
{
    return site.owns_url(origin.text()) || owns_attributes(site, origin.attributes);
}

bool owns_suffix(const Site& site, std::string_view suffix)
{
    const auto attributes = parse_suffix(suffix);
    return attributes && owns_attributes(site, *attributes);
}

bool owns_origin(const Site& site, std::string_view text)
{
    const auto origin = parse_origin(text);
    return origin && owns(site, *origin);
}

std::string partition_of(const OriginAttributes& attributes)
{
    std::string partition = attributes.partition_site;
    const auto add = [&](const std::string& what) { partition += (partition.empty() ? "" : " in ") + what; };
    if (!attributes.first_party_domain.empty()) {
        add("first party " + attributes.first_party_domain);
    }
    if (attributes.container != 0) {
        add("container " + std::to_string(attributes.container));
    }
    if (attributes.is_private) {
        add("a private window");
    }
    return partition;
}

std::string partition_of_suffix(std::string_view suffix)
{
    const auto attributes = parse_suffix(suffix);
    return attributes ? partition_of(*attributes) : std::string();
}

}  // namespace unstick::gecko
