#pragma once
// Which unstick this is.

#include <string>

namespace unstick {

extern const char* const version;      ///< "0.1.0"
extern const char* const source_date;  ///< "2026-11-30": of the commit, or of SOURCE_DATE_EPOCH where git knows none

/// What --version prints: "unstick " and the version on the first line, then what it was built from.
std::string version_text();

}  // namespace unstick
