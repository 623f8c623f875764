#include "profiles/chromium/partitions.h"

#include <algorithm>
#include <string>

#include "platform/files.h"

namespace unstick {

namespace {

/// The folders in `base / below`, as paths below `base`: `below` itself if it is there and cannot be listed.
std::vector<fs::path> folders_in(const fs::path& base, const fs::path& below)
{
    std::vector<fs::path> folders;
    const auto folder = files::Folder::open(base / below);
    const auto entries = folder ? folder->list() : tl::unexpected<Error>(folder.error());
    if (!entries) {
        const bool is_there = entries.error().code == Code::denied || entries.error().code == Code::io;
        return is_there ? std::vector{below} : folders;
    }
    for (const files::Entry& entry : *entries) {
        if (entry.type == files::Type::folder) {
            folders.push_back(below / entry.name);
        }
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

bool is_there(const fs::path& path)
{
    return files::exists(path).value_or(true);
}

}  // namespace

std::vector<fs::path> partitions_of(const fs::path& profile)
{
    std::vector<fs::path> partitions;
    for (const fs::path& application : folders_in(profile, "Storage/ext")) {
        const auto of_application = folders_in(profile, application);
        partitions.insert(partitions.end(), of_application.begin(), of_application.end());
    }
    const auto named = folders_in(profile, "Partitions");
    partitions.insert(partitions.end(), named.begin(), named.end());
    return partitions;
}

std::vector<fs::path> side_profiles_of(const fs::path& data_folder)
{
    return folders_in(data_folder, "_side_profiles");
}

fs::path web_view_in(const fs::path& folder)
{
    const fs::path view = folder / "EBWebView";
    return !is_there(folder / "Local State") && is_there(view / "Local State") ? view : folder;
}

}  // namespace unstick
