// system_calls.h for Linux.

#include <errno.h>
#include <grp.h>
#include <linux/limits.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "platform/posix/fd.h"
#include "platform/posix/system_calls.h"

namespace unstick::system_calls {

namespace {

constexpr int to_reach = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// What openat2 does in one step, on kernels before 5.6 and in sandboxes that do not know it.
int walk(std::string_view path)
{
    Handle folder(::open(path.starts_with('/') ? "/" : ".", to_reach));
    while (folder && !path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string name(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
        if (!name.empty()) {
            Handle next(::openat(folder.get(), name.c_str(), to_reach));
            struct stat status {};
            if (!next && errno == ENOTDIR && ::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
                errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
            }
            folder = std::move(next);
        }
    }
    return folder.release();
}

/// openat2, or ENOSYS where there is none, which a sandbox calls EPERM.
int open_by(const char* path, open_how& how)
{
    const auto opened = static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how)));
    if (opened < 0 && errno == EPERM) {
        errno = ENOSYS;
    }
    return opened;
}

/// The kernel's own attributes and those of a security module are set by them, as far as they let us.
bool may_be_left_out(std::string_view attribute)
{
    return errno == ENOTSUP || (!attribute.starts_with("user.") && (errno == EPERM || errno == EACCES));
}

}  // namespace

int reach_folder(const char* path)
{
    open_how how{};
    how.flags = to_reach & ~O_NOFOLLOW;  // a link is an error, not what is opened
    how.resolve = RESOLVE_NO_SYMLINKS;
    const int folder = open_by(path, how);
    return folder < 0 && errno == ENOSYS ? walk(path) : folder;
}

int open_at_once(const char* path, int flags, mode_t mode)
{
    open_how how{};
    how.flags = static_cast<unsigned>(flags & ~O_NOFOLLOW);
    how.mode = (flags & O_CREAT) != 0 ? mode : 0;
    how.resolve = RESOLVE_NO_SYMLINKS;
    return open_by(path, how);
}

int look_at_once(const char* path, struct stat& status)
{
    open_how how{};
    how.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
    how.resolve = RESOLVE_NO_SYMLINKS;
    const Handle found(open_by(path, how));
    return found ? ::fstat(found.get(), &status) : -1;
}

int reach_folder_in(int folder, const char* name)
{
    return ::openat(folder, name, to_reach);
}

int rename_new(int from_folder, const char* from, int to_folder, const char* to)
{
    return ::renameat2(from_folder, from, to_folder, to, RENAME_NOREPLACE);
}

int swap_names(int folder_a, const char* a, int folder_b, const char* b)
{
    return ::renameat2(folder_a, a, folder_b, b, RENAME_EXCHANGE);
}

bool copy_attributes(int from, int to)
{
    std::string names;
    ssize_t length = ::flistxattr(from, nullptr, 0);  // mostly there is none
    if (length > 0) {
        names.resize(XATTR_LIST_MAX);
        length = ::flistxattr(from, names.data(), names.size());
    }
    if (length <= 0) {
        return length == 0 || errno == ENOTSUP;
    }
    names.resize(static_cast<std::size_t>(length));
    std::string value(XATTR_SIZE_MAX, '\0');
    for (std::size_t at = 0; at < names.size(); at = names.find('\0', at) + 1) {
        const char* const name = names.data() + at;
        const ssize_t size = ::fgetxattr(from, name, value.data(), value.size());
        if ((size < 0 || ::fsetxattr(to, name, value.data(), static_cast<std::size_t>(size), 0) != 0) &&
            !may_be_left_out(name)) {
            return false;
        }
    }
    return true;
}

Modes modes_at(const char* path)
{
    struct statfs system {};
    if (::statfs(path, &system) != 0) {
        return Modes::kept;
    }
    switch (static_cast<std::uint32_t>(system.f_type)) {
        case 0x4d44:      // FAT
        case 0x2011bab0:  // exFAT
        case 0x5346544e:  // NTFS, the older driver
        case 0x7366746e:  // NTFS
        case 0x517b:      // SMB
        case 0xff534d42:
        case 0xfe534d42:
        case 0x01021997:  // 9P, as WSL shows the disks of Windows
            return Modes::not_kept;
        case 0x65735546:
            return Modes::perhaps;
        default:
            return Modes::kept;
    }
}

int sync_to_disk(int fd)
{
    return ::fsync(fd);
}

std::array<timespec, 2> times_of(const struct stat& status)
{
    return {status.st_atim, status.st_mtim};
}

int set_lock(int fd, struct flock& range)
{
    return ::fcntl(fd, F_OFD_SETLK, &range);
}

int get_lock(int fd, struct flock& range)
{
    return ::fcntl(fd, F_OFD_GETLK, &range);
}

std::vector<gid_t> groups_of(const char* user, gid_t group)
{
    std::vector<gid_t> groups(256);
    int count = static_cast<int>(groups.size());
    if (::getgrouplist(user, group, groups.data(), &count) < 0) {
        return {group};
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

int set_groups(const std::vector<gid_t>& groups)
{
    return ::setgroups(groups.size(), groups.data());
}

int open_own_program()
{
    return ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
}

void execute(int program, char* const* arguments, char* const* environment)
{
    ::fexecve(program, arguments, environment);
}

void keep_memory_private()
{
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void keep_freed_memory()
{
#ifdef M_MMAP_THRESHOLD  // glibc's
    ::mallopt(M_MMAP_THRESHOLD, 16 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

void end_with_parent()
{
    ::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
}

const char* homes()
{
    return "/home";
}

}  // namespace unstick::system_calls
