#pragma once
// Looking into a store that is a folder.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "../files.h"
#include "../item.h"

namespace unstick {

/// Names of the folders in a folder, sorted; no links. If the folder is there, `found` is present; if it cannot be
/// listed, that becomes a problem.
std::vector<std::string> folders_in(const std::filesystem::path& path, Found& found);

/// The same for regular files.
std::vector<std::string> files_in(const std::filesystem::path& path, Found& found);

/// Makes the file or folder `name` of `container`, which goes with an item, a piece of it if there is one of that type.
/// Returns its size. What cannot be looked at (a disk that fails) is taken for there: the item cannot be saved then,
/// and stays whole.
std::uint64_t add_if_there(Item& item, const std::filesystem::path& container, const std::string& name,
                           files::Type type);

}  // namespace unstick
