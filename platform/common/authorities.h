#pragma once
// Which certificate authorities this computer trusts. CMake picks who says so.

#include <filesystem>
#include <string>

namespace unstick {

/// The file of them, below `root`; empty where libcurl knows by itself, or where there is none.
std::string authorities_file(const std::filesystem::path& root = "/");

}  // namespace unstick
