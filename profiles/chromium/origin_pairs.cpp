// LevelDB databases in which a key is, or starts with, the origin that the pair is about.

#include <array>
#include <map>

#include "finders/leveldb_finder.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/storage_key.h"
#include "web/url.h"

namespace unstick {

namespace {

/// Finds pairs with keys `<family><origin or origin identifier>[\0<more>]`. Those that differ in the family alone are
/// one item.
Found find_pairs_of_origins(const fs::path& folder, const Site& site, std::span<const std::string_view> families,
                            std::string_view noun)
{
    Found found;
    look_into(folder, site, "", "", found, [&](const pairs::Reader& database) -> Result<void> {
        std::map<std::string, Item> items;
        for (const std::string_view family : families) {
            const auto seen = database.each(family, [&](std::string_view key, std::string_view value) {
                const std::string_view name = key.substr(family.size());
                const std::string_view owner = name.substr(0, name.find('\0'));
                const std::string origin = origin_of_identifier(owner).value_or(std::string(owner));
                if (!site.owns_url(origin)) {
                    return;
                }
                Item& item = items[std::string(name)];
                item.label = std::string(noun) + " of " + bare_url(origin);
                item.host = host_of(origin);
                item.bytes += key.size() + value.size();
                item.pieces.push_back(pair_piece(folder, key));
            });
            if (!seen) {
                return seen;
            }
        }
        for (auto& [name, item] : items) {
            found.items.push_back(std::move(item));
        }
        return {};
    });
    return found;
}

constexpr std::array<std::string_view, 1> whole_key{""};

}  // namespace

Found find_notifications(const fs::path& folder, const Site& site)
{
    constexpr std::array<std::string_view, 2> families{"DATA:", "RESOURCES:"};
    return find_pairs_of_origins(folder, site, families, "notification");
}

Found find_origin_trials(const fs::path& folder, const Site& site)
{
    return find_pairs_of_origins(folder, site, whole_key, "trial of browser features");
}

Found find_push_budgets(const fs::path& folder, const Site& site)
{
    return find_pairs_of_origins(folder, site, whole_key, "allowance for silent pushes");
}

}  // namespace unstick
