#pragma once
// Which profiles a browser of the Chromium family has, and who holds one. What lists profiles fails with denied or io
// if it cannot say which there are.

#include <vector>

#include "model/adapter.h"

namespace unstick {

/// Chromium: `Local State` (profile.info_cache) and every folder with a `Preferences` file; the data
/// folder itself if it has one (older Opera, Electron). Skips System Profile and Guest Profile. Order: Default, then by
/// directory name; then Opera's side profiles, whose names begin with `_side_profiles/`. Of a folder of a Windows
/// program those in its `EBWebView`. With each its partitions (partitions.h).
Result<std::vector<Profile>> list_by_local_state(const fs::path& root, const fs::path& cache_root);

/// The data folder of a folder that the user named: of a profile's own folder (with `Preferences`) the one around it,
/// if that has `Local State`; the same folder if it has both, as older Opera's. Errors: usage if neither has `Local
/// State`: where the locks are cannot be told.
Result<fs::path> data_folder_of_chromium(const fs::path& folder);

/// Is there such a profile, or may there be one that nobody lets us see?
bool has_chromium_profiles(const fs::path& folder);

/// Chromium: what SingletonSocket and SingletonLock in the data folder say. A lock left by a crash is `free`, also if
/// its process id is another program's by now (`what` says so then); one of another computer is `elsewhere`. The
/// LevelDB LOCK files are not looked at: hold.h does, for every adapter (docs/formats-chromium.md, "Is the profile in
/// use?").
LockState singleton_use(const Profile& profile, const Processes& processes);

}  // namespace unstick
