#include "finders/listing.h"

#include <algorithm>
#include <limits>

#include "platform/files.h"

namespace unstick {

namespace {

std::vector<std::string> names_in(const std::filesystem::path& path, files::Type type, Found& found)
{
    std::vector<std::string> names;
    const auto entries = files::list(path);
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

std::size_t entries_to_look_at(const Site& site)
{
    constexpr std::size_t a_few = 4;
    return site.owns_nothing() ? a_few : std::numeric_limits<std::size_t>::max();
}

std::vector<std::string> to_look_at(std::vector<std::string> names, const Site& site)
{
    names.resize(std::min(names.size(), entries_to_look_at(site)));
    return names;
}

std::vector<std::string> folders_in(const std::filesystem::path& path, Found& found)
{
    return names_in(path, files::Type::folder, found);
}

std::vector<std::string> files_in(const std::filesystem::path& path, Found& found)
{
    return names_in(path, files::Type::file, found);
}

bool is_empty_file(const std::filesystem::path& path)
{
    const auto info = files::info(path);
    return info && info->type == files::Type::file && info->size == 0;
}

bool holds_nothing(const std::filesystem::path& path)
{
    constexpr std::string_view look_of_window = ".DS_Store";
    std::vector<std::string> below;
    {
        const auto folder = files::Folder::open(path);
        const auto entries = folder ? folder->list() : tl::unexpected<Error>(folder.error());
        if (!entries) {
            return entries.error().code == Code::not_found;
        }
        for (const files::Entry& entry : *entries) {
            if (entry.type == files::Type::folder) {
                below.push_back(entry.name);
                continue;
            }
            const auto info = folder->info(entry.name.c_str());
            if (entry.type != files::Type::file || (entry.name != look_of_window && (!info || info->size > 0))) {
                return false;
            }
        }
    }
    return std::all_of(below.begin(), below.end(), [&](const std::string& name) { return holds_nothing(path / name); });
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
