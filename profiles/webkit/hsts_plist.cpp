#include <fmt/format.h>

#include "base/epoch.h"
#include "containers/property_list.h"
#include "finders/listing.h"
#include "profiles/webkit/finders.h"

namespace unstick {

namespace {

/// What never expires is infinite or 2^63.
std::optional<std::int64_t> time_of(std::optional<double> seconds)
{
    return seconds ? from_seconds_since_2001(*seconds) : std::nullopt;
}

}  // namespace

Found find_hsts_plist(const fs::path& file, const Site& site)
{
    constexpr std::uint64_t known_version = 3;
    Found found;
    if (is_empty_file(file)) {
        found.present = true;
        return found;
    }
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
    // The form before, of about 2013: its version stands among the hosts, and the list has another one.
    if (version.value_or(known_version) < known_version || list->number("hstsd Disk Storage Schema Version")) {
        found.notes.push_back(
            fmt::format("{} is of an older system, and none of today reads it: it was left.", file.string()));
        return found;
    }
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
            item.traits = Hsts{};
            item.host = host;
            item.label = "order to use HTTPS for " + host;
            item.created = time_of(list->number_of(session, host, "Create Time"));
            item.expires = time_of(list->number_of(session, host, "Expiry"));
            item.bytes = host.size() + list->value(session, host).value_or("").size();
            item.pieces.push_back({Medium::plist, file.string(), session, host});
            found.items.push_back(std::move(item));
        }
    }
    if (!found.items.empty()) {
        // What Mac administrators do; when it ends by itself nobody says.
        found.notes.emplace_back(
            "macOS may keep what HSTS.plist says in memory, in its process nsurlstoraged. Before you open Safari again "
            "end that (the system starts it anew when it is needed): killall nsurlstoraged");
    }
    return found;
}

}  // namespace unstick
