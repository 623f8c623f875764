#pragma once
// Changing a folder as a whole: a new version of it is built beside it and takes its name in one step.

#include <filesystem>
#include <functional>

#include "../files.h"
#include "../result.h"

namespace unstick {

/// `build` fills the new version, an empty private folder; all files in it must be durable when it returns. The new
/// version gets the folder's mode and, in one step, its name; then the old one is removed. Cut off anywhere, the name
/// stands for the old or the new version, whole.
/// Errors: as files::Folder::open, of `build`, or io: then the folder is as it was. Only if the old version cannot be
/// removed, the new one is in place all the same; `tidy_replaced` removes the rest later.
Result<void> replace_folder(const std::filesystem::path& folder,
                            const std::function<Result<void>(const std::filesystem::path& fresh)>& build);

/// Removes what a replacement that was cut off left beside the folder. True if there was something.
bool tidy_replaced(const std::filesystem::path& folder);

}  // namespace unstick
