#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "../files.h"
#include "profile_lists.h"

namespace unstick {

namespace {

constexpr std::uint64_t largest_local_state = 64U << 20U;

/// Directory name -> shown name, as the browser keeps them.
std::map<std::string, std::string> info_cache(const fs::path& root)
{
    std::map<std::string, std::string> names;
    const auto text = files::read_file(root / "Local State", largest_local_state);
    if (!text) {
        return names;
    }
    const auto state = nlohmann::json::parse(*text, nullptr, false);
    const auto cache = nlohmann::json::json_pointer("/profile/info_cache");
    if (state.is_discarded() || !state.contains(cache) || !state.at(cache).is_object()) {
        return names;
    }
    for (const auto& [directory, details] : state.at(cache).items()) {
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

}  // namespace

Result<std::vector<Profile>> list_by_local_state(const fs::path& root, const fs::path& cache_root)
{
    std::vector<Profile> profiles;
    const auto names = info_cache(root);
    const auto cache_of = [&](const std::string& id) {
        const fs::path base = cache_root.empty() ? root : cache_root;
        return id.empty() ? base : base / id;
    };
    const auto entries = files::Folder::open(root).and_then([](const files::Folder& folder) { return folder.list(); });
    if (!entries) {
        return tl::unexpected<Error>(entries.error());
    }
    // The directory says what there is, Local State what it is called: a profile that one of them has lost is found
    // all the same, and a name made up in a broken Local State leads nowhere.
    for (const auto& entry : *entries) {
        const bool listed = names.contains(entry.name);
        if (entry.type != files::Type::folder || entry.name == "System Profile" || entry.name == "Guest Profile" ||
            (!listed && !is_profile(root / entry.name))) {
            continue;
        }
        profiles.push_back(
            {"", entry.name, listed ? names.at(entry.name) : "", root, root / entry.name, cache_of(entry.name)});
    }
    if (is_profile(root)) {  // older Opera: the data folder is the profile
        profiles.push_back({"", root.filename().string(), "", root, root, cache_of("")});
    }
    std::sort(profiles.begin(), profiles.end(), [](const Profile& a, const Profile& b) {
        return std::pair(a.id != "Default", a.id) < std::pair(b.id != "Default", b.id);
    });
    return profiles;
}

}  // namespace unstick
