// Other programs, on Windows. No shell is ever in between: an argument is an argument.

#include <windows.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

#include "platform/piped_program.h"
#include "platform/subprocess.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"

namespace unstick {

namespace {

using windows::Handle;

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

/// Our variables with these ("NAME=VALUE") besides, or in place of those of the same name, as CreateProcess takes them:
/// sorted by names, whose case does not count.
std::wstring environment_with(const std::vector<std::string>& more)
{
    const auto in_order = [](const std::wstring& a, const std::wstring& b) {
        return ::CompareStringOrdinal(a.c_str(), -1, b.c_str(), -1, TRUE) == CSTR_LESS_THAN;
    };
    std::map<std::wstring, std::wstring, decltype(in_order)> variables(in_order);
    const auto take = [&](const std::wstring& variable) {
        variables[variable.substr(0, variable.find(L'=', 1))] = variable;  // some of Windows' own names start with '='
    };
    const std::unique_ptr<wchar_t, decltype(&::FreeEnvironmentStringsW)> ours(::GetEnvironmentStringsW(),
                                                                              ::FreeEnvironmentStringsW);
    for (const wchar_t* variable = ours.get(); *variable != 0; variable += std::wcslen(variable) + 1) {
        take(variable);
    }
    for (const std::string& variable : more) {
        take(windows::wide(variable));
    }
    std::wstring block;
    for (const auto& [name, variable] : variables) {
        block += variable + L'\0';
    }
    return block + L'\0';
}

/// Starts a program whose input, output and messages are these inheritable handles; it inherits `more`, too. What it
/// starts is in its job, if there is one.
Result<Handle> spawn(const std::vector<std::string>& command, const std::array<HANDLE, 3>& streams, DWORD flags,
                     const Handle& job, const std::vector<HANDLE>& more = {},
                     const std::vector<std::string>& variables = {})
{
    TRY_ASSIGN(const auto program, find_program(command.at(0)));
    std::wstring line;
    for (const std::string& word : command) {
        line += (line.empty() ? L"" : L" ") + quoted(windows::wide(word));
    }
    std::wstring environment = environment_with(variables);
    std::vector<HANDLE> once(streams.begin(), streams.end());
    once.insert(once.end(), more.begin(), more.end());
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
    PROCESS_INFORMATION started{};
    if (!::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE,
                          flags | CREATE_SUSPENDED | EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT,
                          environment.data(), nullptr, &start.StartupInfo, &started)) {
        return cannot_start(command.at(0), ::GetLastError());
    }
    Handle process(started.hProcess);
    const Handle thread(started.hThread);
    if (job && !::AssignProcessToJobObject(job.get(), process.get())) {
        const DWORD error = ::GetLastError();
        ::TerminateProcess(process.get(), killed);
        return cannot_start(command.at(0), error);
    }
    ::ResumeThread(thread.get());
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

/// Takes what is there, without waiting, and keeps the beginning; closes the pipe at its end. False: nothing was there.
bool take_from(Handle& from, std::string& to, std::size_t longest = longest_output)
{
    std::array<char, 65536> buffer{};
    DWORD count = 0;
    if (!::PeekNamedPipe(from.get(), nullptr, 0, nullptr, &count, nullptr) ||
        (count > 0 && !::ReadFile(from.get(), buffer.data(), static_cast<DWORD>(buffer.size()), &count, nullptr))) {
        from.close();
        return false;
    }
    to.append(buffer.data(), std::min<std::size_t>(count, longest - std::min(longest, to.size())));
    return count > 0;
}

enum class Last { no, yes };  // is it all that the program gets?

/// Gives what there is room for; closes the pipe at the end.
void give_to(Handle& to, const std::string& text, std::size_t& sent, Last last = Last::yes)
{
    constexpr std::size_t most = 512;
    DWORD count = 1;
    bool reads = true;
    while (reads && count > 0 && sent < text.size()) {
        reads = ::WriteFile(to.get(), text.data() + sent, static_cast<DWORD>(std::min(text.size() - sent, most)),
                            &count, nullptr) != 0;
        sent += count;
    }
    if ((sent == text.size() && last == Last::yes) || !reads) {
        to.close();
    }
}

/// Writing to it gives up at once where there is no room.
void never_wait_for(const Handle& pipe)
{
    DWORD mode = PIPE_NOWAIT;
    ::SetNamedPipeHandleState(pipe.get(), &mode, nullptr, nullptr);
}

class WindowsPiped : public Piped {
public:
    WindowsPiped(std::string name, Handle process, Handle job, Handle to, Handle from, Handle words)
        : Piped(std::move(name)),
          process_(std::move(process)),
          job_(std::move(job)),
          to_(std::move(to)),
          from_(std::move(from)),
          words_from_(std::move(words))
    {
        never_wait_for(to_);
    }

