#pragma once
// Which profiles Safari and GNOME Web have. What lists profiles fails with denied or io if it cannot say which there
// are.

#include <string_view>
#include <vector>

#include "model/adapter.h"

namespace unstick {

/// Safari 13 and newer, `library` in its sandbox: the default profile, "Default", whose path is `library` itself, and
/// those of Safari 17 and newer, `WebKit/WebsiteDataStore/<uuid>`, with the names that `<browser_folder>/SafariTabs.db`
/// gives them. Order: Default, then by uuid. The user's keychains go with Default.
Result<std::vector<Profile>> list_safari_container(const fs::path& library, std::string_view browser_folder);

/// Web apps in the Dock (macOS 14 and newer), `library` in the sandbox that all of them share: "Shared", what lies in
/// it itself, and each app, `Containers/com.apple.Safari.WebApp.<uuid>/Library`, by uuid.
Result<std::vector<Profile>> list_safari_web_apps(const fs::path& library);

/// Safari 12 and older, and what an update to a newer one left: the folders in `~/Library`, as one profile "Classic"
/// whose path that is. `folder` is `~/Library/Safari` or, for where that is gone, `~/Library/Cookies`: there is no such
/// profile in this one while the other is there. None if there is nothing but what newer ones keep there too.
Result<std::vector<Profile>> list_safari_classic(const fs::path& folder);

/// GNOME Web: the data folder is the profile, "Default"; without a cache root its caches lie in `cache` below it
/// (`epiphany --profile=FOLDER`).
Result<std::vector<Profile>> list_epiphany(const fs::path& root, const fs::path& cache_root);

}  // namespace unstick
