#include <map>
#include <set>

#include "base/text.h"
#include "finders/leveldb_finder.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/storage_key.h"

namespace unstick {

namespace {

/// A name in session storage, UTF-16LE, as far as it is ASCII: all that rules compare it with is.
std::string narrow(std::string_view wide)
{
    constexpr std::size_t longest = 120;
    std::string text;
    for (std::size_t i = 0; i + 1 < wide.size() && text.size() < longest; i += 2) {
        const bool ascii = wide[i + 1] == '\0' && static_cast<unsigned char>(wide[i]) < 0x80;
        text += ascii ? wide[i] : '?';
    }
    return text;
}

}  // namespace

Found find_session_storage(const fs::path& folder, const Site& site)
{
    constexpr std::string_view namespaces = "namespace-";
    constexpr std::size_t id_size = 36;  // a GUID with '_' for '-'
    Found found;
    look_into(folder, site, "version", "1", found, [&](const pairs::Reader& database) -> Result<void> {
        // `namespace-<tab's id>-<storage key>` names a map; `map-<map>-<name>` are its entries. A map is shared by the
        // tabs that were cloned from each other.
        std::map<std::pair<std::string, std::string>, Item> by_map;  // by storage key and map
        std::set<std::string> kept_maps;
        const auto seen = database.each(namespaces, [&](std::string_view key, std::string_view map) {
            const std::size_t dash = namespaces.size() + id_size;
            const std::string_view owner =
                key.size() > dash && key[dash] == '-' ? key.substr(dash + 1) : std::string_view();
            if (!owns_storage_key(site, owner)) {
                kept_maps.emplace(map);
                return;
            }
            Item& item = by_map[{std::string(owner), std::string(map)}];
            item.bytes += key.size() + map.size();
            item.pieces.push_back(pair_piece(folder, key));
        });
        if (!seen) {
            return seen;
        }
        for (auto& [owner_and_map, item] : by_map) {
            const auto& [owner, map] = owner_and_map;
            const auto parsed = parse_storage_key(owner);
            item.host = host_of(parsed->origin);
            item.partition = parsed->top_level_site;
            item.label = "tab's storage of " + parsed->origin;
            TabStorage storage;
            if (is_number(map) && !kept_maps.contains(map)) {
                const std::string family = "map-" + map + "-";
                auto entries =
                    database.each(family, [&, &entry_item = item](std::string_view key, std::string_view value) {
                        entry_item.bytes += key.size() + value.size();
                        storage.names.push_back(narrow(key.substr(family.size())));
                        entry_item.pieces.push_back(pair_piece(folder, key));
                    });
                if (!entries) {
                    return entries;
                }
            }
            item.traits = std::move(storage);
            found.items.push_back(std::move(item));
        }
        return {};
    });
    return found;
}

}  // namespace unstick
