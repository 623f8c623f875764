#pragma once
// Which program a process of Linux runs, and how to start it again.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace unstick {

/// What Processes::command_of says, from what /proc (`proc`) knows about the process. A snap or flatpak is started by
/// its own launcher, which gives it the folders that it is kept to. Errors: not_found, denied.
Result<std::vector<std::string>> command_of_process(const std::filesystem::path& proc, std::int64_t pid);

/// What Processes::program_of says. Errors: not_found.
Result<std::filesystem::path> program_of_process(const std::filesystem::path& proc, std::int64_t pid);

/// What Processes::commands_with says, from what `proc` knows.
std::vector<std::vector<std::string>> commands_in(const std::filesystem::path& proc,
                                                  std::span<const std::string_view> beginnings,
                                                  const std::filesystem::path& home);

}  // namespace unstick
