#include "listing.h"

#include <algorithm>

#include "../files.h"

namespace unstick {

std::vector<std::string> folders_in(const std::filesystem::path& path, Found& found)
{
    std::vector<std::string> names;
    const auto folder = files::Folder::open(path);
    const auto entries = folder ? folder->list() : tl::unexpected<Error>(folder.error());
    if (!entries) {
        if (entries.error().code != Code::not_found) {
            found.present = true;
            found.problems.push_back(entries.error());
        }
        return names;
    }
    found.present = true;
    for (const auto& entry : *entries) {
        if (entry.type == files::Type::folder) {
            names.push_back(entry.name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace unstick
