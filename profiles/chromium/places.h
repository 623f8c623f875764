#pragma once
// Where a browser of the Chromium family keeps the caches of a data folder. What was seen, and where the rest is known
// from: docs/formats-chromium.md, "Where profiles are".

#include <span>
#include <vector>

#include "model/place_rules.h"

namespace unstick {

/// A folder for settings, and the one for caches that goes with it.
struct CacheHome {
    fs::path settings;
    fs::path caches;
};

/// Those that a machine has, and those that the path of `data` goes through by its names: what lies below another home
/// folder, a mounted disk, a flatpak or a snap is computed there.
std::vector<CacheHome> cache_homes(const Machine& machine, const fs::path& data);

/// Where the caches of a data folder lie: at the same relative path below the folder for caches if it lies below one
/// for settings. Empty: in the data folder itself. Compares names only: paths have to be absolute, without links.
std::vector<fs::path> computed_caches(std::span<const CacheHome> homes, const fs::path& data);

/// How they are all found.
const PlaceRules& chromium_places();

/// PlaceRules::cache_roots: the policy DiskCacheDir, and what is computed. Paths are compared as files: as they are
/// named, and without the links in them.
std::vector<CacheRoot> chromium_cache_roots(const Adapter& adapter, const Machine& machine, const fs::path& data);

/// PlaceRules::data_folders: CHROME_CONFIG_HOME, CHROME_USER_DATA_DIR, and on macOS the policy UserDataDir.
std::vector<Spot> chromium_data_folders(const Adapter& adapter, const Machine& machine);

/// PlaceRules::likely: folders whose `Local State` lists profiles, below the folders for settings of the machine, of
/// flatpaks and of snaps.
std::vector<fs::path> likely_data_folders(const Machine& machine);

/// PlaceRules::lacks_cache
bool lacks_cache(const Profile& profile);

/// The policies in a folder (policies/managed) that name places, with variables as Chromium takes them on Linux:
/// ${user_name} and ${machine_name}. Empty: none.
fs::path disk_cache_policy(const fs::path& policies, const Machine& machine);

/// A path in a policy with its variables replaced; empty if it is not absolute then.
fs::path expanded_policy_path(std::string text, const Machine& machine);

}  // namespace unstick
