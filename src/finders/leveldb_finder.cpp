#include "finders/leveldb_finder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "finders/listing.h"

namespace unstick {

namespace {

/// Is there a table, or a log with a byte in it? A browser that was cut off when it made the database leaves neither.
bool may_hold_pairs(const std::filesystem::path& folder)
{
    Found listed;
    const auto names = files_in(folder, listed);
    return !listed.problems.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const bool has_pairs = name.ends_with(".ldb") || name.ends_with(".sst") || name.ends_with(".log");
        return has_pairs && !is_empty_file(folder / name);
    });
}

}  // namespace

void look_into(const std::filesystem::path& folder, const Site& site, std::string_view version_key,
               std::string_view version, Found& found, const std::function<Result<void>(const pairs::Reader&)>& look)
{
    const auto database = pairs::Reader::open(folder);
    if (!database) {
        found.present = database.error().code != Code::not_found;
        if (found.present && (database.error().code != Code::corrupt || may_hold_pairs(folder))) {
            found.problems.push_back(database.error());
        }
        return;
    }
    found.present = true;
    if (!version_key.empty()) {
        const auto stored = database->get(version_key);
        if (!stored && stored.error().code == Code::not_found) {
            // A database without a version is one into which nothing has been written yet.
            bool empty = true;
            (void)database->each("", [&](std::string_view, std::string_view) { empty = false; });
            if (empty) {
                return;
            }
        }
        found.version = stored.value_or("");
        if (found.version != version) {
            found.problems.push_back(
                {Code::unsupported, folder.string(),
                 fmt::format("version '{}' is not known to this unstick", printable(found.version)),
                 "nothing in it was touched; a newer unstick may know it"});
            return;
        }
    }
    if (auto looked = site.owns_nothing() ? Result<void>() : look(*database); !looked) {
        found.items.clear();
        found.problems.push_back(looked.error());
    }
}

}  // namespace unstick
