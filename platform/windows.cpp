// This computer, if it runs Windows.

#include <windows.h>
#include <winsock2.h>
// after windows.h
#include <knownfolders.h>
#include <shlobj.h>
#include <tlhelp32.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string>
#include <thread>

#include "../src/text.h"
#include "names.h"
#include "platform.h"
#include "programs.h"
#include "windows_handle.h"
#include "windows_text.h"

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
        return machine;
    }

    std::string host_name() const override
    {
        std::array<wchar_t, 256> name{};
        DWORD size = static_cast<DWORD>(name.size());
        return ::GetComputerNameExW(ComputerNameDnsHostname, name.data(), &size) ? narrow({name.data(), size}) : "";
    }

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
        return fail(Code::denied, "process " + std::to_string(pid), "it has no window that could be asked to close",
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
    return known_folder(FOLDERID_LocalAppData) / "unstick";
}

fs::path state_folder_below(const fs::path& home)
{
    return home / "AppData/Local/unstick";
}

fs::path config_file()
{
    return known_folder(FOLDERID_RoamingAppData) / "unstick" / "config";
}

}  // namespace unstick
