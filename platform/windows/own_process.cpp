// own_process.h for Windows.

#include "platform/own_process.h"

#include <windows.h>

namespace unstick {

namespace {

void (*before_end)() = nullptr;

/// In a thread that the system starts for it. FALSE: the usual handler comes next, which ends the process.
BOOL WINAPI asked_to_end(DWORD)
{
    before_end();
    return FALSE;
}

}  // namespace

void keep_memory_private()
{
    // No report of a crash, which would hold memory. Who may debug a process is its owner's to say here.
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
}

void keep_freed_memory() {}

void when_asked_to_end(void (*act)())
{
    if (before_end == nullptr) {
        before_end = act;
        ::SetConsoleCtrlHandler(&asked_to_end, TRUE);
    }
}

}  // namespace unstick
