#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <array>
#include <map>

#include "../files.h"
#include "../media/rows.h"
#include "../text.h"
#include "profile_lists.h"

namespace unstick {

namespace {

bool is_there(const fs::path& path)
{
    const auto info = files::info(path);
    return info || info.error().code != Code::not_found;  // what we may not look at is there
}

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

}  // namespace

std::vector<Profile> list_safari_container(const fs::path& library, std::string_view browser_folder)
{
    std::vector<Profile> profiles{{"", "Default", "", library, library, library}};
    const auto titles = titles_in(library / browser_folder / "SafariTabs.db");
    const fs::path stores = library / "WebKit/WebsiteDataStore";
    const auto folder = files::Folder::open(stores);
    const auto entries = folder ? folder->list() : tl::unexpected<Error>(folder.error());
    for (const auto& entry : entries.value_or(std::vector<files::Entry>{})) {
        if (entry.type == files::Type::folder && is_uuid(entry.name)) {
            const auto title = titles.find(lower(entry.name));
            const fs::path path = stores / entry.name;
            profiles.push_back({"", entry.name, title == titles.end() ? "" : title->second, library, path, path});
        }
    }
    std::sort(profiles.begin() + 1, profiles.end(), [](const Profile& a, const Profile& b) { return a.id < b.id; });
    return profiles;
}

std::vector<Profile> list_safari_classic(const fs::path& safari_folder)
{
    const fs::path library = safari_folder.parent_path();
    constexpr std::array<std::string_view, 4> traces{"Safari/LocalStorage", "Safari/Databases",
                                                     "Cookies/Cookies.binarycookies", "Caches/com.apple.Safari"};
    const bool used = std::any_of(traces.begin(), traces.end(), [&](auto trace) { return is_there(library / trace); });
    return used ? std::vector<Profile>{{"", "Classic", "", safari_folder, library, library}} : std::vector<Profile>{};
}

}  // namespace unstick
