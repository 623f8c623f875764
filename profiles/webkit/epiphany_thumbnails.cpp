// Pictures of pages that GNOME Web shows on a new tab: `thumbnails/<MD5 of the address>.jpg`, before version 44 `.png`
// (Epiphany's source, lib/ephy-snapshot-service.c; files of Epiphany 43). A picture does not say of which page it is:
// the addresses are those in the history, which is only read.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "finders/listing.h"
#include "finders/sql_finder.h"
#include "platform/files.h"
#include "profiles/webkit/finders.h"
#include "web/url.h"

namespace unstick {

namespace {

/// The history of the profile whose cache holds these pictures: of one in a folder of its own, in a flatpak, and at the
/// usual place. Nothing if it is at none of them.
std::optional<fs::path> history_of(const fs::path& pictures)
{
    constexpr std::array<std::string_view, 3> ways{"../..", "../../../data/epiphany", "../../../.local/share/epiphany"};
    for (const std::string_view way : ways) {
        const fs::path file = (pictures / way / "ephy-history.db").lexically_normal();
        if (files::exists(file).value_or(true)) {
            return file;
        }
    }
    return std::nullopt;
}

}  // namespace

Found find_epiphany_thumbnails(const fs::path& folder, const Site& site)
{
    Found found;
    const auto names = files_in(folder, found);
    if (names.empty() || site.owns_nothing()) {
        return found;
    }
    const auto history = history_of(folder);
    if (!history) {
        found.notes.push_back(fmt::format(
            "Of which pages the pictures in {} are, only the history says, and that was not found: they were left.",
            folder.string()));
        return found;
    }
    std::set<std::string> taken;  // an address may stand there twice
    const auto add = [&](const std::string& url, const std::string& name) {
        if (std::binary_search(names.begin(), names.end(), name) && taken.insert(name).second) {
            Item item;
            item.label = "picture of " + bare_url(url);
            item.host = host_of(url);
            item.bytes = add_if_there(item, folder, name, files::Type::file);
            found.items.push_back(std::move(item));
        }
    };
    look_into_sql(*history, {0, 0, VersionIn::user_version}, found, [&](SQLite::Database& database) {
        SQLite::Statement query(database, "SELECT url FROM urls");
        while (query.executeStep()) {
            const std::string url = query.getColumn(0).getString();
            if (site.owns_url(url)) {
                const std::string stem = hex(md5(url));
                add(url, stem + ".jpg");
                add(url, stem + ".png");
            }
        }
    });
    return found;
}

}  // namespace unstick
