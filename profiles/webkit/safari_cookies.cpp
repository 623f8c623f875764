#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "containers/binary_cookies_file.h"
#include "containers/property_list.h"
#include "finders/listing.h"
#include "profiles/webkit/finders.h"

namespace unstick {

namespace {

/// Nothing but the characters of ASCII that are seen, and blanks.
bool is_plain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Item item_of(const fs::path& file, const binary_cookies::Record& record)
{
    const binary_cookies::Cookie& cookie = record.cookie;
    Item item;
    item.label = fmt::format("cookie {} of {}{}", cookie.name, cookie.domain, cookie.path == "/" ? "" : cookie.path);
    item.bytes = record.bytes.size();
    item.host = cookie.domain;
    item.name = cookie.name;
    item.created = cookie.created;
    item.expires = cookie.expires;
    item.traits = Cookie{
        .path = cookie.path,
        .changed = cookie.created,  // set again, it gets a new time
        .value_size = cookie.value_length,
        .secure = (cookie.flags & binary_cookies::secure) != 0,
        .invalid_octets = !is_plain(cookie.name) || !is_plain(binary_cookies::value_of(record)),
    };
    item.pieces.push_back({Medium::record, file.string(), {}, jars::key_of(record)});
    return item;
}

/// NSHTTPCookieAcceptPolicyNever: what Safari writes where its user blocks all cookies.
bool blocks_all(const binary_cookies::Jar& jar)
{
    constexpr std::uint64_t never = 1;
    const auto list = PropertyList::of_bytes(binary_cookies::property_list_of(jar), {});
    return list && list->number("NSHTTPCookieAcceptPolicy") == never;
}

}  // namespace

Found find_binary_cookies(const fs::path& file, const Site& site)
{
    Found found;
    if (is_empty_file(file)) {
        found.present = true;
        return found;
    }
    const auto jar = jars::read(file);
    if (!jar) {
        found.present = jar.error().code != Code::not_found;
        if (found.present) {
            found.problems.push_back(jar.error());
        }
        return found;
    }
    found.present = true;
    if (blocks_all(*jar)) {
        found.bans.push_back({CookieBan::By::setting, false, "Block all cookies"});
    }
    std::uint64_t with_more = 0;
    for (const auto& page : jar->pages) {
        for (const auto& record : page) {
            with_more += record.cookie.extra_length > 0 ? 1 : 0;
            if (site.owns_host(record.cookie.domain)) {
                found.items.push_back(item_of(file, record));
            }
        }
    }
    if (with_more > 0) {
        found.notes.push_back(fmt::format(
            "{} in {} {} bytes that unstick cannot read, maybe the site under which Safari keeps them apart: they "
            "were judged by their own domain.",
            count_of(with_more, "cookie", "cookies"), file.string(), with_more == 1 ? "has" : "have"));
    }
    return found;
}

}  // namespace unstick
