#pragma once
// HOST:PORT:ADDRESS, as --resolve takes it: one connection goes elsewhere than the names' system says.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "web/url.h"

namespace unstick {

struct ResolveEntry {
    std::string host;                    ///< canonical (IPv6 without brackets), or "*" for every host
    std::uint16_t port = 0;              ///< never 0
    std::vector<std::string> addresses;  ///< IP addresses in canonical form, IPv6 without brackets; at least one

    /// Does it say where to connect for this address?
    bool applies_to(const Url& url) const;

    /// "HOST:PORT:ADDRESS[,ADDRESS]" with IPv6 in brackets: what HttpOptions::resolve takes.
    std::string text() const;

    /// As a rule of Chromium's --host-resolver-rules, which knows one address: "MAP HOST:PORT ADDRESS".
    std::string rule() const;
};

/// Reads what curl's --resolve takes: HOST:PORT:ADDRESS[,ADDRESS]; IPv6 as host in brackets, as address with or
/// without;
/// "*" is every host. A '+' in front, with which curl lets an entry age, says nothing here.
/// Errors: Code::usage with what is wrong.
Result<ResolveEntry> parse_resolve_entry(std::string_view text);

}  // namespace unstick
