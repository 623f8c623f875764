// system_log.h for macOS, whose unified log takes what syslog(3) is given.

#include "platform/system_log.h"

#include "platform/posix/syslog_line.h"

namespace unstick {

Result<SystemLog> SystemLog::open(Kind kind)
{
    if (kind != Kind::syslog) {
        return fail(Code::unsupported, std::string(name_of(kind)), "macOS has no such log", "--log-to syslog");
    }
    return SystemLog(kind);
}

Result<void> SystemLog::write(bool is_fault, const std::vector<Fact>& facts) const
{
    if (kind_ == Kind::syslog) {  // there is no other here
        write_syslog(is_fault, line_of(facts));
    }
    return {};
}

}  // namespace unstick
