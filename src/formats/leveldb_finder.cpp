#include "leveldb_finder.h"

#include <fmt/format.h>

#include "../text.h"

namespace unstick {

void look_into(const std::filesystem::path& folder, std::string_view version_key, std::string_view version,
               Found& found, const std::function<Result<void>(const pairs::Reader&)>& look)
{
    const auto database = pairs::Reader::open(folder);
    if (!database) {
        if (database.error().code != Code::not_found) {
            found.present = true;
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
    if (auto looked = look(*database); !looked) {
        found.items.clear();
        found.problems.push_back(looked.error());
    }
}

}  // namespace unstick
