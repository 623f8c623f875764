#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "containers/sqlite/database.h"
#include "platform/files.h"
#include "profiles/webkit/profiles.h"

namespace unstick {

namespace {

/// Profiles' identifiers in lower case -> their names, as Safari keeps them. Empty if it does not say.
std::map<std::string, std::string> titles_in(const fs::path& file)
{
    std::map<std::string, std::string> titles;
    auto reader = rows::Reader::open(file);
    if (!reader) {
        return titles;
    }
    try {
        SQLite::Statement query(reader->database(), "SELECT external_uuid, title FROM bookmarks WHERE subtype = 2");
        while (query.executeStep()) {
            titles[lower(query.getColumn(0).getString())] = query.getColumn(1).getString();
        }
    } catch (const SQLite::Exception&) {
        titles.clear();  // another layout: the profiles are found all the same, only without their names
    }
    return titles;
}

/// "0f5c6e0a-8b1c-4b4e-9d6e-1f2a3b4c5d6e", in any case.
bool is_uuid(std::string_view name)
{
    constexpr std::string_view form = "00000000-0000-0000-0000-000000000000";
    return name.size() == form.size() && std::equal(name.begin(), name.end(), form.begin(), [](char c, char place) {
               const bool digit = (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
               return place == '-' ? c == '-' : digit;
           });
}

/// The folders in a folder, sorted; none if it is not there.
Result<std::vector<std::string>> folders_of(const fs::path& path)
{
    std::vector<std::string> names;
    TRY_ASSIGN(const auto entries, if_there(files::list(path)));
    for (const auto& entry : entries.value_or(std::vector<files::Entry>{})) {
        if (entry.type == files::Type::folder) {
            names.push_back(entry.name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

Result<std::vector<Profile>> list_safari_container(const fs::path& library, std::string_view browser_folder)
{
    // The user's own Library is four folders above: Library/Containers/<browser>/Data/Library.
    const fs::path users = library.parent_path().parent_path().parent_path().parent_path();
    std::vector<Profile> profiles{{"", "Default", "", library, library, library}};
    profiles[0].keychains = users / "Keychains";
    const auto titles = titles_in(library / browser_folder / "SafariTabs.db");
    const fs::path stores = library / "WebKit/WebsiteDataStore";
    TRY_ASSIGN(const auto names, folders_of(stores));
    for (const std::string& name : names) {
        if (is_uuid(name)) {
            const auto title = titles.find(lower(name));
            const fs::path path = stores / name;
            profiles.push_back({"", name, title == titles.end() ? "" : title->second, library, path, path});
        }
    }
    return profiles;
}

Result<std::vector<Profile>> list_safari_web_apps(const fs::path& library)
{
    constexpr std::string_view prefix = "com.apple.Safari.WebApp.";
    std::vector<Profile> profiles{{"", "Shared", "", library, library, library}};
    TRY_ASSIGN(const auto names, folders_of(library / "Containers"));
    for (const std::string& name : names) {
        if (name.starts_with(prefix) && is_uuid(std::string_view(name).substr(prefix.size()))) {
            const fs::path path = library / "Containers" / name / "Library";
            profiles.push_back({"", name.substr(prefix.size()), "", library, path, path});
        }
    }
    return profiles;
}

Result<std::vector<Profile>> list_safari_classic(const fs::path& folder)
{
    const fs::path library = folder.parent_path();
    constexpr std::array<std::string_view, 5> traces{"Safari/LocalStorage", "Safari/Databases",
                                                     "Cookies/Cookies.binarycookies", "Cookies/HSTS.plist",
                                                     "Caches/com.apple.Safari"};
    const auto is_there = [&](auto trace) { return files::exists(library / trace).value_or(true); };
    const bool listed = folder.filename() != "Safari" && is_there("Safari");  // it is the profile's other folder
    const bool used = !listed && std::any_of(traces.begin(), traces.end(), is_there);
    return used ? std::vector<Profile>{{"", "Classic", "", folder, library, library}} : std::vector<Profile>{};
}

}  // namespace unstick
