#pragma once
// Help texts, made from the option table.

#include <string>

#include "request.h"

namespace unstick {

std::string short_help();              ///< `unstick` alone: what to type
std::string general_help();            ///< `unstick --help`
std::string help_of(Command command);  ///< `unstick COMMAND --help`

}  // namespace unstick
