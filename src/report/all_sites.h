#pragma once
// Several sites on one command line: one run for each, as one result.

#include <span>
#include <string>
#include <string_view>

#include "report/report.h"

namespace unstick {

/// One JSON object: `{ "schema_version", "command", "version", "sites": [ { "site", "exit_code", "report" } ],
/// "exit_code" }`.
std::string to_json(std::string_view command, std::span<const Report> reports);

/// An internal error (1), no consent or a cancelled run (2, 130) and something to fix (10) win. Sites of which there is
/// nothing (9) do not count beside others. One code if all others agree, else 3.
Exit exit_of(std::span<const Report> reports);

}  // namespace unstick
