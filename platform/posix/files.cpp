// files.h for POSIX systems: writing, and making what was written durable.

#include <cerrno>

#include "platform/common/temporary_names.h"
#include "platform/posix/place.h"
#include "platform/posix/system_calls.h"

namespace unstick::files {

namespace {

constexpr int create_new = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;

/// Makes something under a random name that is still free; `make` returns < 0 with EEXIST if it is not.
template <class Make>
std::pair<int, std::string> with_new_name(std::string_view start, Make make)
{
    while (true) {
        std::string name = random_name(start);
        const int made = make(name.c_str());
        if (made >= 0 || errno != EEXIST) {
            return {made, std::move(name)};
        }
    }
}

bool is_folder(const Place& place)
{
    struct stat status {};
    return ::fstatat(place.folder(), place.name(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

Result<void> sync(const fs::path& path, int flags)
{
    const Handle file = open_path(path, flags);
    if (!file || system_calls::sync_to_disk(file.get()) != 0) {
        return errno_failure(path, "cannot make it durable");
    }
    return {};
}

/// SQLite's own openings. It has made sure that the file is none that it must not open.
int open_for_database(const char* path, int flags, int mode)
{
    return open_path(path, flags, static_cast<mode_t>(mode)).release();
}

int unlink_for_database(const char* path)
{
    const Place place(path);
    return place ? ::unlinkat(place.folder(), place.name(), 0) : -1;
}

/// SQLite looks for symbolic links in each part of a path, each time it opens one. What it opens then goes through no
/// link anyway.
int no_link_for_database(const char*, struct stat*)
{
    errno = ENOENT;
    return -1;
}

}  // namespace

// --- Output ---

Result<Output> Output::create(const fs::path& path)
{
    Handle file = open_path(path, create_new, 0600);
    if (!file) {
        return errno_failure(path, "cannot create it");
    }
    return Output(file.release(), path);
}

Result<Output> Output::open(const fs::path& path)
{
    Handle file = open_path(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) {
        return errno_failure(path, "cannot open it");
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(Code::unsupported, path.string(), "it is not a regular file");
    }
    return Output(file.release(), path);
}

Result<void> Output::write(std::uint64_t offset, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(handle_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return errno_failure(path_, "cannot write it");
        }
        bytes.remove_prefix(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
    return {};
}

Result<void> Output::extend(std::uint64_t size)
{
    struct stat status {};
    if (::fstat(handle_.get(), &status) != 0 || (static_cast<std::uint64_t>(status.st_size) < size &&
                                                 ::ftruncate(handle_.get(), static_cast<off_t>(size)) != 0)) {
        return errno_failure(path_, "cannot write it");
    }
    return {};
}

Result<void> Output::sync()
{
    if (system_calls::sync_to_disk(handle_.get()) != 0) {
        return errno_failure(path_, "cannot make it durable");
    }
    return {};
}

// --- Whole files ---

Result<void> write_file(const fs::path& path, std::string_view content)
{
    const Place place(path);
    if (!place) {
        return errno_failure(path, "cannot write beside it");
    }
    if (!place.has_own_name()) {
        return not_by_name(path);
    }
    const Handle old = place.open(open_for_reading);
    struct stat status {};
    if ((!old && errno != ENOENT) || (old && ::fstat(old.get(), &status) != 0)) {
        return errno_failure(path, "cannot write it");
    }
    const auto [fd, temporary] = with_new_name(place.name_with(temporary_infix), [&](const char* name) {
        return ::openat(place.folder(), name, create_new, 0600);
    });
    const Handle file(fd);
    if (!file) {
        return errno_failure(path, "cannot write beside it");
    }
    if (!write_all(file.get(), content) || (old && !copy_rights(old.get(), status, file.get(), Owner::the_same)) ||
        system_calls::sync_to_disk(file.get()) != 0 ||
        ::renameat(place.folder(), temporary.c_str(), place.folder(), place.name()) != 0) {
        auto failure = errno_failure(path, "cannot write it");
        ::unlinkat(place.folder(), temporary.c_str(), 0);
        return failure;
    }
    return sync_folder(parent_of(path));
}

Result<void> take_over_rights(const fs::path& from_path, const fs::path& to_path)
{
    const Handle source = open_path(from_path, open_for_reading);
    struct stat status {};
    if (!source || ::fstat(source.get(), &status) != 0) {
        return errno_failure(from_path, "cannot look at its owner and rights");
    }
    const Handle target = open_path(to_path, open_for_reading);
    if (!target || !copy_rights(source.get(), status, target.get(), Owner::the_same)) {
        return errno_failure(to_path, "cannot set its owner and rights");
    }
    return {};
}

// --- Folders ---

Result<void> make_private_folder(const fs::path& path)
{
    if (!Place(path) && errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
        TRY(make_private_folder(path.parent_path()));
    }
    const Place place(path);
    if (!place || (::mkdirat(place.folder(), place.name(), 0700) != 0 && (errno != EEXIST || !is_folder(place)))) {
        return errno_failure(path, "cannot create the folder");
    }
    return {};
}

Result<fs::path> make_temporary_folder(std::string_view prefix)
{
    std::error_code none;
    const auto parent = real_path(fs::temp_directory_path(none));
    if (!parent) {
        return parent;
    }
    const Place place(*parent / prefix);
    const auto [made, name] =
        with_new_name(prefix, [&](const char* next) { return place ? ::mkdirat(place.folder(), next, 0700) : -1; });
    if (made < 0) {
        return errno_failure(*parent, "cannot create a temporary folder in it");
    }
    return *parent / name;
}

Result<void> sync_folder(const fs::path& path)
{
    return sync(path, open_a_folder);
}

Result<void> sync_file(const fs::path& path)
{
    return sync(path, open_for_reading);
}

// --- Databases ---

std::vector<SystemCall> database_calls()
{
    return {{"open", reinterpret_cast<void (*)()>(&open_for_database)},
            {"unlink", reinterpret_cast<void (*)()>(&unlink_for_database)},
            {"lstat", reinterpret_cast<void (*)()>(&no_link_for_database)}};
}

}  // namespace unstick::files
