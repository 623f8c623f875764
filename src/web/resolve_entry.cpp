#include "web/resolve_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "platform/ip.h"

namespace unstick {

namespace {

constexpr std::string_view every_host = "*";

std::string bracketed(const std::string& host)
{
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

/// Takes what stands before the next ':' off the text, and the ':'; all of it if there is none. The colons of an
/// IPv6 address in brackets are its own.
std::string_view take_part(std::string_view& text)
{
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
    const std::string_view part = text.substr(0, text.find(':', bracket));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

/// 0 for what is no port.
std::uint16_t port_in(std::string_view digits)
{
    std::uint16_t port = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return code == std::errc() && end == digits.data() + digits.size() ? port : std::uint16_t{0};
}

/// Empty for what is no IP address.
std::string ip_address_in(std::string_view text)
{
    if (text.starts_with('[') && text.ends_with(']')) {
        return ip_text(Ip::v6, std::string(text.substr(1, text.size() - 2)));
    }
    const std::string address = ip_text(Ip::v4, std::string(text));
    return address.empty() ? ip_text(Ip::v6, std::string(text)) : address;
}

}  // namespace

bool ResolveEntry::applies_to(const Url& url) const
{
    return (host == every_host || host == url.host) && port == url.port_number();
}

std::string ResolveEntry::text() const
{
    std::string text = fmt::format("{}:{}:", bracketed(host), port);
    for (const std::string& address : addresses) {
        text += (text.ends_with(':') ? "" : ",") + bracketed(address);
    }
    return text;
}

std::string ResolveEntry::rule() const
{
    return fmt::format("MAP {}:{} {}", bracketed(host), port, bracketed(addresses.front()));
}

Result<ResolveEntry> parse_resolve_entry(std::string_view text)
{
    const auto wrong = [&](std::string_view what) {
        return fail(Code::usage, printable(text),
                    fmt::format("'{}' is not HOST:PORT:ADDRESS: {}", printable(text), what),
                    "for example: --resolve example.com:443:192.0.2.1");
    };
    std::string_view rest = text.substr(text.starts_with('+') ? 1 : 0);
    const std::string_view host = take_part(rest);
    const std::string_view port = take_part(rest);
    ResolveEntry entry;
    if (host == every_host) {
        entry.host = host;
    } else if (auto name = canonical_host(host); name) {
        entry.host = std::move(*name);
    } else {
        return wrong(name.error().what);
    }
    entry.port = port_in(port);
    if (entry.port == 0) {
        return wrong("the port has to be a number from 1 to 65535");
    }
    for (bool more = true; more;) {
        const std::size_t comma = rest.find(',');
        std::string address = ip_address_in(rest.substr(0, comma));
        if (address.empty()) {
            return wrong("the address has to be an IP address");
        }
        entry.addresses.push_back(std::move(address));
        more = comma != std::string_view::npos;
        rest.remove_prefix(more ? comma + 1 : 0);
    }
    return entry;
}

}  // namespace unstick
