#pragma once
// Help texts, made from the option table.

#include <string>
#include <string_view>

#include "request.h"

namespace unstick {

std::string short_help();              ///< `unstick` alone: what to type
std::string general_help();            ///< `unstick --help`
std::string help_of(Command command);  ///< `unstick COMMAND --help`

/// `unstick help bash`, `fish`, `zsh`: completions for that shell; empty for any other word.
std::string completion_for(std::string_view shell);

}  // namespace unstick
