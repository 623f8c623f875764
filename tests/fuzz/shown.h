#pragma once
// For fuzz targets that make a report.

#include <algorithm>
#include <string>

#include "base/text.h"
#include "report/report.h"
#include "tests/fuzz/fuzz.h"

namespace unstick::fuzz {

/// Each line of both forms is valid UTF-8 without control characters.
inline void check_shown(const Report& report)
{
    TextOptions options;
    options.verbose = true;
    const std::string text = to_text(report, options) + to_json(report);
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        const std::string line = text.substr(start, end - start);
        check(printable(line) == line, "a line of the report is safe for a terminal");
        start = end + 1;
    }
}

}  // namespace unstick::fuzz
