#pragma once
// syslog(3), for the systems that have it.

#include <syslog.h>

#include <string>

namespace unstick {

/// One line, as information or a warning. What becomes of it nobody says: syslog(3) has no errors.
inline void write_syslog(bool is_fault, const std::string& line)
{
    ::openlog("unstick", LOG_PID, LOG_USER);
    ::syslog(is_fault ? LOG_WARNING : LOG_INFO, "%s", line.c_str());
    ::closelog();
}

}  // namespace unstick
