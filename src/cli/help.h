#pragma once
// Help texts, made from the option table.

#include <string>
#include <string_view>
#include <vector>

#include "cli/request.h"

namespace unstick {

/// What to type, on one screen: `unstick -h`, and `unstick` alone where nobody can be led.
std::string short_help();
/// The same of one command: `unstick COMMAND -h`.
std::string short_help(Command command);
/// `unstick --help`, in so many columns; commands to be copied are not broken.
std::string general_help(int width = 80);
/// `unstick COMMAND --help`.
std::string help_of(Command command, int width = 80);

/// What `unstick help` knows besides no word at all: commands, shells, man.
std::vector<std::string> help_topics();

/// `unstick help bash`, `fish`, `powershell`, `zsh`: completions for that shell, made from the option table; empty for
/// any other word. `browsers`: what --browser takes.
std::string completion_for(std::string_view shell, const std::vector<std::string>& browsers);

}  // namespace unstick
