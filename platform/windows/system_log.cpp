// system_log.h for Windows: the Application log. The source needs no entry in the registry; without one the viewer says
// that it has no description, and shows our line.

#include "platform/system_log.h"

#include <windows.h>

#include "platform/windows/wide.h"

namespace unstick {

Result<SystemLog> SystemLog::open(Kind kind)
{
    if (kind != Kind::eventlog) {
        return fail(Code::unsupported, std::string(name_of(kind)), "Windows has no such log", "--log-to eventlog");
    }
    return SystemLog(kind);
}

Result<void> SystemLog::write(bool is_fault, const std::vector<Fact>& facts) const
{
    const HANDLE source = ::RegisterEventSourceW(nullptr, L"unstick");
    if (source == nullptr) {
        return fail(Code::io, std::string(name_of(kind_)), "the Application log takes no entry");
    }
    const std::wstring line = windows::wide(line_of(facts));
    const wchar_t* text = line.c_str();
    constexpr DWORD run_ended = 1;
    const WORD type = is_fault ? EVENTLOG_WARNING_TYPE : EVENTLOG_INFORMATION_TYPE;
    const BOOL written = ::ReportEventW(source, type, 0, run_ended, nullptr, 1, 0, &text, nullptr);
    ::DeregisterEventSource(source);
    return written != FALSE ? Result<void>()
                            : fail(Code::io, std::string(name_of(kind_)), "the Application log took no entry");
}

}  // namespace unstick
