#pragma once
// A report in a line, for the system's log.

#include <vector>

#include "platform/system_log.h"
#include "report/report.h"

namespace unstick {

/// What was done to which site and how it ended: command, site, exit code, verdict, counts, codes of problems, rules of
/// findings, the run. Neither names nor paths nor anything of the items; every value is printable and of one line.
std::vector<SystemLog::Fact> log_facts(const Report& report);

/// Does somebody have to look at it? Not: done, nothing found, something found that fix can remove.
bool is_fault(Exit exit);

}  // namespace unstick
