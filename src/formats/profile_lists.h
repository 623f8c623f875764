#pragma once
// How browsers say which profiles they have, and who holds one.

#include <vector>

#include "../adapter.h"

namespace unstick {

/// Chromium: `Local State` (profile.info_cache) and every folder with a `Preferences` file; the data
/// folder itself if it has one (older Opera). Skips System Profile and Guest Profile. Order: Default,
/// then by directory name.
std::vector<Profile> list_by_local_state(const fs::path& root, const fs::path& cache_root);

/// Chromium: what SingletonSocket and SingletonLock in the data folder say. A lock left by a crash is `free`, one of
/// another computer `elsewhere`. The LevelDB LOCK files are not looked at: hold.h does, for every adapter
/// (docs/formats-chromium.md, "Is the profile in use?").
Use singleton_use(const Profile& profile, const Host& host);

}  // namespace unstick
