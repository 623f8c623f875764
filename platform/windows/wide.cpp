#include "platform/windows/wide.h"

#include <windows.h>
// after windows.h
#include <restartmanager.h>

#include <algorithm>
#include <array>

namespace unstick::windows {

std::wstring wide(std::string_view text)
{
    const int size = static_cast<int>(text.size());
    std::wstring result(static_cast<std::size_t>(::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0)), 0);
    ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, result.data(), static_cast<int>(result.size()));
    return result;
}

std::string narrow(std::wstring_view text)
{
    const int size = static_cast<int>(text.size());
    const int bytes = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, nullptr, 0, nullptr, nullptr);
    std::string result(static_cast<std::size_t>(bytes), 0);
    ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, result.data(), bytes, nullptr, nullptr);
    return result;
}

std::wstring long_form(const std::filesystem::path& path)
{
    std::wstring text = path.native();
    std::replace(text.begin(), text.end(), L'/', L'\\');
    if (text.starts_with(LR"(\\?\)")) {
        return text;
    }
    std::wstring full(::GetFullPathNameW(text.c_str(), 0, nullptr, nullptr), 0);
    full.resize(::GetFullPathNameW(text.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr));
    return full.starts_with(LR"(\\)") ? LR"(\\?\UNC\)" + full.substr(2) : LR"(\\?\)" + full;
}

std::string words_of(unsigned long error)
{
    std::wstring text(512, 0);
    text.resize(::FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, error, 0,
                                 text.data(), static_cast<DWORD>(text.size()), nullptr));
    while (!text.empty() &&
           (text.back() == L'.' || text.back() == L'\r' || text.back() == L'\n' || text.back() == L' ')) {
        text.pop_back();
    }
    return text.empty() ? "error " + std::to_string(error) : narrow(text);
}

std::int64_t holder_of(const std::filesystem::path& file)
{
    const std::wstring path = long_form(file).substr(4);  // it does not know that form
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
    const DWORD listed =
        known == ERROR_SUCCESS ? ::RmGetList(session, &needed, &count, programs.data(), &reasons) : known;
    ::RmEndSession(session);
    const bool found = (listed == ERROR_SUCCESS || listed == ERROR_MORE_DATA) && count > 0;
    return found ? programs[0].Process.dwProcessId : 0;
}

}  // namespace unstick::windows
