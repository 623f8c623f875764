#include <algorithm>
#include <map>

#include "containers/json_file.h"
#include "platform/files.h"
#include "platform/trust.h"
#include "profiles/chromium/partitions.h"
#include "profiles/chromium/profiles.h"

namespace unstick {

namespace {

/// Directory name -> shown name, as the browser keeps them.
std::map<std::string, std::string> info_cache(const fs::path& root)
{
    std::map<std::string, std::string> names;
    const auto state = json_file::read(root / "Local State");
    const json_file::Json* const cache = state ? json_file::find(*state, "/profile/info_cache") : nullptr;
    if (cache == nullptr || !cache->is_object()) {
        return names;
    }
    for (const auto& [directory, details] : cache->items()) {
        const bool named = details.is_object() && details.contains("name") && details.at("name").is_string();
        names[directory] = named ? details.at("name").get<std::string>() : "";
    }
    return names;
}

bool is_profile(const fs::path& folder)
{
    const auto preferences = files::info(folder / "Preferences");
    return preferences ? preferences->type == files::Type::file : preferences.error().code == Code::io;
}

/// Where a profile that is a link lies: Chromium follows it. Only if all that the way leads over belongs to the system,
/// to us or to whose data folder it is: anybody else could have us work on what is not the browser's. Errors: denied,
/// not_found, io.
Result<fs::path> followed(const fs::path& root, const fs::path& link)
{
    const auto owner_of_root = trust::first_owner(trust::way_to(root));
    const trust::Way way = trust::way_to(link);
    if (way.stopped) {
        return tl::unexpected<Error>(*way.stopped);
    }
    const auto is_believed = [&](const trust::Step& step) { return step.is_ours || step.owner == owner_of_root; };
    const auto foreign = std::find_if_not(way.steps.begin(), way.steps.end(), is_believed);
    if (way.steps.empty() || foreign != way.steps.end()) {
        return fail(
            Code::denied, link.string(),
            "this profile is a link" +
                (way.steps.empty() ? std::string() : " over " + foreign->path.string() + ", which is somebody else's") +
                "; not followed",
            "name the data folder that it leads into: --user-data-dir DIR");
    }
    return way.target;
}

/// What a name in the data folder is: a profile's own folder, or a link to it, which may lead nowhere or be refused.
std::optional<Profile> profile_at(const fs::path& root, const files::Entry& entry, bool is_listed)
{
    Profile profile{"", entry.name, "", root, root / entry.name, {}};
    if (entry.type == files::Type::link) {
        auto target = followed(root, profile.path);
        const bool leads_nowhere = !target && target.error().code == Code::not_found;
        const bool may_be_one =
            !leads_nowhere && (is_listed || entry.name == "Default" || entry.name.starts_with("Profile ") ||
                               (target && is_profile(*target)));
        if (!may_be_one || (target && !files::Folder::open(*target))) {
            return std::nullopt;
        }
        if (target) {
            profile.path = *target;
        } else {
            profile.refused = target.error();
        }
        return profile;
    }
    return entry.type == files::Type::folder && (is_listed || is_profile(profile.path)) ? std::optional(profile)
                                                                                        : std::nullopt;
}

/// Electron's programs and older Opera have one profile, which is the data folder.
bool is_profile_itself(const fs::path& root)
{
    return is_profile(root) || (files::exists(root / "Local State").value_or(true) &&
                                files::exists(root / "Local Storage/leveldb").value_or(true));
}

Result<std::vector<Profile>> list_one(const fs::path& root, const fs::path& cache_root)
{
    std::vector<Profile> profiles;
    const auto names = info_cache(root);
    const auto cache_of = [&](const std::string& id) {
        const fs::path base = cache_root.empty() ? root : cache_root;
        return id.empty() ? base : base / id;
    };
    TRY_ASSIGN(const auto entries, files::list(root));
    // The directory says what there is, Local State what it is called: a profile that one of them has lost is found
    // all the same, and a name made up in a broken Local State leads nowhere.
    for (const auto& entry : entries) {
        const auto name = names.find(entry.name);
        auto profile = entry.name == "System Profile" || entry.name == "Guest Profile"
                           ? std::nullopt
                           : profile_at(root, entry, name != names.end());
        if (profile) {
            profile->name = name == names.end() ? "" : name->second;
            profile->cache = cache_of(entry.name);
            profiles.push_back(std::move(*profile));
        }
    }
    if (is_profile_itself(root)) {
        profiles.push_back({"", root.filename().string(), "", root, root, cache_of("")});
    }
    std::sort(profiles.begin(), profiles.end(), [](const Profile& a, const Profile& b) {
        return std::pair(a.id != "Default", a.id) < std::pair(b.id != "Default", b.id);
    });
    for (Profile& profile : profiles) {
        profile.partitions = partitions_of(profile.path);
    }
    return profiles;
}

}  // namespace

Result<std::vector<Profile>> list_by_local_state(const fs::path& root, const fs::path& cache_root)
{
    TRY_ASSIGN(auto profiles, list_one(web_view_in(root), cache_root));
    for (const fs::path& side : side_profiles_of(root)) {
        TRY_ASSIGN(auto of_side, list_one(root / side, cache_root.empty() ? cache_root : cache_root / side));
        for (Profile& profile : of_side) {
            profile.id = profile.path == profile.root ? side.generic_string() : (side / profile.id).generic_string();
            profiles.push_back(std::move(profile));
        }
    }
    return profiles;
}

Result<fs::path> data_folder_of_chromium(const fs::path& folder)
{
    const auto is_there = [](const fs::path& path) { return files::exists(path).value_or(true); };
    const fs::path around = folder.parent_path();
    if (is_profile(folder) && is_there(around / "Local State")) {
        return around;
    }
    if (is_profile(folder) && !is_there(folder / "Local State")) {
        return fail(Code::usage, folder.string(),
                    "it looks like a profile's own folder, and the folder around it like no browser's",
                    "name the browser's data folder, the one with the file `Local State` (chrome://version shows a "
                    "folder in it)");
    }
    return folder;
}

bool has_chromium_profiles(const fs::path& folder)
{
    const auto profiles = list_by_local_state(folder, {});
    return profiles ? !profiles->empty() : profiles.error().code != Code::not_found;
}

}  // namespace unstick
