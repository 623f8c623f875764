// system_calls.h for Linux.

#include <grp.h>
#include <stdio.h>
#include <unistd.h>

#include "system_calls.h"

namespace unstick::system_calls {

int rename_new(const char* from, const char* to)
{
    return ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int swap_names(const char* a, const char* b)
{
    return ::renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
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

const char* homes()
{
    return "/home";
}

}  // namespace unstick::system_calls
