// system_calls.h for macOS.

#include <copyfile.h>
#include <errno.h>
#include <grp.h>
#include <mach-o/dyld.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/param.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "platform/posix/system_calls.h"

// <sys/ptrace.h> has these, but not every SDK has that.
extern "C" int ptrace(int request, pid_t pid, caddr_t address, int data);

namespace unstick::system_calls {

namespace {

constexpr int deny_attach = 31;  // PT_DENY_ATTACH

// F_OFD_SETLK and F_OFD_GETLK: in the kernel since OS X 10.11, named by newer SDKs only.
constexpr int ofd_set_lock = 90;
constexpr int ofd_get_lock = 92;

}  // namespace

int reach_folder(const char* path)
{
    return ::open(path, O_SEARCH | O_NOFOLLOW_ANY | O_CLOEXEC);
}

int open_at_once(const char*, int, mode_t)
{
    errno = ENOSYS;
    return -1;
}

int look_at_once(const char*, struct stat&)
{
    errno = ENOSYS;
    return -1;
}

int reach_folder_in(int folder, const char* name)
{
    return ::openat(folder, name, O_SEARCH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
}

int rename_new(int from_folder, const char* from, int to_folder, const char* to)
{
    return ::renameatx_np(from_folder, from, to_folder, to, RENAME_EXCL);
}

int swap_names(int folder_a, const char* a, int folder_b, const char* b)
{
    return ::renameatx_np(folder_a, a, folder_b, b, RENAME_SWAP);
}

bool copy_attributes(int from, int to)
{
    return ::fcopyfile(from, to, nullptr, COPYFILE_XATTR | COPYFILE_ACL) == 0 || errno == ENOTSUP;
}

Modes modes_at(const char* path)
{
    struct statfs system {};
    if (::statfs(path, &system) != 0) {
        return Modes::kept;
    }
    const std::string_view name = system.f_fstypename;
    return name == "msdos" || name == "exfat" || name == "ntfs" || name == "smbfs" ? Modes::not_kept
           : name.find("fuse") != std::string_view::npos                           ? Modes::perhaps
                                                                                   : Modes::kept;
}

int sync_to_disk(int fd)
{
    // fsync leaves it in the disk's own memory here. Some file systems (network, FAT) know nothing better.
    return ::fcntl(fd, F_FULLFSYNC) == 0 ? 0 : ::fsync(fd);
}

std::array<timespec, 2> times_of(const struct stat& status)
{
    return {status.st_atimespec, status.st_mtimespec};
}

int set_lock(int fd, struct flock& range)
{
    return ::fcntl(fd, ofd_set_lock, &range);
}

int get_lock(int fd, struct flock& range)
{
    return ::fcntl(fd, ofd_get_lock, &range);
}

std::vector<gid_t> groups_of(const char* user, gid_t group)
{
    std::array<int, NGROUPS> groups{};  // what setgroups takes at most; the rest counts for nothing here
    int count = static_cast<int>(groups.size());
    ::getgrouplist(user, static_cast<int>(group), groups.data(), &count);  // fails if there are more: these are enough
    return {groups.begin(), groups.begin() + std::min(count, static_cast<int>(groups.size()))};
}

int set_groups(const std::vector<gid_t>& groups)
{
    return ::setgroups(static_cast<int>(groups.size()), groups.data());
}

int open_own_program()
{
    std::string path(MAXPATHLEN, '\0');
    std::uint32_t size = MAXPATHLEN;
    if (::_NSGetExecutablePath(path.data(), &size) != 0) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

void execute(int program, char* const* arguments, char* const* environment)
{
    // There is no fexecve: the program has to lie where the new user can go.
    std::array<char, MAXPATHLEN> path{};
    if (::fcntl(program, F_GETPATH, path.data()) == 0) {
        ::execve(path.data(), arguments, environment);
    }
}

void keep_memory_private()
{
    ::ptrace(deny_attach, 0, nullptr, 0);
}

void keep_freed_memory() {}

void end_with_parent() {}  // macOS has no such signal: the child goes on by itself

const char* homes()
{
    return "/Users";
}

}  // namespace unstick::system_calls
