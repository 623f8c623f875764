#include "fault_injection.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <functional>

namespace unstick::testing {

namespace {

std::atomic<Fault> fault{Fault::none};
std::atomic<int> target{0};
std::atomic<int> counted{0};

enum class Needs { space, nothing, reading };

/// An operation that works leaves errno alone: readdir says the end by that.
bool with(int error)
{
    errno = error;
    return true;
}

/// Counts one operation. True if it has to fail, with errno set. `tear` writes half of what a write was to write.
bool fails(Needs needs, const std::function<void()>& tear = nullptr)
{
    const Fault kind = fault;
    if ((needs == Needs::reading) != (kind == Fault::read)) {
        return false;
    }
    const int number = ++counted;
    if (kind == Fault::none || number < target) {
        return false;
    }
    switch (kind) {
        case Fault::once:
        case Fault::read:
            return number == target && with(EIO);
        case Fault::disk_full:
            return needs == Needs::space && with(ENOSPC);
        case Fault::quota:
            return needs == Needs::space && with(EDQUOT);
        case Fault::read_only:
            return with(EROFS);
        case Fault::torn:
            if (number != target || !tear) {
                return false;
            }
            tear();
            [[fallthrough]];
        case Fault::kill:
            ::kill(::getpid(), SIGKILL);
            ::pause();
            break;
        case Fault::none:
            break;
    }
    return false;
}

/// The C library's own function of a name.
template <class Function>
Function* real(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool makes_a_file(int flags)
{
    return (flags & (O_CREAT | O_TRUNC)) != 0;
}

}  // namespace

void inject(Fault kind, int at_operation)
{
    counted = 0;
    target = at_operation;
    fault = kind;
}

int operations()
{
    return counted;
}

}  // namespace unstick::testing

using unstick::testing::fails;
using unstick::testing::makes_a_file;
using unstick::testing::Needs;
using unstick::testing::real;

// NOLINTBEGIN: the names and types are the C library's.
extern "C" {

ssize_t write(int fd, const void* data, size_t size)
{
    static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
    return fd > 2 && fails(Needs::space, [&] { (void)!next(fd, data, size / 2); }) ? -1 : next(fd, data, size);
}

ssize_t writev(int fd, const iovec* parts, int count)
{
    static auto* const next = real<ssize_t(int, const iovec*, int)>("writev");
    return fd > 2 && fails(Needs::space) ? -1 : next(fd, parts, count);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset)
{
    static auto* const next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    return fails(Needs::space, [&] { (void)!next(fd, data, size / 2, offset); }) ? -1 : next(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset)
{
    static auto* const next = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    return fails(Needs::space, [&] { (void)!next(fd, data, size / 2, offset); }) ? -1 : next(fd, data, size, offset);
}

ssize_t read(int fd, void* data, size_t size)
{
    static auto* const next = real<ssize_t(int, void*, size_t)>("read");
    return fd > 2 && fails(Needs::reading) ? -1 : next(fd, data, size);
}

ssize_t pread(int fd, void* data, size_t size, off_t offset)
{
    static auto* const next = real<ssize_t(int, void*, size_t, off_t)>("pread");
    return fails(Needs::reading) ? -1 : next(fd, data, size, offset);
}

ssize_t pread64(int fd, void* data, size_t size, off64_t offset)
{
    static auto* const next = real<ssize_t(int, void*, size_t, off64_t)>("pread64");
    return fails(Needs::reading) ? -1 : next(fd, data, size, offset);
}

#define UNSTICK_READDIR(name, entry)                           \
    entry* name(DIR* folder)                                   \
    {                                                          \
        static auto* const next = real<entry*(DIR*)>(#name);   \
        return fails(Needs::reading) ? nullptr : next(folder); \
    }
UNSTICK_READDIR(readdir, dirent)
UNSTICK_READDIR(readdir64, dirent64)

#define UNSTICK_FSTATAT(name, status)                                               \
    int name(int folder, const char* path, status* found, int flags)                \
    {                                                                               \
        static auto* const next = real<int(int, const char*, status*, int)>(#name); \
        return fails(Needs::reading) ? -1 : next(folder, path, found, flags);       \
    }
UNSTICK_FSTATAT(fstatat, struct stat)
UNSTICK_FSTATAT(fstatat64, struct stat64)

ssize_t readlinkat(int folder, const char* path, char* target, size_t size)
{
    static auto* const next = real<ssize_t(int, const char*, char*, size_t)>("readlinkat");
    return fails(Needs::reading) ? -1 : next(folder, path, target, size);
}

int fsync(int fd)
{
    static auto* const next = real<int(int)>("fsync");
    return fails(Needs::space) ? -1 : next(fd);
}

int fdatasync(int fd)
{
    static auto* const next = real<int(int)>("fdatasync");
    return fails(Needs::space) ? -1 : next(fd);
}

int ftruncate(int fd, off_t size)
{
    static auto* const next = real<int(int, off_t)>("ftruncate");
    return fails(Needs::nothing) ? -1 : next(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    static auto* const next = real<int(int, off64_t)>("ftruncate64");
    return fails(Needs::nothing) ? -1 : next(fd, size);
}

int rename(const char* from, const char* to)
{
    static auto* const next = real<int(const char*, const char*)>("rename");
    return fails(Needs::space) ? -1 : next(from, to);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to)
{
    static auto* const next = real<int(int, const char*, int, const char*)>("renameat");
    return fails(Needs::space) ? -1 : next(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags)
{
    static auto* const next = real<int(int, const char*, int, const char*, unsigned)>("renameat2");
    return fails(Needs::space) ? -1 : next(from_folder, from, to_folder, to, flags);
}

int unlink(const char* path)
{
    static auto* const next = real<int(const char*)>("unlink");
    return fails(Needs::nothing) ? -1 : next(path);
}

int unlinkat(int folder, const char* path, int flags)
{
    static auto* const next = real<int(int, const char*, int)>("unlinkat");
    return fails(Needs::nothing) ? -1 : next(folder, path, flags);
}

int rmdir(const char* path)
{
    static auto* const next = real<int(const char*)>("rmdir");
    return fails(Needs::nothing) ? -1 : next(path);
}

int mkdir(const char* path, mode_t mode)
{
    static auto* const next = real<int(const char*, mode_t)>("mkdir");
    return fails(Needs::space) ? -1 : next(path, mode);
}

int mkdirat(int folder, const char* path, mode_t mode)
{
    static auto* const next = real<int(int, const char*, mode_t)>("mkdirat");
    return fails(Needs::space) ? -1 : next(folder, path, mode);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags)
{
    static auto* const next = real<int(int, const char*, int, const char*, int)>("linkat");
    return fails(Needs::space) ? -1 : next(from_folder, from, to_folder, to, flags);
}

#define UNSTICK_OPEN(name)                                                                \
    int name(const char* path, int flags, ...)                                            \
    {                                                                                     \
        static auto* const next = real<int(const char*, int, ...)>(#name);                \
        va_list more;                                                                     \
        va_start(more, flags);                                                            \
        const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;            \
        va_end(more);                                                                     \
        return makes_a_file(flags) && fails(Needs::space) ? -1 : next(path, flags, mode); \
    }
#define UNSTICK_OPENAT(name)                                                                                      \
    int name(int folder, const char* path, int flags, ...)                                                        \
    {                                                                                                             \
        static auto* const next = real<int(int, const char*, int, ...)>(#name);                                   \
        va_list more;                                                                                             \
        va_start(more, flags);                                                                                    \
        const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;                                    \
        va_end(more);                                                                                             \
        return fails(makes_a_file(flags) ? Needs::space : Needs::reading) ? -1 : next(folder, path, flags, mode); \
    }
UNSTICK_OPEN(open)
UNSTICK_OPEN(open64)
UNSTICK_OPENAT(openat)
UNSTICK_OPENAT(openat64)

}  // extern "C"
// NOLINTEND
