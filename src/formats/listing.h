#pragma once
// Looking into a store that is a folder.

#include <filesystem>
#include <string>
#include <vector>

#include "../item.h"

namespace unstick {

/// Names of the folders in a folder, sorted; no links. If the folder is there, `found` is present; if it cannot be
/// listed, that becomes a problem.
std::vector<std::string> folders_in(const std::filesystem::path& path, Found& found);

/// The same for regular files.
std::vector<std::string> files_in(const std::filesystem::path& path, Found& found);

}  // namespace unstick
