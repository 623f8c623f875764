#pragma once
// Where a run is noted besides the report: --log, --log-to.

#include <optional>

#include "cli/request.h"
#include "platform/log_file.h"
#include "platform/system_log.h"
#include "report/report.h"

namespace unstick {

class Logs {
public:
    /// Opens the file of --log, if one was named, with root's own rights: only where nobody else has anything on the
    /// way; elsewhere it is opened when root has given them up. Errors: usage.
    Result<void> open_own(const Request& request);
    /// Opens what was named and is not open yet. Errors: usage.
    Result<void> open(const Request& request);
    /// Writes the report, or a line of it, to what is open. What fails becomes a problem of the report.
    void keep(Report& report);

private:
    std::optional<LogFile> file_;
    std::optional<SystemLog> system_;
};

}  // namespace unstick
