#include "platform/windows/locks.h"

#include "platform/windows/place.h"
#include "platform/windows/wide.h"

namespace unstick::files {

namespace {

Handle lock(const fs::path& path)
{
    Handle file = open(Place(path), reading | FILE_WRITE_DATA, FILE_OPEN, FILE_NON_DIRECTORY_FILE);
    OVERLAPPED start{};
    if (file &&
        !::LockFileEx(file.get(), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, MAXDWORD, MAXDWORD, &start)) {
        return Handle();
    }
    return file;
}

}  // namespace

Locks& Locks::held()
{
    static Locks locks;
    return locks;
}

int Locks::take(const fs::path& file)
{
    const std::lock_guard guard(mutex_);
    Handle handle = lock(file);
    if (!handle) {
        return 0;
    }
    held_.emplace(++last_, Held{.file = file, .handle = std::move(handle)});
    return last_;
}

void Locks::drop(int number)
{
    const std::lock_guard guard(mutex_);
    held_.erase(number);
}

void Locks::pause(const fs::path& from, const fs::path& to)
{
    const std::lock_guard guard(mutex_);
    const std::wstring before = windows::long_form(from) + L'\\';
    for (auto& [number, held] : held_) {
        const std::wstring path = windows::long_form(held.file);
        if (path.starts_with(before)) {
            held.handle.close();
            held.moves_to = to / path.substr(before.size());
        }
    }
}

void Locks::moved()
{
    const std::lock_guard guard(mutex_);
    for (auto& [number, held] : held_) {
        if (!held.handle) {
            held.file = held.moves_to;
        }
    }
}

void Locks::resume()
{
    const std::lock_guard guard(mutex_);
    for (auto& [number, held] : held_) {
        if (!held.handle) {
            held.handle = lock(held.file);
        }
    }
}

PausedLocks::~PausedLocks()
{
    const DWORD error = ::GetLastError();
    Locks::held().resume();
    ::SetLastError(error);
}

// --- Lock ---

Result<Lock> Lock::take(const fs::path& file)
{
    if (const int number = Locks::held().take(file)) {
        return Lock(number);
    }
    const DWORD error = ::GetLastError();
    if (code_of(error) != Code::locked) {
        return failure(file, "cannot open it", error);
    }
    const auto pid = windows::holder_of(file);
    return fail(Code::locked, file.string(),
                pid == 0 ? "another process holds it" : "process " + std::to_string(pid) + " holds it",
                "close the browser and run unstick again");
}

void close_lock(int handle)
{
    Locks::held().drop(handle);
}

}  // namespace unstick::files
