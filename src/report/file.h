#pragma once
// The file of --report: written once, at the end, whole, for its owner alone.

#include <string_view>

#include "base/result.h"
#include "platform/machine.h"

namespace unstick {

/// Can the file be written, as far as can be told beforehand? Nothing is left behind. A regular file is replaced; a
/// link, a folder or anything else is not. Errors: usage, with what to do.
Result<void> check_report_file(const fs::path& file);

/// Writes or replaces it in one step, mode 0600; what was there stays until then. Errors: io, denied.
Result<void> write_report_file(const fs::path& file, std::string_view content);

}  // namespace unstick
