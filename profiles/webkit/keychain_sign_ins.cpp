// Sign-ins in a keychain of macOS (docs/formats-safari.md, "Keychain"). Other programs keep theirs there too: only what
// says of itself that it is a web browser's is taken.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "containers/keychain.h"
#include "platform/files.h"
#include "profiles/webkit/finders.h"
#include "web/url.h"

namespace unstick {

namespace {

using keychain::Entry;

// Security/SecBase.h: Basic, Digest, NTLM. "dflt" is what git, Docker and others call their tokens.
constexpr std::array<std::string_view, 3> sent_by_itself{"http", "httd", "ntlm"};
constexpr std::array<std::string_view, 1> typed_into_forms{"form"};

/// "https://host:port", if it is for the web at all.
std::optional<std::string> origin_of(const Entry& entry)
{
    const std::string protocol = entry.value("ptcl").value_or("");
    if (protocol != "htps" && protocol != "http") {
        return std::nullopt;
    }
    const std::string host = entry.value("srvr").value_or("");
    const auto url = parse_url(fmt::format("{}://{}:{}/", protocol == "htps" ? "https" : "http",
                                           host.find(':') == host.npos ? host : "[" + host + "]",
                                           entry.port() != 0    ? entry.port()
                                           : protocol == "htps" ? 443
                                                                : 80));
    return url ? std::optional(url->origin()) : std::nullopt;
}

Found find_kinds(const fs::path& keychain, const Site& site, Programs& programs,
                 std::span<const std::string_view> kinds, std::string_view noun)
{
    Found found;
    if (const auto info = files::info(keychain); !info) {
        if (info.error().code != Code::not_found) {
            found.problems.push_back(info.error());
        }
        return found;
    }
    found.present = true;
    const auto entries = keychain::list(programs, keychain);
    if (!entries && entries.error().code == Code::not_found) {
        found.notes.emplace_back(
            "Sign-ins in the login keychain can be looked at on that Mac only: run unstick there.");
        return found;
    }
    if (!entries) {
        found.problems.push_back(entries.error());
        return found;
    }
    for (const Entry& entry : *entries) {
        const auto origin = origin_of(entry);
        const std::string kind = entry.value("atyp").value_or("");
        if (!origin || !site.owns_url(*origin) || std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
            continue;
        }
        const std::string realm = entry.value("sdmn").value_or("");
        Item item;
        item.host = host_of(*origin);
        item.label = fmt::format("{} of {}/{}", noun, *origin, realm);
        if (kind != "form") {
            item.traits = HttpLogin{*origin, realm};
        }
        item.pieces.push_back({Medium::keychain, keychain.string(), {}, entry.primary_key()});
        found.items.push_back(std::move(item));
    }
    if (!found.items.empty()) {
        found.notes.emplace_back(
            "Before a saved sign-in leaves the keychain, macOS asks you whether unstick may read it: so that it can be "
            "put back.");
    }
    return found;
}

}  // namespace

Found find_keychain_http(const fs::path& keychain, const Site& site, Programs& programs)
{
    return find_kinds(keychain, site, programs, sent_by_itself, "saved sign-in");
}

Found find_keychain_forms(const fs::path& keychain, const Site& site, Programs& programs)
{
    Found found = find_kinds(keychain, site, programs, typed_into_forms, "saved form login");
    if (found.present) {
        found.notes.emplace_back(
            "Passwords that macOS keeps for iCloud cannot be reached by other programs: the Passwords app shows and "
            "removes them.");
    }
    return found;
}

}  // namespace unstick
