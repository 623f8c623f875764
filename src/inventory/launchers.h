#pragma once
// How browsers are started on a machine: what launchers say (freedesktop.org, "Desktop Entry Specification").

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/discover.h"

namespace unstick {

/// The words of a line `Exec=` as a launcher starts it: quoted ones without their quotes, field codes (%U) left out,
/// and what a shell is given (sh -c "...") as words, too.
std::vector<std::string> words_of_exec(std::string_view line);

/// The commands of a machine's launchers that have a word which begins with one of these: those of the user and, where
/// it is this computer, of the system. Files that cannot be read say nothing. Linux only.
std::vector<CommandLine> launcher_commands(const Machine& machine, std::span<const std::string_view> beginnings);

}  // namespace unstick
