#include "main/logs.h"

#include <string>
#include <utility>

#include "platform/trust.h"
#include "report/log_facts.h"

namespace unstick {

namespace {

/// What was done was done, whether or not it can be noted.
void note(const Result<void>& written, Report& report)
{
    if (!written) {
        report.problems.push_back(written.error());
        report.exit_code = report.exit_code == Exit::ok ? Exit::partial : report.exit_code;
    }
}

}  // namespace

Result<void> Logs::open_own(const Request& request)
{
    const bool is_own = trust::is_root() && !trust::first_owner(trust::way_to(request.log));
    return is_own ? open(request) : Result<void>();
}

Result<void> Logs::open(const Request& request)
{
    if (!request.log.empty() && !file_) {
        auto opened = LogFile::open(request.log);
        if (!opened) {
            return fail(Code::usage, "--log " + request.log.string(), opened.error().what,
                        "name a file in a folder that you can write to");
        }
        file_ = std::move(*opened);
    }
    if (request.log_to && !system_) {
        const auto opened = SystemLog::open(*request.log_to);
        if (!opened) {
            return fail(Code::usage, "--log-to " + std::string(name_of(*request.log_to)), opened.error().what,
                        opened.error().hint);
        }
        system_ = *opened;
    }
    return {};
}

void Logs::keep(Report& report)
{
    if (system_) {
        note(system_->write(is_fault(report.exit_code), log_facts(report)), report);
    }
    if (file_) {
        note(file_->append(to_json(report)), report);
    }
}

}  // namespace unstick
