// What is alike in the logs of all systems.

#include "platform/system_log.h"

namespace unstick {

std::string line_of(const std::vector<SystemLog::Fact>& facts)
{
    std::string line;
    for (const SystemLog::Fact& fact : facts) {
        if (!fact.value.empty()) {
            line += (line.empty() ? "" : " ") + fact.name + "=" + fact.value;
        }
    }
    return line;
}

std::string_view name_of(SystemLog::Kind kind)
{
    switch (kind) {
        case SystemLog::Kind::journal:
            return "journal";
        case SystemLog::Kind::syslog:
            return "syslog";
        case SystemLog::Kind::eventlog:
            break;
    }
    return "eventlog";
}

}  // namespace unstick
