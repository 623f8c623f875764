// Other programs, on Windows. No shell is ever in between: an argument is an argument.

#include <windows.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "programs.h"
#include "windows_handle.h"
#include "windows_text.h"

namespace unstick {

namespace {

using windows::Handle;

constexpr std::size_t longest_output = 1U << 20U;
constexpr DWORD step = 20;    // milliseconds
constexpr UINT killed = 137;  // as where a signal did it

/// A word of a command line, so that a program's C library reads it as it was: quotes around it, and a backslash before
/// each quote in it and each backslash before a quote.
std::wstring quoted(const std::wstring& word)
{
    std::wstring text = L"\"";
    std::size_t backslashes = 0;
    for (const wchar_t c : word) {
        if (c == L'"') {
            text.append(backslashes + 1, L'\\');
        }
        backslashes = c == L'\\' ? backslashes + 1 : 0;
        text += c;
    }
    text.append(backslashes, L'\\');
    return text + L"\"";
}

tl::unexpected<Error> cannot_start(const std::string& program, DWORD error)
{
    const bool missing = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
    return fail(missing                        ? Code::not_found
                : error == ERROR_ACCESS_DENIED ? Code::denied
                                               : Code::io,
                program, "this program cannot be started: " + windows::words_of(error));
}

/// Where a program is: an absolute path, or an .exe in one of the folders of PATH; never the current folder.
Result<std::wstring> find_program(const std::string& name)
{
    const std::wstring wanted = windows::wide(name);
    std::wstring found = wanted;
    if (name.find_first_of("/\\:") == std::string::npos) {
        std::wstring folders(32768, 0);
        folders.resize(::GetEnvironmentVariableW(L"PATH", folders.data(), static_cast<DWORD>(folders.size())));
        found.resize(32768);
        found.resize(::SearchPathW(folders.c_str(), wanted.c_str(), L".exe", static_cast<DWORD>(found.size()),
                                   found.data(), nullptr));
        if (found.empty()) {
            return cannot_start(name, ERROR_FILE_NOT_FOUND);
        }
    }
    const std::wstring ending = found.substr(found.size() - std::min<std::size_t>(found.size(), 4));
    if (::lstrcmpiW(ending.c_str(), L".bat") == 0 || ::lstrcmpiW(ending.c_str(), L".cmd") == 0) {
        return fail(Code::denied, name, "a batch file is run by a shell, which reads arguments in its own way",
                    "name a program");
    }
    return found;
}

/// What a program that is started inherits: these handles and no others.
class Inherited {
public:
    explicit Inherited(std::vector<HANDLE> handles) : handles_(std::move(handles))
    {
        SIZE_T size = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        buffer_.resize(size);
        ::InitializeProcThreadAttributeList(get(), 1, 0, &size);
        ::UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                    handles_.size() * sizeof(HANDLE), nullptr, nullptr);
    }
    Inherited(const Inherited&) = delete;
    Inherited& operator=(const Inherited&) = delete;
    ~Inherited() { ::DeleteProcThreadAttributeList(get()); }
    LPPROC_THREAD_ATTRIBUTE_LIST get() { return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(buffer_.data()); }

private:
    std::vector<HANDLE> handles_;
    std::vector<char> buffer_;
};

/// Starts a program, suspended, whose input, output and messages are these inheritable handles.
Result<PROCESS_INFORMATION> spawn(const std::vector<std::string>& command, const std::array<HANDLE, 3>& streams,
                                  DWORD flags)
{
    const auto program = find_program(command.at(0));
    if (!program) {
        return tl::unexpected<Error>(program.error());
    }
    std::wstring line;
    for (const std::string& word : command) {
        line += (line.empty() ? L"" : L" ") + quoted(windows::wide(word));
    }
    std::vector<HANDLE> once(streams.begin(), streams.end());
    std::sort(once.begin(), once.end());
    once.erase(std::unique(once.begin(), once.end()), once.end());
    Inherited inherited(std::move(once));
    STARTUPINFOEXW start{};
    start.StartupInfo.cb = sizeof(start);
    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start.StartupInfo.hStdInput = streams[0];
    start.StartupInfo.hStdOutput = streams[1];
    start.StartupInfo.hStdError = streams[2];
    start.lpAttributeList = inherited.get();
    PROCESS_INFORMATION process{};
    if (!::CreateProcessW(program->c_str(), line.data(), nullptr, nullptr, TRUE,
                          flags | CREATE_SUSPENDED | EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT, nullptr,
                          nullptr, &start.StartupInfo, &process)) {
        return cannot_start(command.at(0), ::GetLastError());
    }
    return process;
}

struct Pipe {
    Handle read, write;
};

SECURITY_ATTRIBUTES inheritable()
{
    return {sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
}

/// Our end is not inherited.
Result<Pipe> make_pipe(bool we_write)
{
    HANDLE read = nullptr;
    HANDLE write = nullptr;
    SECURITY_ATTRIBUTES attributes = inheritable();
    if (!::CreatePipe(&read, &write, &attributes, 0)) {
        return fail(Code::io, "pipe", windows::words_of(::GetLastError()));
    }
    ::SetHandleInformation(we_write ? write : read, HANDLE_FLAG_INHERIT, 0);
    return Pipe{Handle(read), Handle(write)};
}

/// Takes what is there, and keeps the beginning.
void take_from(const Handle& from, std::string& to)
{
    std::array<char, 4096> buffer{};
    DWORD count = 0;
    while (::PeekNamedPipe(from.get(), nullptr, 0, nullptr, &count, nullptr) && count > 0 &&
           ::ReadFile(from.get(), buffer.data(), static_cast<DWORD>(buffer.size()), &count, nullptr)) {
        to.append(buffer.data(), std::min<std::size_t>(count, longest_output - to.size()));
    }
}

/// Gives what there is room for; closes the pipe at the end.
void give_to(Handle& to, const std::string& text, std::size_t& sent)
{
    constexpr std::size_t most = 512;
    DWORD count = 1;
    bool reads = true;
    while (reads && count > 0 && sent < text.size()) {
        reads = ::WriteFile(to.get(), text.data() + sent, static_cast<DWORD>(std::min(text.size() - sent, most)),
                            &count, nullptr) != 0;
        sent += count;
    }
    if (sent == text.size() || !reads) {
        to.close();
    }
}

}  // namespace

Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                        std::chrono::milliseconds patience)
{
    auto in = make_pipe(true);
    auto out = make_pipe(false);
    auto err = make_pipe(false);
    if (!in || !out || !err) {
        return fail(Code::io, command.at(0), "no pipes are left to talk to it");
    }
    const auto started = spawn(command, {in->read.get(), out->write.get(), err->write.get()},
                               CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP);
    if (!started) {
        return tl::unexpected<Error>(started.error());
    }
    const Handle process(started->hProcess);
    const Handle thread(started->hThread);
    // What it starts is in its job too, and is ended with it.
    const Handle job(::CreateJobObjectW(nullptr, nullptr));
    ::AssignProcessToJobObject(job.get(), process.get());
    ::ResumeThread(thread.get());
    in->read.close();
    out->write.close();
    err->write.close();

    DWORD never_wait = PIPE_NOWAIT;
    ::SetNamedPipeHandleState(in->write.get(), &never_wait, nullptr, nullptr);
    Ran ran;
    std::size_t sent = 0;
    const auto end = std::chrono::steady_clock::now() + patience;
    bool in_time = true;
    // Its end counts, not the end of its output: what it started may keep that open.
    do {
        if (in->write) {
            give_to(in->write, input, sent);
        }
        take_from(out->read, ran.out);
        take_from(err->read, ran.err);
        in_time = std::chrono::steady_clock::now() < end;
    } while (in_time && ::WaitForSingleObject(process.get(), step) == WAIT_TIMEOUT);
    if (!in_time) {
        ::TerminateJobObject(job.get(), killed);
    }
    take_from(out->read, ran.out);
    take_from(err->read, ran.err);
    if (!in_time) {
        return fail(Code::io, command.at(0), "it did not end in time");
    }
    DWORD code = 0;
    ::GetExitCodeProcess(process.get(), &code);
    ran.exit_code = static_cast<int>(code);
    return ran;
}

Result<void> start_program(const std::vector<std::string>& command)
{
    SECURITY_ATTRIBUTES attributes = inheritable();
    const Handle nothing(::CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                       &attributes, OPEN_EXISTING, 0, nullptr));
    const auto started =
        spawn(command, {nothing.get(), nothing.get(), nothing.get()}, DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
    if (!started) {
        return tl::unexpected<Error>(started.error());
    }
    const Handle process(started->hProcess);
    const Handle thread(started->hThread);
    ::ResumeThread(thread.get());
    return {};
}

}  // namespace unstick
