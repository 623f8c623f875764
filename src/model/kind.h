#pragma once
// The kinds of data that a user can choose (docs/cli.md). A store belongs to exactly one.

#include <array>
#include <optional>
#include <set>
#include <string_view>

namespace unstick {

enum class Kind { cookies, cache, storage, auth, passwords, network, permissions };

struct KindInfo {
    Kind kind;
    std::string_view name;   ///< as on the command line and in JSON
    std::string_view label;  ///< as in the text report
    bool by_default;         ///< removed without being named
};

inline constexpr std::array<KindInfo, 7> kinds{{
    {Kind::cookies, "cookies", "cookies", true},
    {Kind::cache, "cache", "cached files", true},
    {Kind::storage, "storage", "site storage", true},
    {Kind::auth, "auth", "saved sign-ins sent by the browser itself", true},
    {Kind::passwords, "passwords", "saved form logins", false},
    {Kind::network, "network", "network memory (HSTS, Alt-Svc)", false},
    {Kind::permissions, "permissions", "site settings", false},
}};

constexpr const KindInfo& info(Kind kind)
{
    return kinds[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kind_named(std::string_view name);

std::set<Kind> all_kinds();
std::set<Kind> default_kinds();

}  // namespace unstick
