#pragma once
// Folders below a profile, or beside one, that are laid out like a profile.

#include <filesystem>
#include <vector>

namespace unstick {

namespace fs = std::filesystem;

/// The storage partitions of a profile, as paths below it and, for their caches, below its cache folder: of Chromium's
/// applications and of pages in them `Storage/ext/<application>/<partition>`, of Electron `Partitions/<name>`. In
/// order. A folder of them that cannot be listed stands for them, so that who looks into it meets the error. No links.
std::vector<fs::path> partitions_of(const fs::path& profile);

/// Opera's side profiles, each with a data folder of its own: `_side_profiles/<name>` below the data folder of the main
/// one, as paths below it. In order; none if they cannot be listed. No links.
std::vector<fs::path> side_profiles_of(const fs::path& data_folder);

/// The data folder of what a program of Windows shows by WebView2, in that program's own folder: `EBWebView` below it.
/// The folder itself if it is a data folder, or has none below it.
fs::path web_view_in(const fs::path& folder);

}  // namespace unstick
