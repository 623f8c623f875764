// The console of Windows.

#include <windows.h>

#include <fcntl.h>
#include <io.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "platform/secret_line.h"
#include "platform/terminal.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"

namespace unstick {

namespace {

HANDLE handle_of(Stream stream)
{
    switch (stream) {
        case Stream::input:
            return ::GetStdHandle(STD_INPUT_HANDLE);
        case Stream::output:
            return ::GetStdHandle(STD_OUTPUT_HANDLE);
        default:
            return ::GetStdHandle(STD_ERROR_HANDLE);
    }
}

/// The console itself, whatever our input and output are.
HANDLE open_console(const wchar_t* name)
{
    return ::CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                         0, nullptr);
}

/// As the console was before.
struct Before {
    UINT input = 0;
    UINT output = 0;
    DWORD mode = 0;
    bool is_console = false;
} before;

}  // namespace

bool is_terminal(Stream stream)
{
    DWORD mode = 0;
    return ::GetConsoleMode(handle_of(stream), &mode) != 0;
}

int terminal_columns(Stream stream)
{
    CONSOLE_SCREEN_BUFFER_INFO screen{};
    return ::GetConsoleScreenBufferInfo(handle_of(stream), &screen) ? screen.srWindow.Right - screen.srWindow.Left + 1
                                                                    : 0;
}

bool has_window_of_its_own()
{
    std::array<DWORD, 2> processes{};
    return ::GetConsoleProcessList(processes.data(), static_cast<DWORD>(processes.size())) == 1;
}

void prepare_terminal()
{
    // The same bytes as on other systems, not "\r\n" at the end of lines.
    ::_setmode(::_fileno(stdout), _O_BINARY);
    ::_setmode(::_fileno(stderr), _O_BINARY);
    before.input = ::GetConsoleCP();
    before.output = ::GetConsoleOutputCP();
    if (before.output == 0) {
        return;  // there is no console
    }
    before.is_console = ::GetConsoleMode(handle_of(Stream::output), &before.mode) != 0;
    ::SetConsoleCP(CP_UTF8);
    ::SetConsoleOutputCP(CP_UTF8);
    if (before.is_console) {
        ::SetConsoleMode(handle_of(Stream::output), before.mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    }
    // The console outlives us.
    std::atexit([] {
        ::SetConsoleCP(before.input);
        ::SetConsoleOutputCP(before.output);
        if (before.is_console) {
            ::SetConsoleMode(handle_of(Stream::output), before.mode);
        }
    });
}

bool has_terminal()
{
    return static_cast<bool>(windows::Handle(open_console(L"CONIN$")));
}

std::optional<Secret> read_password(const std::string& question)
{
    constexpr std::size_t longest_password = 1024;
    constexpr wchar_t break_off = 3;     // Ctrl-C
    constexpr wchar_t end_of_file = 26;  // Ctrl-Z
    const windows::Handle input(open_console(L"CONIN$"));
    const windows::Handle output(open_console(L"CONOUT$"));
    DWORD shown = 0;
    if (!input || !output || !::GetConsoleMode(input.get(), &shown)) {
        return std::nullopt;
    }
    const auto write = [&](const std::string& text) {
        const std::wstring wide = windows::wide(text);
        DWORD written = 0;
        ::WriteConsoleW(output.get(), wide.data(), static_cast<DWORD>(wide.size()), &written, nullptr);
    };
    if ((static_cast<unsigned>(::GetKeyState(VK_CAPITAL)) & 1U) != 0) {
        write("Caps Lock is on.\n");
    }
    write(question + ": ");
    // What is typed is not shown, and Ctrl-C is a character.
    ::SetConsoleMode(input.get(), shown & ~static_cast<DWORD>(ENABLE_ECHO_INPUT | ENABLE_PROCESSED_INPUT));
    std::array<wchar_t, longest_password> line{};
    DWORD size = 0;
    const bool read = ::ReadConsoleW(input.get(), line.data(), static_cast<DWORD>(line.size()), &size, nullptr) != 0;
    ::SetConsoleMode(input.get(), shown);
    write("\n");
    std::wstring_view typed(line.data(), size);
    typed = typed.substr(0, typed.find_first_of(L"\r\n"));
    const bool given =
        read && typed.size() < line.size() && typed.find(break_off) == typed.npos && !typed.starts_with(end_of_file);
    std::optional<Secret> password;
    if (given) {
        password.emplace(windows::narrow(typed));
    }
    ::SecureZeroMemory(line.data(), sizeof(line));
    return password;
}

std::optional<Secret> read_secret_line()
{
    return read_line([](char& c) {
        DWORD size = 0;
        do {
            if (!::ReadFile(handle_of(Stream::input), &c, 1, &size, nullptr) || size == 0) {
                return Next::end;
            }
        } while (c == '\r');  // lines end with "\r\n"
        return Next::byte;
    });
}

}  // namespace unstick
