#pragma once
// What the program is started with besides its arguments.

#include <string>

#include "base/result.h"

namespace unstick {

/// An environment variable; empty if it is not set.
std::string variable(const std::string& name);

/// The configuration file's text. Empty if there is none, or none that we are allowed to see. Errors: denied, as
/// trust::believed, if others can decide what is in it; as files::read_file.
Result<std::string> read_config();

}  // namespace unstick
