#pragma once
// Which unstick this is.

#include <string>

namespace unstick {

extern const char* const version;  ///< "0.1.0"

/// What --version prints: "unstick " and the version on the first line, then what it was built from.
std::string version_text();

}  // namespace unstick
