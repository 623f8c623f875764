#include "windows_holder.h"

#include <windows.h>
// after windows.h
#include <restartmanager.h>

#include <array>

namespace unstick::windows {

std::int64_t holder_of(std::wstring path)
{
    if (path.starts_with(LR"(\\?\)")) {  // it does not know this form
        path.erase(0, 4);
    }
    DWORD session = 0;
    std::array<wchar_t, CCH_RM_SESSION_KEY + 1> key{};
    if (::RmStartSession(&session, 0, key.data()) != ERROR_SUCCESS) {
        return 0;
    }
    LPCWSTR files = path.c_str();
    std::array<RM_PROCESS_INFO, 8> programs{};
    UINT needed = 0;
    UINT count = static_cast<UINT>(programs.size());
    DWORD reasons = 0;
    const DWORD known = ::RmRegisterResources(session, 1, &files, 0, nullptr, 0, nullptr);
    const DWORD listed = known == ERROR_SUCCESS ? ::RmGetList(session, &needed, &count, programs.data(), &reasons) : known;
    ::RmEndSession(session);
    const bool found = (listed == ERROR_SUCCESS || listed == ERROR_MORE_DATA) && count > 0;
    return found ? programs[0].Process.dwProcessId : 0;
}

}  // namespace unstick::windows
