#include "inventory/discover.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/utf8.h"
#include "inventory/moved_places.h"
#include "model/place_rules.h"
#include "platform/files.h"

namespace unstick {

namespace {

struct Place {
    const Adapter* adapter = nullptr;
    Spot data;              ///< as it is named: links and all
    fs::path cache;         ///< what the row says; empty if it says nothing
    fs::path only = {};     ///< a profile's own folder, if the user named that and not the data folder
    bool is_usual = false;  ///< started without switches, the browser has its data there
};

bool is_chosen(const Adapter& adapter, const Where& where)
{
    const bool is_of_family = where.family.empty() || adapter.family == where.family;
    return is_of_family && (where.browsers.empty() || std::find(where.browsers.begin(), where.browsers.end(),
                                                                adapter.id) != where.browsers.end());
}

Result<void> check_browsers(std::span<const Adapter> adapters, const std::vector<std::string>& browsers)
{
    std::vector<std::string_view> known;
    for (const Adapter& adapter : adapters) {
        known.push_back(adapter.id);
    }
    for (const std::string& browser : browsers) {
        if (std::find(known.begin(), known.end(), browser) == known.end()) {
            return fail(Code::usage, "--browser " + printable(browser), "unstick does not know this browser",
                        fmt::format("it knows: {}", fmt::join(known, ", ")));
        }
    }
    return {};
}

std::vector<Place> places_on(const Machine& machine, std::span<const Adapter> adapters, const Where& where)
{
    std::vector<Place> places;
    for (const Adapter& adapter : adapters) {
        for (const Root& root : adapter.roots) {
            const auto data = machine.expand(root.data);
            if (root.os == machine.os && data && is_chosen(adapter, where)) {
                places.push_back({.adapter = &adapter,
                                  .data = {*data, "its usual place"},
                                  .cache = machine.expand(root.cache).value_or(fs::path()),
                                  .is_usual = true});
            }
        }
    }
    return places;
}

/// Where variables, policies, launchers and running browsers say that there is data, too.
std::vector<Place> moved_places(const Machine& machine, std::span<const Adapter> adapters, const Where& where,
                                std::vector<std::string>& notes)
{
    std::vector<Place> places;
    const auto add = [&](const Adapter& adapter, const fs::path& data, const std::string& why) {
        if (!files::exists(without_links(data)).value_or(true)) {
            return;
        }
        if (is_ours(data)) {
            places.push_back({.adapter = &adapter, .data = {data, why}, .cache = {}});
        } else {
            notes.push_back(
                fmt::format("{} was left out: somebody else's ({}). If it is to be looked into: "
                            "--user-data-dir {}",
                            printable(data.string()), printable(why), shell_word(printable(data.string()))));
        }
    };
    for (const Adapter& adapter : adapters) {
        if (adapter.places == nullptr || !is_chosen(adapter, where)) {
            continue;
        }
        for (const Spot& spot : adapter.places->data_folders(adapter, machine)) {
            add(adapter, spot.path, spot.why);
        }
        for (const Moved& moved : moved_by_commands(adapter, machine, where.commands)) {
            if (!moved.data.empty()) {
                add(adapter, moved.data, moved.why);
            }
        }
    }
    return places;
}

/// Is the folder one of a profile, as the browser that keeps its data at this place lists them?
bool holds_profile(const Place& place, const fs::path& folder)
{
    const fs::path data = without_links(place.data.path);
    const auto profiles =
        is_at_or_below(folder, data) ? place.adapter->list_profiles(data, place.cache) : std::vector<Profile>{};
    return profiles && std::any_of(profiles->begin(), profiles->end(),
                                   [&](const Profile& profile) { return profile.path == folder; });
}

/// The place of a folder named by the user: a data folder, or a profile's own folder, which stands for its data folder.
/// The adapter is the one that keeps its data there, else the one chosen, else the first that knows such a folder.
Result<Place> place_at(const Where& where, const Machine& machine, std::span<const Adapter> adapters)
{
    const std::string why = "named by --user-data-dir";
    const fs::path& named = where.user_data_dir;
    const fs::path folder = without_links(named);
    const auto places = places_on(machine, adapters, where);
    for (const Place& place : places) {
        if (without_links(place.data.path) == folder) {
            return place;
        }
    }
    for (const Place& place : places) {
        if (holds_profile(place, folder)) {
            Place around = place;
            around.only = folder;
            return around;
        }
    }
    for (const Adapter& adapter : adapters) {
        if (!is_chosen(adapter, where)) {
            continue;
        }
        TRY_ASSIGN(const fs::path data, adapter.data_folder_of != nullptr ? adapter.data_folder_of(folder) : folder);
        const bool is_known = adapter.is_user_data_dir != nullptr && adapter.is_user_data_dir(data);
        const bool is_said = !where.browsers.empty() || (!where.family.empty() && adapter.is_user_data_dir != nullptr);
        if (is_said || is_known) {
            return Place{.adapter = &adapter,
                         .data = {data == folder ? named : data, why},
                         .cache = {},
                         .only = data == folder ? fs::path() : folder};
        }
    }
    return Place{.adapter = &adapters.front(), .data = {named, why}, .cache = {}};
}

/// Is the last name of a path a link, whatever lies above it?
bool is_link(const fs::path& path)
{
    std::error_code failed;  // the current folder is gone
    fs::path named = fs::absolute(path, failed).lexically_normal();
    if (!named.has_filename()) {  // "folder/"
        named = named.parent_path();
    }
    const auto found = files::info(without_links(named.parent_path()) / named.filename());
    return found && found->type == files::Type::link;
}

Result<std::vector<Place>> places_for(const Where& where, const Machine& machine, std::span<const Adapter> adapters,
                                      std::vector<std::string>& notes)
{
    if (where.user_data_dir.empty()) {
        auto places = places_on(machine, adapters, where);
        for (Place& place : moved_places(machine, adapters, where, notes)) {
            places.push_back(std::move(place));
        }
        return places;
    }
    TRY_ASSIGN(const Place place, place_at(where, machine, adapters));
    if (!place.only.empty() && is_link(where.user_data_dir)) {
        return fail(Code::usage, where.user_data_dir.string(),
                    "it is a link to a profile's own folder: a browser that uses it by the link has its lock there",
                    "name the data folder that the browser uses, or " + place.only.string() + " if none uses the link");
    }
    return std::vector<Place>{place};
}

/// Where the caches of a place may lie, without links, each once; what counts more comes first.
std::vector<CacheRoot> cache_roots_of(const Place& place, const Machine& machine, const Where& where)
{
    const Adapter& adapter = *place.adapter;
    std::vector<CacheRoot> roots;
    const fs::path data = without_links(place.data.path);
    for (const Moved& moved : moved_by_commands(adapter, machine, where.commands)) {
        const bool is_meant = moved.data.empty() ? place.is_usual : without_links(moved.data) == data;
        if (is_meant && !moved.cache.empty()) {
            roots.push_back({.spot = {moved.cache, moved.why}, .is_named = true});
        }
    }
    if (!place.cache.empty()) {
        roots.push_back({.spot = {place.cache, "its usual place"}});
    }
    if (adapter.places != nullptr) {
        const auto more = adapter.places->cache_roots(adapter, machine, place.data.path);
        roots.insert(roots.end(), more.begin(), more.end());
    }
    std::set<fs::path> seen;
    std::erase_if(roots, [&](CacheRoot& root) {
        const bool is_anybodys = root.is_named && !is_ours(root.spot.path);
        root.spot.path = without_links(root.spot.path);
        return is_anybodys || !seen.insert(root.spot.path).second;
    });
    return roots;
}

/// Where the caches of a profile are below one of these; `cache_root` is what its `cache` was made from.
fs::path cache_below(const CacheRoot& root, const Profile& profile, const fs::path& cache_root)
{
    const fs::path way = profile.cache.lexically_relative(cache_root);
    return root.is_named ? root.spot.path / fs::path(profile.id).filename()
           : way == "."  ? root.spot.path
                         : (root.spot.path / way).lexically_normal();  // one that lies elsewhere is where it was
}

/// Gives a profile all of its caches: those that are there, and where none is, the first of the places.
void add_caches(Profile& profile, const std::vector<CacheRoot>& roots, const fs::path& cache_root)
{
    std::vector<Spot> caches;
    for (const CacheRoot& root : roots) {
        if (fs::path cache = cache_below(root, profile, cache_root);
            cache != profile.path && (!root.is_named || is_ours(cache))) {
            caches.push_back({std::move(cache), root.spot.why});
        }
    }
    const auto is_there = [](const Spot& spot) { return files::exists(spot.path).value_or(true); };
    std::stable_partition(caches.begin(), caches.end(), is_there);
    if (roots.empty() && profile.cache != profile.path) {
        caches.push_back({profile.cache, "its usual place"});  // the family's own
    }
    profile.cache = caches.empty() ? profile.path : caches.front().path;
    profile.why_cache = caches.empty() ? "in the profile" : caches.front().why;
    for (std::size_t i = 1; i < caches.size() && is_there(caches[i]); ++i) {
        profile.more_caches.push_back(std::move(caches[i]));
    }
}

/// What list_profiles is to make the caches of profiles from.
fs::path cache_root_for(const std::vector<CacheRoot>& roots)
{
    const auto computed =
        std::find_if(roots.begin(), roots.end(), [](const CacheRoot& root) { return !root.is_named; });
    return computed == roots.end() ? fs::path() : computed->spot.path;
}

/// A profile into which nobody lets us look is one problem, not one for each of its stores.
void leave_out_denied(Discovery& discovery)
{
    std::erase_if(discovery.profiles, [&](const Discovered& found) {
        const auto folder = files::Folder::open(found.profile.path);
        const bool denied = !folder && folder.error().code == Code::denied;
        if (denied) {
            discovery.problems.push_back(with_hint_of(*found.adapter, folder.error()));
        }
        return denied;
    });
}

Result<void> narrow_to(const std::string& wanted, std::vector<Discovered>& profiles)
{
    const std::string sought = composed(wanted);  // a Mac's file names are not composed, what is typed mostly is
    std::vector<std::string> known;
    std::vector<Discovered> exact;
    std::vector<Discovered> alike;
    for (const Discovered& found : profiles) {
        known.push_back(fmt::format("{} ({})", found.profile.id, printable(found.profile.name)));
        const std::string id = composed(found.profile.id);
        const std::string name = composed(found.profile.name);
        if (id == sought || name == sought) {
            exact.push_back(found);
        } else if (lower(id) == lower(sought) || lower(name) == lower(sought)) {
            alike.push_back(found);
        }
    }
    if (exact.empty() && alike.empty()) {
        return fail(
            Code::usage, "--profile " + printable(wanted), "there is no profile of this name",
            known.empty() ? "no browser profile was found at all" : fmt::format("found: {}", fmt::join(known, ", ")));
    }
    profiles = exact.empty() ? alike : exact;
    return {};
}

}  // namespace

fs::path usual_cache(const Adapter& adapter, const Root& root, const Machine& machine)
{
    if (const auto named = machine.expand(root.cache)) {
        return *named;
    }
    const auto data = machine.expand(root.data);
    const auto roots = data && adapter.places != nullptr ? adapter.places->cache_roots(adapter, machine, *data)
                                                         : std::vector<CacheRoot>();
    return roots.empty() ? fs::path() : roots.front().spot.path;
}

namespace {

/// Takes what was found at a place. A profile that is found a second time, by a link, has one more data folder.
void add_profile(Profile profile, const Place& place, Discovery& discovery)
{
    const auto known = std::find_if(discovery.profiles.begin(), discovery.profiles.end(),
                                    [&](const Discovered& found) { return found.profile.path == profile.path; });
    if (known == discovery.profiles.end()) {
        discovery.profiles.push_back({place.adapter, std::move(profile)});
        return;
    }
    known->profile.more_roots.push_back(profile.root);
    if (profile.cache != profile.path && profile.cache != known->profile.cache) {
        known->profile.more_caches.push_back({profile.cache, profile.why_cache});
    }
}

void look_at(const Place& place, const Machine& machine, const Where& where, Discovery& discovery)
{
    const fs::path data = without_links(place.data.path);
    const auto roots = cache_roots_of(place, machine, where);
    const fs::path cache_root = cache_root_for(roots);
    auto profiles = place.adapter->list_profiles(data, cache_root);
    if (!profiles) {
        discovery.problems.push_back(with_hint_of(*place.adapter, profiles.error()));
        return;
    }
    for (Profile& profile : *profiles) {
        if (!place.only.empty() && profile.path != place.only) {
            continue;
        }
        if (profile.refused) {
            discovery.problems.push_back(*profile.refused);
            continue;
        }
        profile.browser = place.adapter->id;
        profile.policies = machine.expand(place.adapter->policies).value_or(fs::path());
        profile.why_root = place.data.why;
        add_caches(profile, roots, cache_root.empty() ? data : cache_root);
        add_profile(std::move(profile), place, discovery);
    }
}

Result<void> look_at_all(const Machine& machine, std::span<const Adapter> adapters, const Where& where,
                         Discovery& discovery)
{
    TRY_ASSIGN(const auto places, places_for(where, machine, adapters, discovery.notes));
    std::set<fs::path> seen;  // two names of one folder are one place
    for (const Place& place : places) {
        std::error_code cannot_tell;
        if (fs::status(place.data.path, cannot_tell).type() == fs::file_type::not_found) {
            continue;  // as most: one call for each, not one for each part of its path
        }
        const fs::path data = without_links(place.data.path);
        if (const auto folder = files::Folder::open(data); !folder) {
            const bool may_hold_some = folder.error().code == Code::denied || folder.error().code == Code::io;
            if (may_hold_some) {
                discovery.problems.push_back(with_hint_of(*place.adapter, folder.error()));
            }
            continue;
        }
        if (seen.insert(data).second) {
            look_at(place, machine, where, discovery);
        }
    }
    return {};
}

/// Is one of the browser's caches in the folder?
bool holds_caches(const Adapter& adapter, const fs::path& folder)
{
    return std::any_of(adapter.stores.begin(), adapter.stores.end(), [&](const StoreSpec& store) {
        return store.base == Base::cache && files::exists(folder / store.path).value_or(true);
    });
}

/// --cache-dir: what the browser's switch names, with a folder for each profile; or the caches of one.
Result<void> add_named_cache(const fs::path& named, std::vector<Discovered>& profiles)
{
    const fs::path folder = without_links(named);
    const std::string why = "named by --cache-dir";
    bool is_used = false;
    for (auto& [adapter, profile] : profiles) {
        fs::path below = folder / fs::path(profile.id).filename();
        if (below.has_filename() && files::exists(below).value_or(true)) {
            profile.more_caches.push_back({std::move(below), why});
            is_used = true;
        }
    }
    const bool is_of_one = std::any_of(profiles.begin(), profiles.end(), [&](const Discovered& discovered) {
        return holds_caches(*discovered.adapter, folder);
    });
    if (is_used || !is_of_one) {
        return is_used ? Result<void>()
                       : fail(Code::usage, "--cache-dir " + named.string(), "there are no caches of a profile in it",
                              "name the folder that is given to the browser with --disk-cache-dir, or the one with "
                              "`Cache` or `cache2` in it");
    }
    if (profiles.size() != 1) {
        return fail(Code::usage, "--cache-dir " + named.string(), "whose caches these are cannot be told",
                    "name the profile, too: --profile NAME, or --user-data-dir DIR");
    }
    profiles[0].profile.more_caches.push_back({folder, why});
    return {};
}

/// What may be missing.
void add_notes(const Machine& machine, std::span<const Adapter> adapters, const Where& where, Discovery& discovery)
{
    for (const auto& [adapter, profile] : discovery.profiles) {
        if (adapter->places != nullptr && adapter->places->lacks_cache(profile)) {
            discovery.notes.push_back(
                fmt::format("No cache of {}, profile {} was found: neither in {} nor in the profile. If the browser "
                            "keeps it elsewhere, name that folder: --cache-dir DIR",
                            adapter->label, printable(profile.id), printable(profile.cache.string())));
        }
    }
    if (!discovery.profiles.empty() || where.browsers.empty() || !where.user_data_dir.empty()) {
        return;
    }
    Discovery others;
    if (look_at_all(machine, adapters, {.commands = where.commands}, others)) {
        std::set<std::string_view> there;
        for (const auto& [adapter, profile] : others.profiles) {
            there.insert(adapter->id);
        }
        if (!there.empty()) {
            discovery.notes.push_back(fmt::format("There is no profile of {} here, but of others: --browser {}",
                                                  printable(fmt::format("{}", fmt::join(where.browsers, ", "))),
                                                  fmt::join(there, ",")));
        }
    }
}

}  // namespace

Result<Discovery> discover(const Machine& machine, std::span<const Adapter> adapters, const Where& where)
{
    TRY(check_browsers(adapters, where.browsers));
    Discovery discovery;
    TRY(look_at_all(machine, adapters, where, discovery));
    if (!where.user_data_dir.empty() && discovery.profiles.empty() && discovery.problems.empty()) {
        return fail(Code::usage, where.user_data_dir.string(), "there is no browser profile in this folder",
                    "name the folder that holds `Default` or `Profile 1`; unstick profiles lists those that it finds");
    }
    if (!where.profile.empty()) {
        TRY(narrow_to(where.profile, discovery.profiles));
    }
    if (!where.cache_dir.empty()) {
        TRY(add_named_cache(where.cache_dir, discovery.profiles));
    }
    leave_out_denied(discovery);
    add_notes(machine, adapters, where, discovery);
    return discovery;
}

std::vector<fs::path> unknown_data_folders(const Machine& machine, std::span<const Adapter> adapters,
                                           const Discovery& known)
{
    std::set<fs::path> there;
    for (const Place& place : places_on(machine, adapters, {})) {
        there.insert(without_links(place.data.path));
    }
    for (const auto& [adapter, profile] : known.profiles) {
        there.insert(profile.root);
        there.insert(profile.more_roots.begin(), profile.more_roots.end());
    }
    std::vector<fs::path> unknown;
    for (const Adapter& adapter : adapters) {
        if (adapter.places == nullptr || adapter.is_user_data_dir == nullptr) {
            continue;  // one of a family answers for all
        }
        for (fs::path& folder : adapter.places->likely(machine)) {
            if (there.insert(folder).second && adapter.is_user_data_dir(folder)) {
                unknown.push_back(std::move(folder));
            }
        }
    }
    return unknown;
}

}  // namespace unstick
