#pragma once
// How to start a program of Linux again that is still running.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "../src/result.h"

namespace unstick {

/// What Host::command_of says, from what /proc (`proc`) knows about the process. A snap or flatpak is started by its own
/// launcher, which gives it the folders that it is kept to. Errors: not_found, denied.
Result<std::vector<std::string>> command_of_process(const std::filesystem::path& proc, std::int64_t pid);

}  // namespace unstick
