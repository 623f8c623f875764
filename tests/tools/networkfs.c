// Shows a folder as a home folder on a network shows itself.
//
//     networkfs SOURCE MOUNTPOINT [late=MICROSECONDS] [no-locks]        end it: fusermount3 -u MOUNTPOINT
//
// Names can neither be exchanged nor renamed only if the new one is free, as no rename flags are known. A file that is
// deleted while somebody has it open stays in its folder under another name until it is closed: libfuse does that
// (.fuse_hidden...) as an NFS client does (.nfs...). `late`: each call takes that much longer. `no-locks`: no lock can
// be had, as over NFS 3 without a lock service; else locks hold on this computer, as with `nolock` there.

#define FUSE_USE_VERSION 31
#define _GNU_SOURCE  // NOLINT: asks for O_PATH and usleep

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int source = -1;  // the folder that is shown
static useconds_t late = 0;

/// The path below `source`, after the delay that every call has.
static const char* below(const char* path)
{
    if (late > 0) {
        usleep(late);
    }
    return path[1] == '\0' ? "." : path + 1;
}

static int answer(int result)
{
    return result == -1 ? -errno : 0;
}

static int show_info(const char* path, struct stat* info, struct fuse_file_info* file)
{
    (void)file;
    return answer(fstatat(source, below(path), info, AT_SYMLINK_NOFOLLOW));
}

static int read_link(const char* path, char* target, size_t size)
{
    const ssize_t length = readlinkat(source, below(path), target, size - 1);
    if (length == -1) {
        return -errno;
    }
    target[length] = '\0';
    return 0;
}

static int make_folder(const char* path, mode_t mode)
{
    return answer(mkdirat(source, below(path), mode));
}

static int make_node(const char* path, mode_t mode, dev_t device)
{
    return answer(mknodat(source, below(path), mode, device));
}

static int make_symlink(const char* target, const char* path)
{
    return answer(symlinkat(target, source, below(path)));
}

static int make_link(const char* from, const char* to)
{
    return answer(linkat(source, below(from), source, to + 1, 0));
}

static int remove_file(const char* path)
{
    return answer(unlinkat(source, below(path), 0));
}

static int remove_folder(const char* path)
{
    return answer(unlinkat(source, below(path), AT_REMOVEDIR));
}

static int rename_plainly(const char* from, const char* to, unsigned flags)
{
    return flags != 0 ? -EINVAL : answer(renameat(source, below(from), source, to + 1));
}

static int set_mode(const char* path, mode_t mode, struct fuse_file_info* file)
{
    (void)file;
    return answer(fchmodat(source, below(path), mode, 0));
}

static int set_owner(const char* path, uid_t user, gid_t group, struct fuse_file_info* file)
{
    (void)file;
    return answer(fchownat(source, below(path), user, group, AT_SYMLINK_NOFOLLOW));
}

static int set_times(const char* path, const struct timespec times[2], struct fuse_file_info* file)
{
    (void)file;
    return answer(utimensat(source, below(path), times, AT_SYMLINK_NOFOLLOW));
}

static int open_as(const char* path, struct fuse_file_info* file, int flags, mode_t mode)
{
    const int opened = openat(source, below(path), flags, mode);
    if (opened == -1) {
        return -errno;
    }
    file->fh = (uint64_t)opened;
    return 0;
}

static int open_file(const char* path, struct fuse_file_info* file)
{
    // The kernel tells where an append goes, and reads more than was asked for.
    const int flags = file->flags & ~(O_APPEND | O_ACCMODE);
    return open_as(path, file, flags | ((file->flags & O_ACCMODE) == O_RDONLY ? O_RDONLY : O_RDWR), 0);
}

static int create_file(const char* path, mode_t mode, struct fuse_file_info* file)
{
    return open_as(path, file, O_CREAT | O_RDWR | (file->flags & (O_EXCL | O_TRUNC)), mode);
}

static int read_file(const char* path, char* bytes, size_t size, off_t offset, struct fuse_file_info* file)
{
    below(path);
    const ssize_t length = pread((int)file->fh, bytes, size, offset);
    return length == -1 ? -errno : (int)length;
}

static int write_file(const char* path, const char* bytes, size_t size, off_t offset, struct fuse_file_info* file)
{
    below(path);
    const ssize_t length = pwrite((int)file->fh, bytes, size, offset);
    return length == -1 ? -errno : (int)length;
}

static int set_size(const char* path, off_t size, struct fuse_file_info* file)
{
    const char* const name = below(path);
    const int opened = file != NULL ? (int)file->fh : openat(source, name, O_WRONLY | O_NOFOLLOW);
    if (opened == -1) {
        return -errno;
    }
    const int result = answer(ftruncate(opened, size));
    if (file == NULL) {
        close(opened);
    }
    return result;
}

static int sync_file(const char* path, int is_data_only, struct fuse_file_info* file)
{
    below(path);
    return answer(is_data_only ? fdatasync((int)file->fh) : fsync((int)file->fh));
}

static int close_file(const char* path, struct fuse_file_info* file)
{
    (void)path;
    close((int)file->fh);
    return 0;
}

static int refuse_lock(const char* path, struct fuse_file_info* file, int command, struct flock* lock)
{
    (void)path, (void)file, (void)command, (void)lock;
    return -ENOLCK;
}

static int list_folder(const char* path, void* list, fuse_fill_dir_t add, off_t offset, struct fuse_file_info* file,
                       enum fuse_readdir_flags flags)
{
    (void)offset, (void)file, (void)flags;
    const int opened = openat(source, below(path), O_RDONLY | O_DIRECTORY);
    DIR* const folder = opened == -1 ? NULL : fdopendir(opened);
    if (folder == NULL) {
        return -errno;
    }
    for (struct dirent* name = readdir(folder); name != NULL; name = readdir(folder)) {
        const struct stat info = {.st_ino = name->d_ino, .st_mode = DTTOIF(name->d_type)};
        add(list, name->d_name, &info, 0, 0);
    }
    closedir(folder);
    return 0;
}

static int show_space(const char* path, struct statvfs* space)
{
    below(path);
    return answer(fstatvfs(source, space));
}

int main(int count, char** arguments)
{
    struct fuse_operations operations = {
        .getattr = show_info,
        .readlink = read_link,
        .mkdir = make_folder,
        .mknod = make_node,
        .symlink = make_symlink,
        .link = make_link,
        .unlink = remove_file,
        .rmdir = remove_folder,
        .rename = rename_plainly,
        .chmod = set_mode,
        .chown = set_owner,
        .utimens = set_times,
        .truncate = set_size,
        .open = open_file,
        .create = create_file,
        .read = read_file,
        .write = write_file,
        .fsync = sync_file,
        .release = close_file,
        .readdir = list_folder,
        .statfs = show_space,
    };
    source = count < 3 ? -1 : open(arguments[1], O_PATH | O_DIRECTORY);
    if (source == -1) {
        fprintf(stderr, "networkfs SOURCE MOUNTPOINT [late=MICROSECONDS] [no-locks]\n");
        return 2;
    }
    for (int i = 3; i < count; ++i) {
        if (strncmp(arguments[i], "late=", 5) == 0) {
            late = (useconds_t)strtoul(arguments[i] + 5, NULL, 10);
        } else if (strcmp(arguments[i], "no-locks") == 0) {
            operations.lock = refuse_lock;
        }
    }
    umask(0);  // the callers' own is in the modes that they ask for
    char options[] = "default_permissions";
    char* mount[] = {arguments[0], arguments[2], "-o", options, NULL};
    return fuse_main(4, mount, &operations, NULL);
}
