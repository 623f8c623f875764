#include "profiles/gecko/profiles.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "base/limited_json.h"
#include "containers/sqlite/database.h"
#include "inventory/moved_places.h"
#include "platform/files.h"
#include "profiles/gecko/ini.h"

namespace unstick {

namespace {

constexpr std::uint64_t largest_ini = 1U << 20U;

bool is_there(const fs::path& path)
{
    return files::exists(path).value_or(true);
}

/// Has a folder files that only a profile has?
bool is_profile(const fs::path& folder)
{
    constexpr std::array<std::string_view, 4> traces{"prefs.js", "permissions.sqlite", "storage.sqlite", "times.json"};
    constexpr std::array<std::string_view, 3> of_mail{"abook.sqlite", "global-messages-db.sqlite", "Mail"};
    const auto has = [&](std::string_view name) { return is_there(folder / name); };
    return is_there(folder / "cookies.sqlite") && std::any_of(traces.begin(), traces.end(), has) &&
           std::none_of(of_mail.begin(), of_mail.end(), has);
}

/// A file's text; empty if it is not there.
Result<std::string> text_of(const fs::path& file)
{
    TRY_ASSIGN(auto text, if_there(files::read_file(file, largest_ini)));
    return std::move(text).value_or("");
}

/// A preference that is a text, as the browser reads its files: the last line counts. Empty if none sets it.
std::string text_preference(const fs::path& profile, std::string_view name)
{
    constexpr std::uint64_t largest = 16U << 20U;
    const std::string start = "user_pref(\"" + std::string(name) + "\", ";
    std::string value;
    for (const char* file : {"prefs.js", "user.js"}) {
        const std::string text = files::read_file(profile / file, largest).value_or("");
        for (std::size_t at = text.find(start); at != text.npos; at = text.find(start, at + 1)) {
            const std::size_t from = at + start.size();
            const std::string_view rest = std::string_view(text).substr(from, text.find('\n', from) - from);
            const auto parsed = parse_json<nlohmann::json>(rest.substr(0, rest.rfind(')')));
            value = parsed && parsed->is_string() ? parsed->get<std::string>() : value;
        }
    }
    return value;
}

/// Where a preference has the browser keep its cache, if it does.
std::vector<Spot> moved_cache_of(const fs::path& profile)
{
    constexpr std::string_view name = "browser.cache.disk.parent_directory";
    const fs::path named = text_preference(profile, name);
    const fs::path folder = named.is_absolute() ? without_links(named) : fs::path();
    return folder.empty() || !is_ours(folder) ? std::vector<Spot>()
                                              : std::vector<Spot>{{folder, "its preference " + std::string(name)}};
}

/// Profiles of the selector: the paths that its databases give, and the names. Empty if there is none of a known form.
std::map<std::string, std::string> selector_profiles(const fs::path& root)
{
    std::map<std::string, std::string> profiles;
    const auto entries = files::list(root / "Profile Groups");
    for (const auto& entry : entries ? *entries : std::vector<files::Entry>()) {
        if (!entry.name.ends_with(".sqlite")) {
            continue;
        }
        auto reader = rows::Reader::open(root / "Profile Groups" / entry.name);
        if (!reader) {
            continue;
        }
        try {
            SQLite::Statement query(reader->database(), "SELECT path, name FROM Profiles");
            while (query.executeStep()) {
                profiles[query.getColumn(0).getString()] = query.getColumn(1).getString();
            }
        } catch (const SQLite::Exception&) {
            continue;  // another layout: the profiles are found by their folders, only without their names
        }
    }
    return profiles;
}

/// Tor Browser has its own folder names above its profile, on every system.
bool is_tor(const fs::path& path)
{
    return std::any_of(path.begin(), path.end(),
                       [](const fs::path& part) { return part == "TorBrowser" || part == "TorBrowser-Data"; });
}

std::optional<Error> refusal_of(const fs::path& path, bool is_ours_to_take)
{
    if (is_tor(path)) {
        return Error{Code::unsupported, path.string(),
                     "it is Tor Browser's, which keeps nothing of sites when it is closed: it is left alone",
                     "to get rid of what it holds now, choose New Identity in Tor Browser"};
    }
    if (!is_ours_to_take) {
        return Error{Code::denied, path.string(), "profiles.ini names it, and it is somebody else's",
                     "name it yourself if it is to be looked into: --user-data-dir"};
    }
    return std::nullopt;
}

/// Collects profiles, each folder once.
class Listing {
public:
    Listing(const fs::path& root, const fs::path& cache_root) : root_(root), cache_root_(cache_root) {}

