#pragma once
// What POSIX leaves to each system, with one name for all: linux_calls.cpp, macos_calls.cpp. As system calls do, these
// return -1 or false with errno set, and know nothing of unstick.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include <array>
#include <vector>

namespace unstick::system_calls {

/// Opens a folder only to work relative to it (openat, renameat ...): that needs no right to list it. ELOOP if any
/// component of the path is a symbolic link, also in the middle.
int reach_folder(const char* path);
/// The same for a name in an open folder: ELOOP or ENOTDIR if it is a symbolic link.
int reach_folder_in(int folder, const char* name);

/// Opens a file or folder by its whole path in one call. ELOOP if any component is a symbolic link, the last one
/// included. ENOSYS on a system that cannot: then its folder has to be reached first.
int open_at_once(const char* path, int flags, mode_t mode);

/// Looks at a name in as few calls; a symbolic link at the end is what is looked at. ENOSYS as above.
int look_at_once(const char* path, struct stat& status);

/// Renames, but never replaces: EEXIST if `to` exists. EINVAL or ENOTSUP on a file system that cannot.
int rename_new(int from_folder, const char* from, int to_folder, const char* to);

/// Swaps two names in one step. EINVAL, ENOSYS or ENOTSUP on a file system that cannot.
int swap_names(int folder_a, const char* a, int folder_b, const char* b);

/// Gives an open file the extended attributes of another, access lists among them. What the system keeps for itself or
/// a file system cannot hold is left out.
bool copy_attributes(int from, int to);

/// Does the file system on which this lies keep a mode for each file?
enum class Modes {
    kept,
    not_kept,  ///< FAT, NTFS, shares of Windows: the mount says one for all, and chmod does nothing
    perhaps,   ///< FUSE, which does not say what is behind it
};
Modes modes_at(const char* path);

/// Waits until the disk itself has what was written, as far as the system can make sure.
int sync_to_disk(int fd);

/// Times of the last access and the last change, as futimens wants them.
std::array<timespec, 2> times_of(const struct stat& status);

/// Locks of an open file description (fcntl's F_OFD_SETLK and F_OFD_GETLK): they meet POSIX locks of other processes
/// like one of them, but do not vanish when some other handle of the file is closed in this process.
int set_lock(int fd, struct flock& range);
int get_lock(int fd, struct flock& range);

/// All groups of a user, `group` among them.
std::vector<gid_t> groups_of(const char* user, gid_t group);
/// Makes these the groups of this process. May be called between fork and exec.
int set_groups(const std::vector<gid_t>& groups);

/// Opens the program that runs; < 0 if that fails.
int open_own_program();
/// execve of an open program. Returns only if it fails. May be called between fork and exec.
void execute(int program, char* const* arguments, char* const* environment);

/// No other process of our user may look into this one's memory, and the system writes none of it to disk.
void keep_memory_private();
/// As of own_process.h.
void keep_freed_memory();

/// When the process that started us has ended, we are asked to end. May be called between fork and exec.
void end_with_parent();

/// The folder with people's home folders.
const char* homes();

}  // namespace unstick::system_calls
