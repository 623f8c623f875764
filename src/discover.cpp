#include "discover.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "files.h"
#include "text.h"

namespace unstick {

namespace {

struct Place {
    const Adapter* adapter = nullptr;
    fs::path data;
    fs::path cache;  ///< empty if not apart
};

bool is_chosen(const Adapter& adapter, const std::vector<std::string>& browsers)
{
    return browsers.empty() || std::find(browsers.begin(), browsers.end(), adapter.id) != browsers.end();
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

std::vector<Place> places_on(const Machine& machine, std::span<const Adapter> adapters,
                             const std::vector<std::string>& browsers)
{
    std::vector<Place> places;
    for (const Adapter& adapter : adapters) {
        for (const Root& root : adapter.roots) {
            const auto data = machine.expand(root.data);
            if (root.os == machine.os && data && is_chosen(adapter, browsers)) {
                places.push_back({&adapter, *data, machine.expand(root.cache).value_or(fs::path())});
            }
        }
    }
    return places;
}

/// The adapter for a data folder named by the user: the one that keeps its data there, else the one chosen, else the
/// first. Browsers of one family differ in nothing but where they are.
Place place_at(const fs::path& folder, const Machine& machine, std::span<const Adapter> adapters,
               const std::vector<std::string>& browsers)
{
    for (const Place& place : places_on(machine, adapters, browsers)) {
        if (place.data == folder) {
            return place;
        }
    }
    for (const Adapter& adapter : adapters) {
        if (is_chosen(adapter, browsers) && (!browsers.empty() || adapter.id == "chromium")) {
            return {&adapter, folder, {}};
        }
    }
    return {&adapters.front(), folder, {}};
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
    std::vector<std::string> known;
    std::vector<Discovered> exact;
    std::vector<Discovered> alike;
    for (const Discovered& found : profiles) {
        known.push_back(fmt::format("{} ({})", found.profile.id, printable(found.profile.name)));
        if (found.profile.id == wanted || found.profile.name == wanted) {
            exact.push_back(found);
        } else if (lower(found.profile.id) == lower(wanted) || lower(found.profile.name) == lower(wanted)) {
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

Result<Discovery> discover(const Machine& machine, std::span<const Adapter> adapters, const Where& where)
{
    if (auto known = check_browsers(adapters, where.browsers); !known) {
        return tl::unexpected<Error>(known.error());
    }
    const bool given = !where.user_data_dir.empty();
    const auto places = given ? std::vector<Place>{place_at(where.user_data_dir, machine, adapters, where.browsers)}
                              : places_on(machine, adapters, where.browsers);
    Discovery discovery;
    std::set<fs::path> seen;  // two names of one folder are one place
    for (const Place& place : places) {
        const fs::path data = without_links(place.data);
        if (const auto folder = files::Folder::open(data); !folder) {
            const bool may_hold_some = folder.error().code == Code::denied || folder.error().code == Code::io;
            if (may_hold_some) {
                discovery.problems.push_back(with_hint_of(*place.adapter, folder.error()));
            }
            continue;
        }
        if (!seen.insert(data).second) {
            continue;
        }
        auto profiles = place.adapter->list_profiles(data, without_links(place.cache));
        if (!profiles) {
            discovery.problems.push_back(with_hint_of(*place.adapter, profiles.error()));
            continue;
        }
        for (Profile& profile : *profiles) {
            profile.browser = place.adapter->id;
            profile.policies = machine.expand(place.adapter->policies).value_or(fs::path());
            discovery.profiles.push_back({place.adapter, std::move(profile)});
        }
    }
    if (given && discovery.profiles.empty() && discovery.problems.empty()) {
        return fail(Code::usage, where.user_data_dir.string(), "there is no browser profile in this folder",
                    "name the folder that holds `Default` or `Profile 1`; unstick profiles lists those that it finds");
    }
    if (!where.profile.empty()) {
        if (auto narrowed = narrow_to(where.profile, discovery.profiles); !narrowed) {
            return tl::unexpected<Error>(narrowed.error());
        }
    }
    leave_out_denied(discovery);
    return discovery;
}

}  // namespace unstick
