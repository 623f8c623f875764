#include "profiles/chromium/places.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "containers/json_file.h"
#include "containers/property_list.h"
#include "platform/files.h"
#include "profiles/chromium/profiles.h"

namespace unstick {

namespace {

/// The path from one folder to another below it, or to the same; std::nullopt if it does not lie there.
std::optional<fs::path> way_down(const fs::path& from, const fs::path& to)
{
    const auto [in_from, in_to] = std::mismatch(from.begin(), from.end(), to.begin(), to.end());
    if (from.empty() || in_from != from.end()) {
        return std::nullopt;
    }
    fs::path way;
    for (auto name = in_to; name != to.end(); ++name) {
        way /= *name;
    }
    return way;
}

bool ends_with(const fs::path& path, const fs::path& names)
{
    fs::path start = path;
    for (auto name = names.end(); name != names.begin();) {
        if (start.filename() != *--name) {
            return false;
        }
        start = start.parent_path();
    }
    return true;
}

/// A folder for settings by its name alone: wherever such a home folder lies, its user's browser computes from it.
std::optional<CacheHome> home_by_name(const fs::path& folder)
{
    const fs::path around = folder.parent_path();
    if (folder.filename() == ".config") {
        return CacheHome{folder, around / ".cache"};
    }
    if (folder.filename() == "config" && ends_with(around.parent_path(), ".var/app")) {  // a flatpak's own
        return CacheHome{folder, around / "cache"};
    }
    if (ends_with(folder, "Library/Application Support")) {
        return CacheHome{folder, around / "Caches"};
    }
    return std::nullopt;
}

void add(std::vector<CacheRoot>& roots, const fs::path& path, const std::string& why)
{
    const bool is_there =
        std::any_of(roots.begin(), roots.end(), [&](const CacheRoot& root) { return root.spot.path == path; });
    if (!is_there) {
        roots.push_back({{path, why}});
    }
}

void replace_all(std::string& text, std::string_view variable, const std::string& value)
{
    for (auto at = text.find(variable); at != text.npos; at = text.find(variable, at + value.size())) {
        text.replace(at, variable.size(), value);
    }
}

/// Names in a folder, sorted; none if it cannot be listed.
std::vector<std::string> names_in(const fs::path& path, files::Type type)
{
    std::vector<std::string> names;
    const auto folder = files::Folder::open(without_links(path));
    const auto entries = folder ? folder->list() : tl::unexpected<Error>(folder.error());
    for (const files::Entry& entry : entries.value_or(std::vector<files::Entry>())) {
        if (entry.type == type) {
            names.push_back(entry.name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// Where macOS keeps what an administrator sets for a browser: the names of its property list, by Adapter::id.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> mac_domains{{
    {"chrome", "com.google.Chrome"},
    {"chromium", "org.chromium.Chromium"},
    {"edge", "com.microsoft.Edge"},
    {"brave", "com.brave.Browser"},
}};

/// Where Windows keeps the same: keys below Software\Policies. One for all channels of a browser.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> windows_keys{{
    {"chrome", "Google\\Chrome"},
    {"chrome-beta", "Google\\Chrome"},
    {"chrome-dev", "Google\\Chrome"},
    {"chrome-canary", "Google\\Chrome"},
    {"chromium", "Chromium"},
    {"edge", "Microsoft\\Edge"},
    {"edge-beta", "Microsoft\\Edge"},
    {"edge-dev", "Microsoft\\Edge"},
    {"edge-canary", "Microsoft\\Edge"},
    {"brave", "BraveSoftware\\Brave"},
    {"brave-beta", "BraveSoftware\\Brave"},
    {"brave-nightly", "BraveSoftware\\Brave"},
}};

std::optional<RegistryText> windows_policy_text(const Adapter& adapter, const std::string& policy)
{
    const auto key = std::find_if(windows_keys.begin(), windows_keys.end(),
                                  [&](const auto& entry) { return entry.first == adapter.id; });
    return key == windows_keys.end()
               ? std::nullopt
               : std::optional<RegistryText>({"Software\\Policies\\" + std::string(key->second), policy});
}

std::vector<RegistryText> chromium_registry_texts(const Adapter& adapter)
{
    std::vector<RegistryText> texts;
    for (const char* policy : {"DiskCacheDir", "UserDataDir"}) {
        if (auto text = windows_policy_text(adapter, policy)) {
            texts.push_back(std::move(*text));
        }
    }
    return texts;
}

/// A policy of Windows that names a place; empty: none.
fs::path windows_policy(const Adapter& adapter, const Machine& machine, const std::string& policy)
{
    const auto text = windows_policy_text(adapter, policy);
    const auto found = text ? machine.registry.find(*text) : machine.registry.end();
    return found == machine.registry.end() ? fs::path() : expanded_policy_path(found->second, machine);
}

/// A policy of a Mac that names a place; empty: none.
fs::path mac_policy(const Adapter& adapter, const Machine& machine, const std::string& policy)
{
    const auto managed = machine.expand("{managed}");
    const auto domain = std::find_if(mac_domains.begin(), mac_domains.end(),
                                     [&](const auto& entry) { return entry.first == adapter.id; });
    if (!managed || domain == mac_domains.end()) {
        return {};
    }
    const std::string file = std::string(domain->second) + ".plist";
    for (const fs::path& place : {*managed / machine.user / file, *managed / file}) {  // what is set for one user wins
        const auto list = PropertyList::read(place);
        if (const auto text = list ? list->text(policy) : std::nullopt) {
            return expanded_policy_path(*text, machine);
        }
    }
    return {};
}

/// A browser's data folder says which profiles there are; those of other programs made of Chromium do not.
bool lists_profiles(const fs::path& folder)
{
    const auto state = json_file::read(folder / "Local State");
    const auto* const profiles = state ? json_file::find(*state, "/profile/info_cache") : nullptr;
    return profiles != nullptr && profiles->is_object() && !profiles->empty();
}

/// Adds the data folders among the folders of a folder and, where those are none, in these.
void add_likely(const fs::path& folder, int depth, std::vector<fs::path>& found)
{
    for (const std::string& name : names_in(folder, files::Type::folder)) {
        const fs::path below = without_links(folder) / name;
        if (files::exists(below / "Local State").value_or(false)) {
            if (lists_profiles(below)) {
                found.push_back(below);
            }
        } else if (depth > 1) {
            add_likely(below, depth - 1, found);
        }
    }
}

}  // namespace

std::vector<CacheHome> cache_homes(const Machine& machine, const fs::path& data)
{
    std::vector<CacheHome> homes;
    for (const auto& [settings, caches] : {std::pair("{config}", "{cache}"), std::pair("{support}", "{caches}")}) {
        const auto from = machine.expand(settings);
        const auto to = machine.expand(caches);
        if (from && to) {
            homes.push_back({*from, *to});
        }
    }
    for (fs::path folder = data; machine.os != Os::windows && folder.has_relative_path();
         folder = folder.parent_path()) {
        if (auto home = home_by_name(folder)) {
            homes.push_back(std::move(*home));
        }
    }
    return homes;
}

std::vector<fs::path> computed_caches(std::span<const CacheHome> homes, const fs::path& data)
{
    std::vector<fs::path> caches;
    for (const CacheHome& home : homes) {
        const auto way = way_down(home.settings, data);
        if (!way || way->empty()) {
            continue;
        }
        fs::path cache = home.caches / *way;
        if (std::find(caches.begin(), caches.end(), cache) == caches.end()) {
            caches.push_back(std::move(cache));
        }
    }
    return caches;
}

std::vector<CacheRoot> chromium_cache_roots(const Adapter& adapter, const Machine& machine, const fs::path& data)
{
    std::vector<CacheRoot> roots;
    const auto policies = machine.expand(adapter.policies);
    for (fs::path named :
         {policies ? disk_cache_policy(*policies / "managed", machine) : fs::path(),
          mac_policy(adapter, machine, "DiskCacheDir"), windows_policy(adapter, machine, "DiskCacheDir")}) {
        if (!named.empty()) {
            roots.push_back({.spot = {std::move(named), "policy DiskCacheDir"}, .is_named = true});
        }
    }
    std::error_code failed;
    fs::path named = fs::absolute(data, failed).lexically_normal();
    named = named.has_filename() ? named : named.parent_path();  // "folder/"
    for (const fs::path& folder : {named, without_links(data).lexically_normal()}) {
        auto homes = cache_homes(machine, folder);
        for (std::size_t i = homes.size(); i-- > 0;) {  // HOME may be a link
            homes.push_back({without_links(homes[i].settings), homes[i].caches});
        }
        for (const fs::path& cache : computed_caches(homes, folder)) {
            add(roots, cache, "as the browser computes it from the data folder");
        }
    }
    return roots;
}

std::vector<Spot> chromium_data_folders(const Adapter& adapter, const Machine& machine)
{
    constexpr std::string_view settings = "{config}/";
    std::vector<Spot> folders;
    for (fs::path named :
         {mac_policy(adapter, machine, "UserDataDir"), windows_policy(adapter, machine, "UserDataDir")}) {
        if (!named.empty()) {
            folders.push_back({std::move(named), "policy UserDataDir"});
        }
    }
    const auto config = machine.expand("{chrome_config}");
    for (const Root& root : adapter.roots) {
        if (config && root.os == machine.os && root.data.starts_with(settings)) {
            folders.push_back({*config / root.data.substr(settings.size()), "CHROME_CONFIG_HOME"});
        }
    }
    const auto data = machine.expand("{chrome_data}");
    if (data && adapter.is_user_data_dir != nullptr) {  // one of the family answers for all
        folders.push_back({*data, "CHROME_USER_DATA_DIR"});
    }
    return folders;
}

std::vector<fs::path> likely_data_folders(const Machine& machine)
{
    std::vector<fs::path> found;
    for (const auto& [start, depth] :
         {std::pair("{config}", 2), std::pair("{support}", 2), std::pair("{local}", 3), std::pair("{roaming}", 2)}) {
        if (const auto folder = machine.expand(start)) {
            add_likely(*folder, depth, found);
        }
    }
    const auto home = machine.os == Os::linux_os ? machine.expand("{home}") : std::nullopt;
    if (home) {
        for (const std::string& flatpak : names_in(*home / ".var/app", files::Type::folder)) {
            add_likely(*home / ".var/app" / flatpak / "config", 2, found);
        }
        for (const std::string& snap : names_in(*home / "snap", files::Type::folder)) {
            add_likely(*home / "snap" / snap / "common", 2, found);
            add_likely(*home / "snap" / snap / "current/.config", 2, found);
        }
    }
    return found;
}

bool lacks_cache(const Profile& profile)
{
    const auto is_there = [](const fs::path& path) { return files::exists(path).value_or(true); };
    if (is_there(profile.path / "Cache") || is_there(profile.cache / "Cache") ||
        std::any_of(profile.more_caches.begin(), profile.more_caches.end(),
                    [&](const Spot& more) { return is_there(more.path / "Cache"); })) {
        return false;
    }
    // A browser that shows its first page makes both.
    const auto has = [&](const char* name) {
        const auto file = files::info(profile.path / name);
        return file && file->size > 0;
    };
    return has("History") && (has("Cookies") || has("Network/Cookies"));
}

fs::path disk_cache_policy(const fs::path& policies, const Machine& machine)
{
    fs::path path;
    for (const std::string& name : names_in(policies, files::Type::file)) {
        // Of two files that set the same policy the later one in the alphabet counts. A file that is no JSON sets none.
        const auto document = name.ends_with(".json") ? json_file::read(without_links(policies) / name)
                                                      : Result<json_file::Json>(json_file::Json());
        const auto* const value = document ? json_file::find(*document, "/DiskCacheDir") : nullptr;
        if (value != nullptr && value->is_string()) {
            path = expanded_policy_path(value->get<std::string>(), machine);
        }
    }
    return path;
}

fs::path expanded_policy_path(std::string text, const Machine& machine)
{
    const auto is_quoted = [&](char quote) { return text.size() > 1 && text.front() == quote && text.back() == quote; };
    if (is_quoted('"') || is_quoted('\'')) {
        text = text.substr(1, text.size() - 2);
    }
    if (!machine.user.empty()) {
        replace_all(text, "${user_name}", machine.user);
    }
    if (!machine.name.empty()) {
        replace_all(text, "${machine_name}", machine.name);
    }
    if (const auto home = machine.expand("{home}"); home && machine.os == Os::macos) {
        replace_all(text, "${users}", "/Users");
        replace_all(text, "${documents}", (*home / "Documents").string());
    }
    if (machine.os == Os::windows) {
        for (const auto& [variable, folder] :
             {std::pair("${local_app_data}", "{local}"), std::pair("${roaming_app_data}", "{roaming}"),
              std::pair("${global_app_data}", "{program_data}"), std::pair("${documents}", "{documents}"),
              std::pair("${profile}", "{home}"), std::pair("${program_files}", "{programs}"),
              std::pair("${windows}", "{windows}")}) {
            if (const auto known = machine.expand(folder)) {
                replace_all(text, variable, known->string());
            }
        }
        while (text.size() > 1 && (text.back() == '\\' || text.back() == '/')) {
            text.pop_back();
        }
    }
    const fs::path path(text);
    return path.is_absolute() ? path : fs::path();
}

const PlaceRules& chromium_places()
{
    // From the makers' packages for Debian.
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> installed{{
        {"/opt/google/chrome/", "chrome"},
        {"/opt/google/chrome-beta/", "chrome-beta"},
        {"/opt/google/chrome-unstable/", "chrome-dev"},
        {"/opt/microsoft/msedge/", "edge"},
        {"/opt/microsoft/msedge-beta/", "edge-beta"},
        {"/opt/microsoft/msedge-dev/", "edge-dev"},
        {"/opt/vivaldi/", "vivaldi"},
        {"/opt/vivaldi-snapshot/", "vivaldi-snapshot"},
    }};
    static constexpr PlaceRules rules{
        .cache_roots = chromium_cache_roots,
        .registry_texts = chromium_registry_texts,
        .data_folders = chromium_data_folders,
        .data_switch = "--user-data-dir=",
        .cache_switch = "--disk-cache-dir=",
        .installed = installed,
        .likely = likely_data_folders,
        .lacks_cache = lacks_cache,
    };
    return rules;
}

}  // namespace unstick
