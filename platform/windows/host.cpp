// This computer, if it runs Windows.

#include <windows.h>
#include <winsock2.h>
// after windows.h
#include <knownfolders.h>
#include <shellapi.h>
#include <shlobj.h>
#include <tlhelp32.h>
#include <winternl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <string>
#include <thread>

#include "base/text.h"
#include "platform/common/command_words.h"
#include "platform/resolver.h"
#include "platform/subprocess.h"
#include "platform/this_host.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"

namespace unstick {

namespace {

using windows::Handle;
using windows::narrow;
using windows::wide;

fs::path known_folder(const KNOWNFOLDERID& id)
{
    PWSTR text = nullptr;
    const bool known = SUCCEEDED(::SHGetKnownFolderPath(id, KF_FLAG_DEFAULT, nullptr, &text));
    fs::path folder = known ? text : L"";
    ::CoTaskMemFree(text);
    return folder;
}

std::string name_of_computer(COMPUTER_NAME_FORMAT format)
{
    std::array<wchar_t, 256> name{};
    DWORD size = static_cast<DWORD>(name.size());
    return ::GetComputerNameExW(format, name.data(), &size) ? narrow({name.data(), size}) : "";
}

std::string user_name()
{
    std::array<wchar_t, 257> name{};
    DWORD size = static_cast<DWORD>(name.size());  // with its final zero
    return ::GetUserNameW(name.data(), &size) && size > 0 ? narrow({name.data(), size - 1}) : "";
}

/// A text in the registry, as it is written; std::nullopt if there is none that is a text.
std::optional<std::string> text_below(HKEY root, const std::wstring& key, const std::wstring& name)
{
    constexpr DWORD longest = 65536;  // bytes
    constexpr DWORD kinds = RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND;
    std::wstring text(longest / sizeof(wchar_t), L'\0');
    DWORD size = longest;
    if (::RegGetValueW(root, key.c_str(), name.c_str(), kinds, nullptr, text.data(), &size) != ERROR_SUCCESS) {
        return std::nullopt;
    }
    text.resize(text.find(L'\0'));  // RegGetValueW ends it with one
    return narrow(text);
}

/// The user that a process runs for; empty if it cannot be told, as for most processes of others.
std::vector<std::byte> user_of(HANDLE process)
{
    HANDLE token = nullptr;
    if (!::OpenProcessToken(process, TOKEN_QUERY, &token)) {
        return {};
    }
    const Handle opened(token);
    DWORD size = 0;
    ::GetTokenInformation(token, TokenUser, nullptr, 0, &size);
    std::vector<std::byte> user(size);
    if (size == 0 || !::GetTokenInformation(token, TokenUser, user.data(), size, &size)) {
        return {};
    }
    const PSID sid = reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid;
    const auto* const first = static_cast<const std::byte*>(sid);
    return {first, first + ::GetLengthSid(sid)};
}

/// The words that a process was started with; empty if the system does not say. NtQueryInformationProcess with the
/// class ProcessCommandLineInformation (60; since Windows 8.1; in the headers of System Informer, not in Microsoft's):
/// a UNICODE_STRING, and behind it its text.
std::vector<std::string> words_of(HANDLE process)
{
    constexpr auto command_line = static_cast<PROCESSINFOCLASS>(60);
    constexpr ULONG longest = sizeof(UNICODE_STRING) + 65536;  // bytes: a command line has 32,767 characters at most
    alignas(UNICODE_STRING) std::array<std::byte, longest> bytes{};
    ULONG size = 0;
    if (::NtQueryInformationProcess(process, command_line, bytes.data(), longest, &size) != 0) {
        return {};
    }
    UNICODE_STRING text{};
    std::memcpy(&text, bytes.data(), sizeof(text));
    if (text.Buffer == nullptr || text.Length == 0) {
        return {};
    }
    const std::wstring line(text.Buffer, text.Length / sizeof(wchar_t));
    int count = 0;
    LPWSTR* const words = ::CommandLineToArgvW(line.c_str(), &count);
    std::vector<std::string> found;
    for (int i = 0; words != nullptr && i < count; ++i) {
        found.push_back(narrow(words[i]));
    }
    ::LocalFree(words);
    return found;
}

/// Windows that a person sees as the program itself, not its dialogues.
struct MainWindows {
    DWORD process = 0;
    std::vector<HWND> found;

    static BOOL CALLBACK visit(HWND window, LPARAM context)
    {
        auto& windows = *reinterpret_cast<MainWindows*>(context);
        DWORD owner = 0;
        ::GetWindowThreadProcessId(window, &owner);
        if (owner == windows.process && ::IsWindowVisible(window) && ::GetWindow(window, GW_OWNER) == nullptr) {
            windows.found.push_back(window);
        }
        return TRUE;
    }
};

class WindowsHost : public Host {
public:
    Machine machine() const override
    {
        Machine machine = Machine::at_home(known_folder(FOLDERID_Profile), Os::windows);
        machine.folders["local"] = known_folder(FOLDERID_LocalAppData);
        machine.folders["roaming"] = known_folder(FOLDERID_RoamingAppData);
        machine.folders["programs"] = known_folder(FOLDERID_ProgramFiles);
        machine.folders["programs_x86"] = known_folder(FOLDERID_ProgramFilesX86);
        machine.folders["program_data"] = known_folder(FOLDERID_ProgramData);
        machine.folders["documents"] = known_folder(FOLDERID_Documents);
        machine.folders["windows"] = known_folder(FOLDERID_Windows);
        std::erase_if(machine.folders, [](const auto& folder) { return folder.second.empty(); });
        machine.user = user_name();
        machine.name = name_of_computer(ComputerNamePhysicalDnsHostname);
        return machine;
    }

