#include "listing.h"

#include <algorithm>

#include "../files.h"

namespace unstick {

namespace {

std::vector<std::string> names_in(const std::filesystem::path& path, files::Type type, Found& found)
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
        if (entry.type == type) {
            names.push_back(entry.name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

std::vector<std::string> folders_in(const std::filesystem::path& path, Found& found)
{
    return names_in(path, files::Type::folder, found);
}

std::vector<std::string> files_in(const std::filesystem::path& path, Found& found)
{
    return names_in(path, files::Type::file, found);
}

std::uint64_t add_if_there(Item& item, const std::filesystem::path& container, const std::string& name,
                           files::Type type)
{
    const auto info = files::info(container / name);
    const bool unseen = !info && (info.error().code == Code::io || info.error().code == Code::denied);
    if (!unseen && (!info || info->type != type)) {
        return 0;
    }
    item.pieces.push_back({Medium::file, container.string(), {}, name});
    return type == files::Type::folder ? files::tree_size(container / name) : info ? info->size : 0;
}

}  // namespace unstick
