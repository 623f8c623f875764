// files.h for POSIX systems: moving, copying, exchanging, removing whole files and folders.

#include <array>
#include <cerrno>

#include "platform/common/temporary_names.h"
#include "platform/own_process.h"
#include "platform/posix/place.h"
#include "platform/posix/system_calls.h"

namespace unstick::files {

namespace {

/// Removes `name` in `folder`, and all below it.
bool remove_at(int folder, const char* name, int depth = deepest)
{
    if (::unlinkat(folder, name, 0) == 0 || errno == ENOENT) {
        return true;
    }
    if (errno != EISDIR && errno != EPERM) {
        return false;
    }
    const Handle inner(::openat(folder, name, open_a_folder));
    if (!inner || depth == 0) {
        return false;
    }
    std::vector<std::string> names;  // removing while reading a directory may skip names
    if (!each_name(inner.get(), [&](const char* below, Type) { names.emplace_back(below); })) {
        return false;
    }
    for (const auto& below : names) {
        if (!remove_at(inner.get(), below.c_str(), depth - 1)) {
            return false;
        }
    }
    return ::unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

/// Ends a copy: rights if they are to be kept, times, and all of it on the disk.
bool settle_copy(int from, const struct stat& status, int to, bool take_over_rights)
{
    const std::array<timespec, 2> times = system_calls::times_of(status);
    return (!take_over_rights || copy_rights(from, status, to, Owner::as_we_may)) &&
           ::futimens(to, times.data()) == 0 && system_calls::sync_to_disk(to) == 0;
}

/// Copies a file's bytes and times, and its rights if wanted, to a new file, synced.
bool copy_file_at(int from_folder, const char* from, int to_folder, const char* to, bool take_over_rights)
{
    const Handle source(::openat(from_folder, from, open_for_reading));
    struct stat status {};
    if (!source || ::fstat(source.get(), &status) != 0) {
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return false;
    }
    const Handle target(::openat(to_folder, to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!target) {
        return false;
    }
    std::array<char, 1 << 16> buffer{};
    while (true) {
        const ssize_t n = ::read(source.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0 || !write_all(target.get(), {buffer.data(), static_cast<std::size_t>(n < 0 ? 0 : n)})) {
            return false;
        }
        if (n == 0) {
            return settle_copy(source.get(), status, target.get(), take_over_rights);
        }
    }
}

/// Copies a file or a whole folder to a name that does not exist yet.
bool copy_at(int from_folder, const char* from, int to_folder, const char* to, int depth = deepest)
{
    struct stat status {};
    if (::fstatat(from_folder, from, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return false;
    }
    if (!S_ISDIR(status.st_mode)) {
        return copy_file_at(from_folder, from, to_folder, to, true);
    }
    const Handle source(::openat(from_folder, from, open_a_folder));
    if (!source || depth == 0 || ::mkdirat(to_folder, to, 0700) != 0) {
        return false;
    }
    const Handle target(::openat(to_folder, to, open_a_folder));
    if (!target) {
        return false;
    }
    bool good = true;
    good = each_name(source.get(),
                     [&](const char* name, Type) {
                         good = good && copy_at(source.get(), name, target.get(), name, depth - 1);
                     }) &&
           good;
    return good && settle_copy(source.get(), status, target.get(), true);
}

/// Does a file system say with errno that it cannot do this at all?
bool is_unable()
{
    return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP;
}

/// Does it say that of second names?
bool has_no_second_names()
{
    return is_unable() || errno == EPERM || errno == EMLINK || errno == EXDEV;
}

/// Renames to a name that is free when it is looked at. Of what gets that name later, a folder replaces an empty folder
/// only.
bool rename_to_free(const Place& from, const Place& to)
{
    struct stat status {};
    if (::fstatat(to.folder(), to.name(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    return errno == ENOENT && ::renameat(from.folder(), from.name(), to.folder(), to.name()) == 0;
}

/// A move to another file system: complete before it has its name; gone from its old name in one step. Cut off
/// anywhere, one of the two names holds all of it.
Result<void> move_by_copy(const fs::path& from_path, const Place& from, const fs::path& to_path, const Place& to)
{
    struct stat status {};
    if (::fstatat(to.folder(), to.name(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return errno_failure(to_path, "cannot move it here");
    }
    const std::string part = to.name_with(part_suffix);
    const std::string aside = from.name_with(removed_suffix);
    bool copied = false;
    int error = 0;
    {
        // Ends before the copy gets its name: while it is being removed, this waits, and nothing takes it for whole.
        const BeforeEnd half_done([file = parent_of(to_path) / part] { (void)remove_tree(file); });
        copied = remove_at(to.folder(), part.c_str()) && copy_at(from.folder(), from.name(), to.folder(), part.c_str());
        error = errno;
    }
    errno = error;
    if (!copied || ::renameat(to.folder(), part.c_str(), to.folder(), to.name()) != 0) {
        auto failure = errno_failure(from_path, "cannot copy it");
        remove_at(to.folder(), part.c_str());
        return failure;
    }
    TRY(sync_folder(parent_of(to_path)));
    if (::renameat(from.folder(), from.name(), from.folder(), aside.c_str()) != 0) {
        auto failure = errno_failure(from_path, "cannot remove it");
        remove_at(to.folder(), to.name());
        return failure;
    }
    return remove_at(from.folder(), aside.c_str()) ? Result<void>() : errno_failure(from_path, "cannot remove it");
}

/// A move within a file system that cannot rename without replacing.
Result<void> move_by_second_name(const fs::path& from_path, const Place& from, const fs::path& to_path, const Place& to)
{
    struct stat status {};
    if (::fstatat(from.folder(), from.name(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno_failure(from_path, "cannot move it");
    }
    if (S_ISDIR(status.st_mode)) {  // a folder has no second name, and replaces an empty folder at most
        return rename_to_free(from, to) ? Result<void>()
                                        : errno_failure(errno == EEXIST ? to_path : from_path, "cannot move it");
    }
    if (::linkat(from.folder(), from.name(), to.folder(), to.name(), 0) != 0) {
        return has_no_second_names() ? move_by_copy(from_path, from, to_path, to)
                                     : errno_failure(errno == EEXIST ? to_path : from_path, "cannot move it");
    }
    if (::unlinkat(from.folder(), from.name(), 0) != 0) {
        auto failure = errno_failure(from_path, "cannot move it");
        ::unlinkat(to.folder(), to.name(), 0);
        return failure;
    }
    return {};
}

}  // namespace

Result<void> move(const fs::path& from_path, const fs::path& to_path)
{
    const Place from(from_path);
    const Place to(to_path);
    if (!from || !to) {
        return errno_failure(from ? to_path : from_path, "cannot move it");
    }
    if (!from.has_own_name() || !to.has_own_name()) {
        return not_by_name(from.has_own_name() ? to_path : from_path);
    }
    if (system_calls::rename_new(from.folder(), from.name(), to.folder(), to.name()) == 0) {
        return {};
    }
    if (errno == EXDEV) {
        return move_by_copy(from_path, from, to_path, to);
    }
    if (is_unable()) {
        return move_by_second_name(from_path, from, to_path, to);
    }
    return errno_failure(errno == EEXIST ? to_path : from_path, "cannot move it");
}

Result<void> copy_file(const fs::path& from_path, const fs::path& to_path)
{
    const Place from(from_path);
    const Place to(to_path);
    if (!from || !to || !copy_file_at(from.folder(), from.name(), to.folder(), to.name(), false)) {
        return errno_failure(from_path, "cannot copy it");
    }
    return {};
}

Result<void> link_file(const fs::path& from_path, const fs::path& to_path)
{
    const Place from(from_path);
    const Place to(to_path);
    struct stat status {};
    if (!from || !to || ::fstatat(from.folder(), from.name(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno_failure(from_path, "cannot look at it");
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(Code::unsupported, from_path.string(), "it is not a regular file");
    }
    if (::linkat(from.folder(), from.name(), to.folder(), to.name(), 0) == 0) {
        return {};
    }
    if (!has_no_second_names() || !copy_file_at(from.folder(), from.name(), to.folder(), to.name(), true)) {
        return errno_failure(errno == EEXIST ? to_path : from_path, "cannot link it");
    }
    return {};
}

Result<void> exchange(const fs::path& a_path, const fs::path& b_path)
{
    const Place a(a_path);
    const Place b(b_path);
    if (!a.has_own_name() || !b.has_own_name()) {
        return not_by_name(a.has_own_name() ? b_path : a_path);
    }
    if (a && b && system_calls::swap_names(a.folder(), a.name(), b.folder(), b.name()) == 0) {
        return {};
    }
    return a && b && is_unable()
               ? fail(Code::unsupported, a_path.string(), "this file system cannot exchange two names")
               : errno_failure(a_path, "cannot exchange it with its new version");
}

Result<void> rename_folder(const fs::path& from_path, const fs::path& to_path)
{
    const Place from(from_path);
    const Place to(to_path);
    if (from && to && !(from.has_own_name() && to.has_own_name())) {
        return not_by_name(from.has_own_name() ? to_path : from_path);
    }
    if (from && to &&
        (system_calls::rename_new(from.folder(), from.name(), to.folder(), to.name()) == 0 ||
         (is_unable() && rename_to_free(from, to)))) {
        return {};
    }
    return errno_failure(errno == EEXIST ? to_path : from_path, "cannot rename it");
}

Result<void> remove_tree(const fs::path& path)
{
    const Place place(path);
    const bool absent = !place && errno == ENOENT;
    if (!path.empty() && !place.has_own_name()) {
        return not_by_name(path);
    }
    if (!absent && (!place || !remove_at(place.folder(), place.name()))) {
        return errno_failure(path, "cannot remove it");
    }
    return {};
}

}  // namespace unstick::files
