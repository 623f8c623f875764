#pragma once
// How a family's browsers are found where they do not have their usual places: what their policies, variables, switches
// and folders say. Data and functions of an Adapter, apart from it because only discover() needs them.

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "model/adapter.h"

namespace unstick {

/// Where the caches of a data folder may lie.
struct CacheRoot {
    Spot spot;
    /// Named by a switch or a policy: each profile has a folder of its own name in it. Else the folders below it are
    /// named as those below the data folder.
    bool is_named = false;
};

struct PlaceRules {
    /// Where the caches of the data folder `data` may lie, by policies and as the browser computes it; what counts more
    /// comes first. Not resolved, and not looked at.
    std::vector<CacheRoot> (*cache_roots)(const Adapter& adapter, const Machine& machine, const fs::path& data);
    /// What the registry of Windows may say about where a browser keeps its things.
    std::vector<RegistryText> (*registry_texts)(const Adapter& adapter);
    /// Data folders that variables and policies name.
    std::vector<Spot> (*data_folders)(const Adapter& adapter, const Machine& machine);
    /// The switches that name them: "--user-data-dir=", "--disk-cache-dir=".
    std::string_view data_switch;
    std::string_view cache_switch;
    /// Where browsers are installed that run a program of another name than they are started by: the beginning of its
    /// path, and Adapter::id.
    std::span<const std::pair<std::string_view, std::string_view>> installed;
    /// Data folders of whatever browser at places where such browsers have theirs; for people.
    std::vector<fs::path> (*likely)(const Machine& machine);
    /// Was the profile used, and none of its caches is there?
    bool (*lacks_cache)(const Profile& profile);
};

}  // namespace unstick
