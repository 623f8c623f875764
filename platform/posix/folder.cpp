// files.h for POSIX systems: looking, reading, locking.

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "platform/posix/place.h"
#include "platform/posix/system_calls.h"

namespace unstick::files {

namespace {

std::uint64_t size_below(int folder, int depth)
{
    std::uint64_t sum = 0;
    each_name(folder, [&](const char* name, Type type) {
        struct stat status {};
        if (type == Type::file && ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
            sum += info_of(status).size;
        } else if (type == Type::folder && depth > 0) {
            const Handle inner(::openat(folder, name, open_a_folder));
            sum += inner ? size_below(inner.get(), depth - 1) : 0;
        }
    });
    return sum;
}

/// A name that leads nowhere else: LevelDB, for one, takes names from its files.
bool is_single(std::string_view name)
{
    return name.find('/') == std::string_view::npos && name != "..";
}

tl::unexpected<Error> not_in_it(const fs::path& path)
{
    return fail(Code::unsupported, path.string(), "this name leads out of the folder");
}

/// Reads until the buffer is full or the file ends; -1 with errno if it cannot be read.
ssize_t read_at(int file, std::uint64_t offset, std::span<char> buffer)
{
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t n = ::pread(file, buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? n : static_cast<ssize_t>(done);
        }
        done += static_cast<std::size_t>(n);
    }
    return static_cast<ssize_t>(done);
}

}  // namespace

std::string path_for_library(const fs::path& path)
{
    return path.string();
}

Result<fs::path> real_path(const fs::path& path)
{
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
    if (!real) {
        return errno_failure(path, "cannot find its place");
    }
    return fs::path(real.get());
}

bool is_real_path(const fs::path& path)
{
    if (!path.is_absolute() || path != path.lexically_normal() || !path.has_filename()) {
        return false;
    }
    const auto found = info(path);
    return found ? found->type != Type::link : found.error().code == Code::not_found;
}

Result<Info> info(const fs::path& path)
{
    struct stat status {};
    if (!look_at_path(path, status)) {
        return errno_failure(path, "cannot look at it");
    }
    return info_of(status);
}

Result<std::string> read_link(const fs::path& path)
{
    struct stat status {};
    if (!look_at_path(path, status)) {  // most that are asked for are not there: one call
        return errno_failure(path, "cannot look at it");
    }
    const Place place(path);
    std::array<char, PATH_MAX> target{};
    const ssize_t size = place ? ::readlinkat(place.folder(), place.name(), target.data(), target.size()) : -1;
    if (size < 0) {
        return errno == EINVAL ? fail(Code::unsupported, path.string(), "it is not a symbolic link")
                               : errno_failure(path, "cannot look at it");
    }
    return std::string(target.data(), static_cast<std::size_t>(size));
}

// --- Folder ---

void close_handle(int handle)
{
    ::close(handle);
}

void close_lock(int handle)
{
    ::close(handle);
}

Result<Folder> Folder::open(const fs::path& path)
{
    Handle folder = open_path(path, open_a_folder);
    if (!folder && errno == ENOTDIR && Place(path)) {
        return fail(Code::unsupported, path.string(), "it is not a folder");
    }
    if (!folder) {
        return errno_failure(path, "cannot open the folder");
    }
    return Folder(folder.release(), path);
}

Result<std::vector<Entry>> Folder::list() const
{
    std::vector<Entry> entries;
    if (!each_name(handle_.get(), [&](const char* name, Type type) { entries.push_back({name, type}); })) {
        return errno_failure(path_, "cannot list it");
    }
    return entries;
}

Result<Input> Folder::open_file(const char* name) const
{
    if (!is_single(name)) {
        return not_in_it(path_ / name);
    }
    Handle file(::openat(handle_.get(), name, open_for_reading));
    if (!file) {
        return errno_failure(path_ / name, "cannot open it");
    }
    return Input(file.release(), path_, name);
}

Result<std::size_t> Folder::read(const char* name, std::uint64_t offset, std::span<char> buffer) const
{
    TRY_ASSIGN(const auto file, open_file(name));
    return file.read(offset, buffer);
}

Result<Info> Folder::info(const char* name) const
{
    if (!is_single(name)) {
        return not_in_it(path_ / name);
    }
    struct stat status {};
    if (::fstatat(handle_.get(), name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno_failure(path_ / name, "cannot look at it");
    }
    return info_of(status);
}

// --- Input ---

Result<std::size_t> Input::read(std::uint64_t offset, std::span<char> buffer) const
{
    const ssize_t size = read_at(handle_.get(), offset, buffer);
    if (size < 0) {
        return errno == ESPIPE || errno == EISDIR
                   ? fail(Code::unsupported, (*folder_ / name_).string(), "it is not a regular file")
                   : errno_failure(*folder_ / name_, "cannot read it");
    }
    return static_cast<std::size_t>(size);
}

Result<std::uint64_t> Input::size() const
{
    struct stat status {};
    if (::fstat(handle_.get(), &status) != 0) {
        return errno_failure(*folder_ / name_, "cannot look at it");
    }
    return info_of(status).size;
}

// --- Whole files ---

Result<std::string> read_file(const fs::path& path, std::uint64_t limit)
{
    const Handle file = open_path(path, open_for_reading);
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) {
        return errno_failure(path, "cannot open it");
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(Code::unsupported, path.string(), "it is not a regular file");
    }
    if (static_cast<std::uint64_t>(status.st_size) > limit) {
        return fail(Code::unsupported, path.string(), "it is larger than any file of its kind should be");
    }
    std::string content(static_cast<std::size_t>(status.st_size), '\0');
    const ssize_t size = read_at(file.get(), 0, content);
    if (size < 0) {
        return errno_failure(path, "cannot read it");
    }
    content.resize(static_cast<std::size_t>(size));
    return content;
}

bool can_write(const fs::path& path)
{
    const Place place(path);
    return place && ::faccessat(place.folder(), place.name(), W_OK, 0) == 0;
}

std::uint64_t tree_size(const fs::path& path)
{
    const Place place(path);
    struct stat status {};
    if (!place || ::fstatat(place.folder(), place.name(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return 0;
    }
    if (!S_ISDIR(status.st_mode)) {
        return info_of(status).size;
    }
    const Handle folder = place.open(open_a_folder);
    return folder ? size_below(folder.get(), deepest) : 0;
}

// --- Lock ---

Result<Lock> Lock::take(const fs::path& path)
{
    Handle file = open_path(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (!file) {
        return errno_failure(path, "cannot open it");
    }
    struct flock all {};
    all.l_type = F_WRLCK;
    all.l_whence = SEEK_SET;
    if (system_calls::set_lock(file.get(), all) == 0) {
        return Lock(file.release());
    }
    if (errno != EAGAIN && errno != EACCES) {
        return errno_failure(path, "cannot lock it");
    }
    std::string who = "another process holds it";
    if (system_calls::get_lock(file.get(), all) == 0 && all.l_type != F_UNLCK && all.l_pid > 0) {
        who = "process " + std::to_string(all.l_pid) + " holds it";
    }
    return fail(Code::locked, path.string(), who, "close the browser and run unstick again");
}

}  // namespace unstick::files
