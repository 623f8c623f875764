#include <cmath>

#include "../media/property_list.h"
#include "finders.h"

namespace unstick {

namespace {

/// Seconds since 2001 as Unix seconds; nothing for what never expires, which is infinite or 2^63.
std::optional<std::int64_t> time_of(std::optional<double> seconds)
{
    constexpr double farthest = 1e12;
    constexpr std::int64_t year_2001 = 978307200;
    const bool is_time = seconds && std::abs(*seconds) < farthest;
    return is_time ? std::optional(static_cast<std::int64_t>(*seconds) + year_2001) : std::nullopt;
}

}  // namespace

Found find_hsts_plist(const fs::path& file, const Site& site)
{
    constexpr std::uint64_t known_version = 3;
    Found found;
    const auto list = PropertyList::read(file);
    found.present = list || list.error().code != Code::not_found;
    if (!list) {
        if (found.present) {
            found.problems.push_back(list.error());
        }
        return found;
    }
    const auto version = list->number("HSTS Store Schema Version");
    found.version = version ? std::to_string(*version) : "";
    if (version != known_version) {
        found.problems.push_back({Code::unsupported, file.string(),
                                  "the version of its layout is not known to this unstick",
                                  "nothing in it was touched; a newer unstick may know it"});
        return found;
    }
    for (const std::string& session : list->dictionaries()) {
        for (const std::string& host : list->names_in(session)) {
            if (!site.owns_host(host)) {
                continue;
            }
            Item item;
            item.type = ItemType::https_only;
            item.host = host;
            item.label = "order to use HTTPS for " + host;
            item.created = time_of(list->number_of(session, host, "Create Time"));
            item.expires = time_of(list->number_of(session, host, "Expiry"));
            item.bytes = host.size() + list->value(session, host).value_or("").size();
            item.pieces.push_back({Medium::plist, file.string(), session, host});
            found.items.push_back(std::move(item));
        }
    }
    return found;
}

}  // namespace unstick
