#pragma once
// How browsers say which profiles they have, and who holds one. What lists profiles fails with denied or io if it
// cannot say which there are.

#include <span>
#include <string_view>
#include <vector>

#include "../adapter.h"

namespace unstick {

/// Chromium: `Local State` (profile.info_cache) and every folder with a `Preferences` file; the data
/// folder itself if it has one (older Opera). Skips System Profile and Guest Profile. Order: Default,
/// then by directory name.
Result<std::vector<Profile>> list_by_local_state(const fs::path& root, const fs::path& cache_root);

/// Safari 13 and newer, `library` in its sandbox: the default profile, "Default", whose path is `library` itself, and
/// those of Safari 17 and newer, `WebKit/WebsiteDataStore/<uuid>`, with the names that `<browser_folder>/SafariTabs.db`
/// gives them. Order: Default, then by uuid. The user's keychains go with Default.
Result<std::vector<Profile>> list_safari_container(const fs::path& library, std::string_view browser_folder);

/// Web apps in the Dock (macOS 14 and newer), `library` in the sandbox that all of them share: "Shared", what lies in
/// it itself, and each app, `Containers/com.apple.Safari.WebApp.<uuid>/Library`, by uuid.
Result<std::vector<Profile>> list_safari_web_apps(const fs::path& library);

/// Safari 12 and older, and what an update to a newer one left: `~/Library/Safari` and the folders beside it, as one
/// profile "Classic" whose path is `~/Library`. None if there is nothing but what newer ones keep there too.
Result<std::vector<Profile>> list_safari_classic(const fs::path& safari_folder);

/// GNOME Web: the data folder is the profile, "Default"; without a cache root its caches lie in `cache` below it
/// (`epiphany --profile=FOLDER`).
Result<std::vector<Profile>> list_epiphany(const fs::path& root, const fs::path& cache_root);

/// A browser that locks nothing: any process of one of these names may have the profile open.
Use used_by_process(const Host& host, std::span<const std::string_view> programs);

/// Chromium: what SingletonSocket and SingletonLock in the data folder say. A lock left by a crash is `free`, one of
/// another computer `elsewhere`. The LevelDB LOCK files are not looked at: hold.h does, for every adapter
/// (docs/formats-chromium.md, "Is the profile in use?").
Use singleton_use(const Profile& profile, const Host& host);

}  // namespace unstick