    std::optional<std::string> registry_text(const RegistryText& text) const override
    {
        for (const HKEY root : {HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER}) {
            if (auto found = text_below(root, wide(text.key), wide(text.name))) {
                return found;
            }
        }
        return std::nullopt;
    }

    std::string host_name() const override { return name_of_computer(ComputerNameDnsHostname); }

    std::int64_t now() const override { return std::time(nullptr); }

    void sleep(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }

    bool process_exists(std::int64_t pid) const override
    {
        const Handle process(::OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(pid)));
        return process ? ::WaitForSingleObject(process.get(), 0) == WAIT_TIMEOUT
                       : pid > 0 && ::GetLastError() == ERROR_ACCESS_DENIED;
    }

    std::vector<std::int64_t> processes_named(std::string_view program) const override
    {
        const std::string with_ending = lower(program) + ".exe";
        std::vector<std::int64_t> found;
        const Handle all(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
        PROCESSENTRY32W entry{};
        entry.dwSize = sizeof(entry);
        for (BOOL more = ::Process32FirstW(all.get(), &entry); more; more = ::Process32NextW(all.get(), &entry)) {
            if (const std::string name = lower(narrow(entry.szExeFile));
                name == lower(program) || name == with_ending) {
                found.push_back(entry.th32ProcessID);
            }
        }
        return found;
    }

    std::vector<std::vector<std::string>> commands_with(std::span<const std::string_view> beginnings,
                                                        const fs::path& home) const override
    {
        if (home != known_folder(FOLDERID_Profile)) {
            return {};
        }
        const auto ours = user_of(::GetCurrentProcess());
        std::vector<std::vector<std::string>> commands;
        const Handle all(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
        PROCESSENTRY32W entry{};
        entry.dwSize = sizeof(entry);
        for (BOOL more = ::Process32FirstW(all.get(), &entry); more; more = ::Process32NextW(all.get(), &entry)) {
            const Handle process(::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, entry.th32ProcessID));
            if (!process || ours.empty() || user_of(process.get()) != ours) {
                continue;
            }
            if (auto words = words_of(process.get()); has_word(words, beginnings)) {
                commands.push_back(std::move(words));
            }
        }
        return commands;
    }

    Result<std::int64_t> socket_listener(const fs::path& socket) const override
    {
        return fail(Code::not_found, socket.string(), "no browser listens on sockets here");
    }

    Result<std::int64_t> writer_of(const fs::path& file) const override
    {
        const Handle opened(::CreateFileW(windows::long_form(file).c_str(), GENERIC_WRITE,
                                          FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                          OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
        if (!opened && ::GetLastError() == ERROR_SHARING_VIOLATION) {
            return windows::holder_of(file);
        }
        return fail(Code::not_found, file.string(), "no program keeps it open");
    }

    Result<std::int64_t> message_window(std::string_view kind, std::string_view title) const override
    {
        DWORD process = 0;
        if (const HWND window = ::FindWindowExW(HWND_MESSAGE, nullptr, wide(kind).c_str(), wide(title).c_str())) {
            ::GetWindowThreadProcessId(window, &process);
        }
        if (process == 0) {
            return fail(Code::not_found, std::string(title), "no program takes messages under this name");
        }
        return std::int64_t{process};
    }

    Result<void> ask_to_quit(std::int64_t pid) override
    {
        MainWindows windows{static_cast<DWORD>(pid), {}};
        ::EnumWindows(MainWindows::visit, reinterpret_cast<LPARAM>(&windows));
        const bool asked = std::count_if(windows.found.begin(), windows.found.end(),
                                         [](HWND window) { return ::PostMessageW(window, WM_CLOSE, 0, 0) != 0; }) > 0;
        if (asked) {
            return {};
        }
        return fail(Code::locked, "process " + std::to_string(pid), "it has no window that could be asked to close",
                    "close the browser by hand, also where it goes on in the notification area, and run unstick again");
    }

    Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                            std::chrono::milliseconds patience) override
    {
        return unstick::run_program(command, input, patience);
    }

    Result<void> start_program(const std::vector<std::string>& command) override
    {
        return unstick::start_program(command);
    }

    Result<void> flush_dns() override
    {
        // What `ipconfig /flushdns` calls. It is in no header.
        using Flush = BOOL(WINAPI*)();
        const HMODULE library = ::LoadLibraryExW(L"dnsapi.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
        const FARPROC found = library == nullptr ? nullptr : ::GetProcAddress(library, "DnsFlushResolverCache");
        if (found == nullptr) {
            return fail(Code::not_found, "DNS cache", "this Windows has no name cache that unstick knows",
                        "as an administrator: ipconfig /flushdns");
        }
        if (!reinterpret_cast<Flush>(reinterpret_cast<void*>(found))()) {
            return fail(Code::denied, "DNS cache", "the name cache cannot be emptied",
                        "as an administrator: ipconfig /flushdns");
        }
        return {};
    }

    Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                      const std::vector<std::string>& variables) override
    {
        return unstick::start_piped(command, variables);
    }

    Result<std::vector<std::string>> resolve(const std::string& host) override { return unstick::resolve(host); }

    std::unique_ptr<HttpClient> http(const HttpOptions& options) override { return make_http_client(options); }
};

}  // namespace

std::unique_ptr<Host> this_host()
{
    return std::make_unique<WindowsHost>();
}

fs::path state_folder()
{
    return below_known(known_folder(FOLDERID_LocalAppData), "unstick");
}

fs::path state_folder_below(const fs::path& home)
{
    return below_known(home, "AppData/Local/unstick");
}

fs::path config_file()
{
    return below_known(known_folder(FOLDERID_RoamingAppData), L"unstick/config");
}

}  // namespace unstick
