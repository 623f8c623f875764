#include "web/url.h"

#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "base/text.h"
#include "platform/ip.h"
#include "web/masking.h"

namespace unstick {

namespace {

constexpr std::size_t longest_host = 253;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_url = 65536;

/// How much of a text comes before the first such character. Not find_first_of, which calls a function for each
/// character: keys of caches are asked this by the ten thousand.
template <class Is>
std::size_t length_until(std::string_view text, const Is& is)
{
    return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is) - text.begin());
}

bool begins_query_or_fragment(char c)
{
    return c == '?' || c == '#';
}

std::uint16_t default_port(std::string_view scheme)
{
    return scheme == "https" || scheme == "wss" ? 443 : 80;
}

tl::unexpected<Error> bad(std::string_view text, std::string what, std::string hint = {})
{
    if (hint.empty()) {
        hint = "a site is given as example.com or https://example.com/login";
    }
    return fail(Code::usage, printable(text.substr(0, 80)), std::move(what), std::move(hint));
}

bool has_control_or_space(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool is_letter(char c)
{
    return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

/// Browsers read a host whose last label is a number as an IPv4 address, also in odd forms (127.1, 0x7f.1).
bool looks_like_number(std::string_view label)
{
    if (label.empty()) {
        return false;
    }
    const bool hexadecimal = label.size() > 1 && label[0] == '0' && to_lower(label[1]) == 'x';
    return hexadecimal || std::all_of(label.begin(), label.end(), is_digit);
}

Result<std::string> to_punycode(std::string_view host)
{
    char* output = nullptr;
    const int code = idn2_to_ascii_8z(std::string(host).c_str(), &output, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    const std::unique_ptr<char, void (*)(void*)> owner(output, idn2_free);
    if (code != IDN2_OK) {
        return bad(host, fmt::format("the host name cannot be an international domain name: {}", idn2_strerror(code)));
    }
    return std::string(output);
}

Result<std::string> checked_name(std::string_view text, std::string name)
{
    if (name.ends_with('.')) {
        name.pop_back();
    }
    if (name.empty() || name.size() > longest_host) {
        return bad(text, name.empty() ? "the host name is empty" : "the host name is longer than 253 characters");
    }
    std::string_view rest = name;
    std::string_view label;
    while (true) {
        const std::size_t dot = rest.find('.');
        label = rest.substr(0, dot);
        if (label.empty()) {
            return bad(text, "the host name has an empty part (two dots in a row, or one at the start)");
        }
        if (label.size() > longest_label) {
            return bad(text, "a part of the host name is longer than 63 characters");
        }
        for (const char c : label) {
            if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_') {
                return bad(text, fmt::format("'{}' cannot be in a host name", printable(std::string_view(&c, 1))));
            }
        }
        if (dot == std::string_view::npos) {
            break;
        }
        rest.remove_prefix(dot + 1);
    }
    if (looks_like_number(label)) {
        const std::string address = ip_text(Ip::v4, name);
        if (address.empty()) {
            return bad(text, "this looks like an IP address, but is not one in its usual form",
                       "write all four numbers: 127.0.0.1");
        }
        return address;
    }
    return name;
}

}  // namespace

std::string Url::origin() const
{
    const bool ip6 = host.find(':') != std::string::npos;
    std::string text = scheme + "://" + (ip6 ? "[" + host + "]" : host);
    if (port != 0) {
        text += ":" + std::to_string(port);
    }
    return text;
}

std::uint16_t Url::port_number() const
{
    return port != 0 ? port : default_port(scheme);
}

std::string Url::text() const
{
    return origin() + path;
}

Result<std::string> canonical_host(std::string_view host)
{
    if (has_control_or_space(host)) {
        return bad(host, "a host name cannot hold spaces or control characters");
    }
    if (host.starts_with('[') || host.find(':') != std::string_view::npos) {
        std::string_view inner = host;
        if (inner.starts_with('[')) {
            if (!inner.ends_with(']')) {
                return bad(host, "the closing ']' of the IPv6 address is missing");
            }
            inner = inner.substr(1, inner.size() - 2);
        }
        std::string address = ip_text(Ip::v6, std::string(inner));
        if (address.empty()) {
            return bad(host, "this is not an IPv6 address");
        }
        return address;
    }
    if (host.size() > 4 * longest_host) {
        return bad(host, "the host name is longer than 253 characters");
    }
    if (is_ascii(host) && lower(host).find("xn--") == std::string::npos) {
        return checked_name(host, lower(host));
    }
    return to_punycode(host).and_then([&](const std::string& name) { return checked_name(host, lower(name)); });
}

Result<Url> parse_url(std::string_view text)
{
    if (text.size() > longest_url) {
        return bad(text, "the URL is too long");
    }
    if (has_control_or_space(text)) {
        return bad(text, "a URL cannot hold spaces or control characters");
    }
    if (text.find('\\') != std::string_view::npos) {
        return bad(text, "a URL has forward slashes only");
    }
    const auto parts = split_url(text);
    if (!parts || parts->scheme.find(':') != std::string_view::npos) {
        return bad(text, "this is not a URL of the web", "it has to start with https:// or http://");
    }
    Url url;
    url.scheme = lower(parts->scheme);
    if (url.scheme != "http" && url.scheme != "https") {
        return bad(text, fmt::format("'{}:' is not a scheme of web sites", printable(url.scheme)),
                   "give a site's name or an https:// address");
    }
    std::string_view authority = parts->authority;
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        authority.remove_prefix(at + 1);  // user names and passwords are none of our business
    }
    const std::size_t bracket = authority.rfind(']');
    if (authority.starts_with('[') && bracket == std::string_view::npos) {
        return bad(text, "the closing ']' of the IPv6 address is missing");
    }
    const std::size_t port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (port != std::string_view::npos) {
        const std::string_view digits = authority.substr(port + 1);
        unsigned number = 0;
        const auto [parsed, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (!digits.empty() &&
            (code != std::errc() || parsed != digits.data() + digits.size() || number == 0 || number > 65535)) {
            return bad(text, "the port has to be a number from 1 to 65535");
        }
        url.port = number == default_port(url.scheme) ? std::uint16_t{0} : static_cast<std::uint16_t>(number);
        authority = authority.substr(0, port);
    }
    if (authority.empty()) {
        return bad(text, "the host name is missing");
    }
    TRY_ASSIGN(auto host, canonical_host(authority));
    url.host = std::move(host);
    const std::string_view path = parts->rest.substr(0, parts->rest.find('#'));
    url.path = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
    return url;
}

std::optional<UrlParts> split_url(std::string_view url)
{
    constexpr std::string_view mark = "://";
    const std::size_t end = url.find(mark);
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = url.substr(end + mark.size());
    const std::size_t path = length_until(rest, [](char c) { return c == '/' || c == '?' || c == '#'; });
    return UrlParts{url.substr(0, end), rest.substr(0, path), rest.substr(path)};
}

std::string_view host_of(std::string_view url)
{
    const auto parts = split_url(url);
    if (!parts) {
        return {};
    }
    std::string_view host = parts->authority.substr(0, parts->authority.find('\\'));
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
        host.remove_prefix(at + 1);
    }
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

std::uint16_t port_of(std::string_view url)
{
    const auto parts = split_url(url);
    if (!parts) {
        return 0;
    }
    std::string_view authority = parts->authority.substr(0, parts->authority.find('\\'));
    const std::size_t host = std::min(authority.rfind('@') + 1, authority.size());  // npos + 1 is 0
    authority.remove_prefix(host);
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    const std::size_t colon = bracket == authority.npos ? bracket : authority.find(':', bracket);
    if (colon == authority.npos || colon + 1 == authority.size()) {
        return default_port(lower(parts->scheme));
    }
    std::uint16_t port = 0;
    const char* const end = authority.data() + authority.size();
    const auto [parsed, code] = std::from_chars(authority.data() + colon + 1, end, port);
    return code == std::errc() && parsed == end ? port : std::uint16_t{0};
}

bool is_this_computer(std::string_view host)
{
    const bool is_address = host.find_first_not_of("0123456789.") == host.npos;
    return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
           (is_address && host.starts_with("127."));
}

std::string bare_url(std::string_view url)
{
    const auto plain = url.substr(0, length_until(url, begins_query_or_fragment));
    const auto parts = split_url(plain);
    if (!parts) {
        return shown_path_of_url(plain);
    }
    const std::size_t at = parts->authority.rfind('@');
    return fmt::format("{}://{}{}", parts->scheme, parts->authority.substr(at == plain.npos ? 0 : at + 1),
                       shown_path_of_url(parts->rest));
}

std::string bare_address(std::string_view url)
{
    const std::string_view rest = url.substr(length_until(url, begins_query_or_fragment));
    return bare_url(url) + (rest.starts_with('?') ? "?" : "");
}

bool is_origin(std::string_view text)
{
    const auto parts = split_url(text);
    if (!parts || parts->scheme.empty() || !parts->rest.empty()) {
        return false;
    }
    const std::string_view authority = parts->authority;
    if (authority.find_first_of("\\@") != std::string_view::npos ||
        std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; })) {
        return false;
    }
    const std::string_view host = host_of(text);
    const std::size_t brackets = authority.starts_with('[') ? 2 : 0;
    const std::string_view port = host.empty() ? "" : authority.substr(host.size() + brackets);
    return !host.empty() && (port.empty() || (port.front() == ':' && is_number(port.substr(1))));
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
