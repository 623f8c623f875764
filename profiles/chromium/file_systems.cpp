#include "base/text.h"
#include "finders/leveldb_finder.h"
#include "finders/listing.h"
#include "platform/files.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/storage_key.h"

namespace unstick {

Found find_file_systems(const fs::path& folder, const Site& site)
{
    constexpr std::string_view family = "ORIGIN:";
    const fs::path origins = folder / "Origins";
    Found found;
    look_into(origins, site, "", "", found, [&](const pairs::Reader& database) {
        // `ORIGIN:<origin identifier>` -> the number of its folder; LAST_PATH, the last number given, stays.
        return database.each(family, [&](std::string_view key, std::string_view number) {
            const auto origin = origin_of_identifier(key.substr(family.size()));
            if (!origin || !site.owns_url(*origin)) {
                return;
            }
            Item item;
            item.label = "files of " + *origin;
            item.host = host_of(*origin);
            item.bytes = key.size() + number.size();
            const std::string name(number);
            if (is_number(name)) {
                item.bytes += add_if_there(item, folder, name, files::Type::folder);
            }
            item.pieces.push_back(pair_piece(origins, key));
            found.items.push_back(std::move(item));
        });
    });
    return found;
}

}  // namespace unstick
