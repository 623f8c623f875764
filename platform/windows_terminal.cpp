// The console of Windows.

#include <windows.h>

#include <fcntl.h>
#include <io.h>

#include <cstdio>
#include <cstdlib>

#include "terminal.h"

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

}  // namespace unstick
