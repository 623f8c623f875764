#include "url.h"

#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "ip.h"
#include "text.h"

namespace unstick {

namespace {

constexpr std::size_t longest_host = 253;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_url = 65536;

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
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || text.substr(colon, 3) != "://") {
        return bad(text, "this is not a URL of the web", "it has to start with https:// or http://");
    }
    Url url;
    url.scheme = lower(text.substr(0, colon));
    if (url.scheme != "http" && url.scheme != "https") {
        return bad(text, fmt::format("'{}:' is not a scheme of web sites", printable(url.scheme)),
                   "give a site's name or an https:// address");
    }
    std::string_view rest = text.substr(colon + 3);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, end);
    rest.remove_prefix(end);
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
    auto host = canonical_host(authority);
    if (!host) {
        return tl::unexpected<Error>(host.error());
    }
    url.host = std::move(*host);
    const std::string_view path = rest.substr(0, rest.find('#'));
    url.path = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
    return url;
}

std::string_view host_of(std::string_view url)
{
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) {
        return {};
    }
    std::string_view host = url.substr(colon + 3);
    host = host.substr(0, host.find_first_of("/?#\\"));
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
        host.remove_prefix(at + 1);
    }
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

bool is_this_computer(std::string_view host)
{
    const bool is_address = host.find_first_not_of("0123456789.") == host.npos;
    return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
           (is_address && host.starts_with("127."));
}

std::string bare_url(std::string_view url)
{
    const auto plain = url.substr(0, url.find_first_of("?#"));
    const std::size_t scheme = plain.find("://");
    if (scheme == plain.npos) {
        return std::string(plain);
    }
    const auto rest = plain.substr(scheme + 3);
    const std::size_t at = rest.substr(0, rest.find('/')).rfind('@');
    return std::string(plain.substr(0, scheme + 3)) + std::string(rest.substr(at == rest.npos ? 0 : at + 1));
}

}  // namespace unstick
