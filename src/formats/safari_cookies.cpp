#include <fmt/format.h>

#include "../media/jars.h"
#include "../text.h"
#include "finders.h"

namespace unstick {

namespace {

Item item_of(const fs::path& file, const binary_cookies::Record& record)
{
    const binary_cookies::Cookie& cookie = record.cookie;
    Item item;
    item.label = fmt::format("cookie {} of {}{}", cookie.name, cookie.domain, cookie.path == "/" ? "" : cookie.path);
    item.bytes = record.bytes.size();
    item.host = cookie.domain;
    item.name = cookie.name;
    item.path = cookie.path;
    item.created = cookie.created;
    item.expires = cookie.expires;
    item.changed = cookie.created;  // set again, it gets a new time
    item.type = ItemType::cookie;
    item.value_size = cookie.value_length;
    item.secure = (cookie.flags & binary_cookies::secure) != 0;
    item.pieces.push_back({Medium::record, file.string(), {}, jars::key_of(record)});
    return item;
}

}  // namespace

Found find_binary_cookies(const fs::path& file, const Site& site)
{
    Found found;
    const auto jar = jars::read(file);
    if (!jar) {
        found.present = jar.error().code != Code::not_found;
        if (found.present) {
            found.problems.push_back(jar.error());
        }
        return found;
    }
    found.present = true;
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