    bool has(const fs::path& path) const
    {
        return std::any_of(profiles_.begin(), profiles_.end(),
                           [&](const Profile& known) { return known.path == path; });
    }
    /// `way` is its path below the root, or an absolute one.
    void add(const fs::path& way, const std::string& name)
    {
        const fs::path path = without_links((root_ / way).lexically_normal());
        if (const auto found = files::info(path); !found || found->type != files::Type::folder || has(path)) {
            return;
        }
        const bool is_below = way.is_relative() && *way.begin() != "..";
        Profile profile{.browser = {}, .id = id_of(path), .name = name, .root = root_, .path = path, .cache = path};
        if (is_below && !cache_root_.empty()) {
            profile.cache = (cache_root_ / way).lexically_normal();
        }
        profile.refused = refusal_of(path, is_below || is_ours(path));
        profile.more_caches = moved_cache_of(path);
        profiles_.push_back(std::move(profile));
    }
    std::vector<Profile> take() { return std::move(profiles_); }

private:
    /// The folder's name, or where another one has the same, its path.
    std::string id_of(const fs::path& path) const
    {
        std::string name = path.filename().string();
        const bool is_taken =
            std::any_of(profiles_.begin(), profiles_.end(), [&](const Profile& known) { return known.id == name; });
        return is_taken ? path.string() : name;
    }

    const fs::path& root_;
    const fs::path& cache_root_;
    std::vector<Profile> profiles_;
};

/// Profiles that no file names.
Result<void> add_unlisted(const fs::path& root, const fs::path& way, Listing& listing)
{
    TRY_ASSIGN(auto entries, if_there(files::list(root / way)));
    auto found = std::move(entries).value_or(std::vector<files::Entry>());
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (const files::Entry& entry : found) {
        if (entry.type == files::Type::folder && is_profile(root / way / entry.name)) {
            listing.add(way / entry.name, "");
        }
    }
    return {};
}

}  // namespace

Result<std::vector<Profile>> list_gecko_profiles(const fs::path& root, const fs::path& cache_root)
{
    if (is_profile(root) && !is_there(root / "profiles.ini")) {
        return std::vector<Profile>{{.browser = {},
                                     .id = root.filename().string(),
                                     .name = {},
                                     .root = root,
                                     .path = root,
                                     .cache = root,
                                     .more_caches = moved_cache_of(root),
                                     .refused = refusal_of(root, true)}};
    }
    Listing listing(root, cache_root);
    TRY_ASSIGN(const std::string profiles_ini, text_of(root / "profiles.ini"));
    TRY_ASSIGN(const std::string installs_ini, text_of(root / "installs.ini"));
    for (const auto& listed : gecko::listed_profiles(profiles_ini, installs_ini)) {
        const fs::path path(listed.path);
        if (listed.is_relative == path.is_relative()) {
            listing.add(path, listed.name);
        }
    }
    for (const auto& [path, name] : selector_profiles(root)) {
        listing.add(is_there(root / path) ? fs::path(path) : fs::path("Profiles") / path, name);
    }
    TRY(add_unlisted(root, "", listing));
    TRY(add_unlisted(root, "Profiles", listing));
    return listing.take();
}

bool has_gecko_profiles(const fs::path& folder)
{
    if (!is_profile(folder) && !is_there(folder / "profiles.ini")) {
        return false;
    }
    const auto profiles = list_gecko_profiles(folder, {});
    return !profiles || std::any_of(profiles->begin(), profiles->end(),
                                    [](const Profile& profile) { return is_profile(profile.path); });
}

}  // namespace unstick
