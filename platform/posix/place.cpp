#include "platform/posix/place.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/common/temporary_names.h"
#include "platform/posix/system_calls.h"

namespace unstick::files {

namespace {

Code code_of(int error)
{
    switch (error) {
        case ENOENT:
        case ENOTDIR:
            return Code::not_found;
        case EACCES:
        case EPERM:
        case EROFS:
            return Code::denied;
        case EEXIST:
        case ENOTEMPTY:
            return Code::exists;
        case ELOOP:
            return Code::unsupported;
        case EAGAIN:
        case EBUSY:
            return Code::locked;
        default:
            return Code::io;
    }
}

/// No path is no file, and not the folder we are in. Nor is one with a byte 0: the system would take its beginning for
/// it.
bool is_path(const fs::path& path)
{
    return !path.empty() && path.native().find('\0') == std::string::npos;
}

}  // namespace

Place::Place(const fs::path& path)
    : folder_(is_path(path) ? system_calls::reach_folder(parent_of(path).c_str()) : -1),
      error_(is_path(path) ? errno : ENOENT),
      name_(path.has_filename() ? path.filename().string() : ".")
{
}

Place::operator bool() const
{
    if (!folder_) {
        errno = error_;
    }
    return static_cast<bool>(folder_);
}

Handle Place::open(int flags, mode_t mode) const
{
    if (!*this) {
        return Handle();
    }
    Handle opened(::openat(folder(), name(), flags | O_NOFOLLOW, mode));
    if (!opened && errno == ENOTDIR) {  // what Linux says for a link where a folder is wanted
        struct stat status {};
        const bool is_link = ::fstatat(folder(), name(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
        errno = is_link ? ELOOP : ENOTDIR;
    }
    return opened;
}

Handle open_path(const fs::path& path, int flags, mode_t mode)
{
    const bool is_one = is_path(path);
    Handle opened(is_one ? system_calls::open_at_once(path.c_str(), flags, mode) : -1);
    return !is_one || (!opened && errno == ENOSYS) ? Place(path).open(flags, mode) : std::move(opened);
}

bool look_at_path(const fs::path& path, struct stat& status)
{
    if (is_path(path) && system_calls::look_at_once(path.c_str(), status) == 0) {
        return true;
    }
    if (is_path(path) && errno != ENOSYS) {
        return false;
    }
    const Place place(path);
    return place && ::fstatat(place.folder(), place.name(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

tl::unexpected<Error> errno_failure(const fs::path& path, std::string_view doing)
{
    const int error = errno;
    std::string hint;
    if (error == ENOSPC || error == EDQUOT) {
        hint = "free some disk space and run unstick again";
    } else if (error == EACCES || error == EPERM) {
        hint = "run unstick as the user who owns this file";
    }
    const char* reason = error == ELOOP ? "there is a symbolic link on the way" : std::strerror(error);
    return fail(code_of(error), path.string(), std::string(doing) + ": " + reason, std::move(hint));
}

tl::unexpected<Error> not_by_name(const fs::path& path)
{
    return fail(Code::unsupported, path.string(), "it is not named by its own name");
}

Type type_of(mode_t mode)
{
    if (S_ISREG(mode)) {
        return Type::file;
    }
    if (S_ISDIR(mode)) {
        return Type::folder;
    }
    return S_ISLNK(mode) ? Type::link : Type::other;
}

Info info_of(const struct stat& status)
{
    constexpr std::int64_t ns = 1'000'000'000;
    constexpr std::int64_t latest = 9 * ns;  // in the year 2255; a file can claim any
    const bool is_file = S_ISREG(status.st_mode);
    const timespec changed = system_calls::times_of(status)[1];
    return {type_of(status.st_mode), is_file ? static_cast<std::uint64_t>(status.st_size) : 0,
            is_file ? static_cast<std::uint64_t>(status.st_nlink) : 1,
            std::clamp<std::int64_t>(changed.tv_sec, 0, latest) * ns + changed.tv_nsec,
            static_cast<std::uint64_t>(status.st_ino)};
}

Type type_in(int folder, const dirent& entry)
{
    switch (entry.d_type) {
        case DT_REG:
            return Type::file;
        case DT_DIR:
            return Type::folder;
        case DT_LNK:
            return Type::link;
        case DT_UNKNOWN: {
            struct stat status {};
            return ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? type_of(status.st_mode)
                                                                                      : Type::other;
        }
        default:
            return Type::other;
    }
}

bool write_all(int file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(file, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool copy_rights(int from, const struct stat& status, int to, Owner owner)
{
    struct stat now {};
    if (::fstat(to, &now) != 0) {
        return false;
    }
    const bool same_owner = now.st_uid == status.st_uid && now.st_gid == status.st_gid;
    if (!same_owner && ::fchown(to, status.st_uid, status.st_gid) != 0 &&
        !(owner == Owner::as_we_may && errno == EPERM)) {
        return false;
    }
    return system_calls::copy_attributes(from, to) && ::fchmod(to, status.st_mode & 07777) == 0;
}

}  // namespace unstick::files
