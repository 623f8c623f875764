#include "main/rights.h"

#include "base/text.h"
#include "inventory/discover.h"
#include "main/environment.h"
#include "platform/this_host.h"
#include "platform/trust.h"
#include "platform/users.h"

namespace unstick {

namespace {

/// Browsers' folders may be somebody else's where the home folder is root's.
void add_data_folders(const Machine& machine, std::span<const Adapter> adapters, std::vector<fs::path>& places)
{
    for (const Adapter& adapter : adapters) {
        for (const Root& root : adapter.roots) {
            if (const auto data = root.os == machine.os ? machine.expand(root.data) : std::nullopt) {
                places.push_back(*data);
                std::error_code cannot_tell;
                if (fs::status(*data, cannot_tell).type() != fs::file_type::not_found) {
                    places.push_back(usual_cache(adapter, root, machine));
                }
            }
        }
    }
}

std::vector<fs::path> places_of(const Request& request, const Machine& here, std::span<const Adapter> adapters)
{
    std::vector<fs::path> places;
    if (!request.user_data_dir.empty()) {
        places.push_back(request.user_data_dir);
    } else {
        const bool is_home = request.home.empty();
        places.push_back(is_home ? fs::path(variable("HOME")) : request.home);
        add_data_folders(is_home ? here : Machine::at_home(request.home, request.os.value_or(here.os)), adapters,
                         places);
    }
    places.push_back(request.cache_dir);
    places.push_back(request.state_dir.empty() ? state_folder() : request.state_dir);
    return places;
}

}  // namespace

std::vector<fs::path> first_places(const NamedPlaces& named)
{
    std::vector<fs::path> places{named.home, named.user_data_dir, named.state_dir, variable("HOME"), config_file()};
    std::erase_if(places, [](const fs::path& place) { return place.empty(); });
    return places;
}

Result<void> Rights::give_up_for(const std::vector<fs::path>& places)
{
    for (const fs::path& place : places) {
        const auto owner = trust::is_root() && !place.empty() ? trust::first_owner(trust::way_to(place)) : std::nullopt;
        if (owner) {
            TRY_ASSIGN(const auto home, take_rights_of(*owner, place));
            taken_ = Taken{*owner, home};
        }
    }
    return {};
}

Result<void> Rights::take_for(Request& request, const Machine& here, std::span<const Adapter> adapters)
{
    TRY(give_up_for(places_of(request, here, adapters)));
    const bool is_named = !request.state_dir.empty();
    request.state_dir = state_folder_for(request);
    if (!request.state_dir.empty()) {
        TRY_ASSIGN(request.state_dir, trust::believed(request.state_dir));
    }
    if (taken_ && !request.home.empty()) {
        request.undo_options += " --home " + shell_word(request.home.string());
    }
    if (is_named || (taken_ && request.home.empty() && request.state_dir != state_folder())) {
        request.undo_options += " --state-dir " + shell_word(request.state_dir.string());
    }
    return {};
}

/// Runs are kept where their owner finds them; nowhere, if that is not known.
fs::path Rights::state_folder_for(const Request& request) const
{
    if (!request.state_dir.empty()) {
        return request.state_dir;
    }
    const fs::path usual = state_folder();
    const bool is_theirs = taken_ && !usual.empty() && trust::first_owner(trust::way_to(usual)) == taken_->owner;
    if (!taken_ || is_theirs) {
        return usual;
    }
    return state_folder_below(request.home.empty() ? taken_->home : request.home);
}

}  // namespace unstick
