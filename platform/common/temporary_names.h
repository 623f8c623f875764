#pragma once
// Names of files that are there for a moment only, alike on all systems.

#include <string>
#include <string_view>

#include "platform/files.h"

namespace unstick::files {

/// The folder that a path's last name is in: "." if it says none.
fs::path parent_of(const fs::path& path);

/// A name that starts with `start` and ends with six random letters and digits.
std::string random_name(std::string_view start);

/// Between a file's name and the random end of the name of write_file's temporary file.
constexpr std::string_view temporary_infix = ".unstick-";

}  // namespace unstick::files