    ~WindowsPiped() override
    {
        // Also what it started and left behind. What they have open can be removed when all of them have ended.
        constexpr auto patience = std::chrono::seconds(5);
        ::TerminateJobObject(job_.get(), killed);
        JOBOBJECT_BASIC_ACCOUNTING_INFORMATION job{};
        const auto end = std::chrono::steady_clock::now() + patience;
        while (
            ::QueryInformationJobObject(job_.get(), JobObjectBasicAccountingInformation, &job, sizeof(job), nullptr) &&
            job.ActiveProcesses > 0 && std::chrono::steady_clock::now() < end) {
            ::Sleep(step);
        }
    }

    Result<void> send(const std::string& message) override
    {
        const std::string text = message + '\0';
        const auto end = std::chrono::steady_clock::now() + patience_to_send;
        std::size_t sent = 0;
        while (to_ && sent < text.size()) {
            const std::size_t before = sent;
            give_to(to_, text, sent, Last::no);
            if (std::chrono::steady_clock::now() >= end) {
                to_.close();
            } else if (sent == before) {
                ::Sleep(step);
            }
        }
        return sent == text.size() ? Result<void>() : fail(Code::io, name_, "it does not listen");
    }

    bool has_ended(std::chrono::milliseconds patience) override
    {
        return ::WaitForSingleObject(process_.get(), static_cast<DWORD>(patience.count())) == WAIT_OBJECT_0;
    }

private:
    bool is_open() const override { return static_cast<bool>(from_); }

    bool hear(std::chrono::milliseconds patience) override
    {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (true) {
            const bool words = take_from(words_from_, words_, longest_words);
            if (take_from(from_, heard_, std::string::npos) || words || !from_) {
                return true;
            }
            if (std::chrono::steady_clock::now() >= end) {
                return false;
            }
            ::Sleep(step);  // Windows has nothing that waits for a pipe like these
        }
    }

    Handle process_, job_;
    Handle to_, from_, words_from_;
};

/// How a program is told of a handle that it inherits: as Chromium takes it.
std::string number_of(const Handle& handle)
{
    return std::to_string(static_cast<std::uint32_t>(::HandleToULong(handle.get())));
}

Handle nothing_to_read_or_write()
{
    SECURITY_ATTRIBUTES attributes = inheritable();
    return Handle(::CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &attributes,
                                OPEN_EXISTING, 0, nullptr));
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
    // What it starts is in its job too, and is ended with it if it does not end in time.
    const Handle job(::CreateJobObjectW(nullptr, nullptr));
    TRY_ASSIGN(const auto process, spawn(command, {in->read.get(), out->write.get(), err->write.get()},
                                         CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP, job));
    in->read.close();
    out->write.close();
    err->write.close();

    never_wait_for(in->write);
    Ran ran;
    std::size_t sent = 0;
    const auto end = std::chrono::steady_clock::now() + patience;
    bool in_time = true;
    bool said = false;
    // Its end counts, not the end of its output: what it started may keep that open.
    do {
        if (in->write) {
            give_to(in->write, input, sent);
        }
        said = take_from(out->read, ran.out);
        said = take_from(err->read, ran.err) || said;
        in_time = std::chrono::steady_clock::now() < end;
    } while (in_time && ::WaitForSingleObject(process.get(), said ? 0 : step) == WAIT_TIMEOUT);
    if (!in_time) {
        ::TerminateJobObject(job.get(), killed);
        return fail(Code::io, command.at(0), "it did not end in time");
    }
    for (auto& [pipe, text] : {std::pair<Handle&, std::string&>(out->read, ran.out), {err->read, ran.err}}) {
        while (text.size() < longest_output && take_from(pipe, text)) {
        }
    }
    DWORD code = 0;
    ::GetExitCodeProcess(process.get(), &code);
    ran.exit_code = static_cast<int>(code);
    return ran;
}

Result<void> start_program(const std::vector<std::string>& command)
{
    const Handle nothing = nothing_to_read_or_write();
    const auto process = spawn(command, {nothing.get(), nothing.get(), nothing.get()},
                               DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP, Handle());
    return process ? Result<void>() : tl::unexpected<Error>(process.error());
}

Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                  const std::vector<std::string>& variables)
{
    auto to = make_pipe(true);
    auto from = make_pipe(false);
    auto words = make_pipe(false);
    const Handle nothing = nothing_to_read_or_write();
    // If we are ended, so is it.
    Handle job(::CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (!to || !from || !words || !nothing ||
        !::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof(limits))) {
        return fail(Code::io, command.at(0), "no pipes are left to talk to it");
    }
    std::vector<std::string> told = command;
    told.insert(told.begin() + 1, "--remote-debugging-io-pipes=" + number_of(to->read) + "," + number_of(from->write));
    TRY_ASSIGN(auto process,
               spawn(told, {nothing.get(), nothing.get(), words->write.get()},
                     CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP, job, {to->read.get(), from->write.get()}, variables));
    return std::make_unique<WindowsPiped>(command.at(0), std::move(process), std::move(job), std::move(to->write),
                                          std::move(from->read), std::move(words->read));
}

}  // namespace unstick
