// files.h for Linux and other POSIX systems.

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "../src/files.h"

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

tl::unexpected<Error> errno_failure(const fs::path& path, std::string_view doing)
{
    const int error = errno;
    std::string hint;
    if (error == ENOSPC || error == EDQUOT) {
        hint = "free some disk space and run unstick again";
    } else if (error == EACCES || error == EPERM) {
        hint = "run unstick as the user who owns this file";
    }
    const char* reason = error == ELOOP ? "it is a symbolic link" : std::strerror(error);
    return fail(code_of(error), path.string(), std::string(doing) + ": " + reason, std::move(hint));
}

/// A file descriptor that closes itself.
class Handle {
public:
    explicit Handle(int fd) : fd_(fd) {}
    Handle(Handle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Handle& operator=(Handle&&) = delete;
    ~Handle()
    {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    explicit operator bool() const { return fd_ >= 0; }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

constexpr int open_for_reading = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
constexpr int open_a_folder = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY;

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

Info info_of(const struct stat& st)
{
    const bool is_file = S_ISREG(st.st_mode);
    return {type_of(st.st_mode), is_file ? static_cast<std::uint64_t>(st.st_size) : 0,
            is_file ? static_cast<std::uint64_t>(st.st_nlink) : 1};
}

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

/// Calls visit(name, type) for every name in an open folder. The handle stays open.
template <class Visit>
bool each_name(int folder, Visit visit)
{
    const int copy = ::openat(folder, ".", open_a_folder);
    if (copy < 0) {
        return false;
    }
    Directory directory(::fdopendir(copy));
    if (!directory) {
        ::close(copy);
        return false;
    }
    while (true) {
        errno = 0;
        const dirent* entry = ::readdir(directory.get());
        if (entry == nullptr) {
            return errno == 0;
        }
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") {
            continue;
        }
        Type type = Type::other;
        switch (entry->d_type) {
            case DT_REG:
                type = Type::file;
                break;
            case DT_DIR:
                type = Type::folder;
                break;
            case DT_LNK:
                type = Type::link;
                break;
            case DT_UNKNOWN: {
                struct stat st {};
                if (::fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
                    type = type_of(st.st_mode);
                }
                break;
            }
            default:
                break;
        }
        visit(entry->d_name, type);
    }
}

std::uint64_t size_below(int folder, int depth)
{
    std::uint64_t sum = 0;
    each_name(folder, [&](const char* name, Type type) {
        struct stat st {};
        if (type == Type::file && ::fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
            sum += info_of(st).size;
        } else if (type == Type::folder && depth > 0) {
            const Handle inner(::openat(folder, name, open_a_folder));
            sum += inner ? size_below(inner.get(), depth - 1) : 0;
        }
    });
    return sum;
}

// Levels below a folder that we go down. Browsers use fewer than ten; what goes deeper was made to harm, and must still
// be removable. Each level holds a handle, of which a process commonly has 1024.
constexpr int deepest = 500;

bool write_all(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
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

/// Removes `name` in `folder`, and all below it.
bool remove_at(int folder, const char* name, int depth)
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

/// Copies a file's bytes, mode and times to a new file, synced.
bool copy_file_at(int from_folder, const char* from, int to_folder, const char* to, bool keep_mode)
{
    const Handle source(::openat(from_folder, from, open_for_reading));
    struct stat st {};
    if (!source || ::fstat(source.get(), &st) != 0) {
        return false;
    }
    if (!S_ISREG(st.st_mode)) {
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
            break;
        }
    }
    const std::array<timespec, 2> times{st.st_atim, st.st_mtim};
    return (!keep_mode || ::fchmod(target.get(), st.st_mode & 07777) == 0) &&
           ::futimens(target.get(), times.data()) == 0 && ::fsync(target.get()) == 0;
}

/// Copies a file or a whole folder to a name that does not exist yet.
bool copy_at(int from_folder, const char* from, int to_folder, const char* to, int depth)
{
    struct stat st {};
    if (::fstatat(from_folder, from, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return false;
    }
    if (!S_ISDIR(st.st_mode)) {
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
    const std::array<timespec, 2> times{st.st_atim, st.st_mtim};
    return good && ::fchmod(target.get(), st.st_mode & 07777) == 0 && ::futimens(target.get(), times.data()) == 0 &&
           ::fsync(target.get()) == 0;
}

/// write_file's temporary file: the name, this, and so many letters and digits.
constexpr std::string_view temporary_infix = ".unstick-";
constexpr std::size_t temporary_digits = 6;

fs::path parent_of(const fs::path& path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

std::string path_for_library(const fs::path& path)
{
    return path.string();
}

Result<Info> info(const fs::path& path)
{
    struct stat st {};
    if (::lstat(path.c_str(), &st) != 0) {
        return errno_failure(path, "cannot look at it");
    }
    return info_of(st);
}

// --- Folder ---

Result<Folder> Folder::open(const fs::path& path)
{
    const int fd = ::open(path.c_str(), open_a_folder);
    if (fd < 0) {
        if (errno == ENOTDIR) {  // Linux says this for a symbolic link too
            struct stat st {};
            if (::lstat(path.c_str(), &st) == 0) {
                return fail(Code::unsupported, path.string(),
                            S_ISLNK(st.st_mode) ? "it is a symbolic link" : "it is not a folder");
            }
            errno = ENOENT;
        }
        return errno_failure(path, "cannot open the folder");
    }
    return Folder(fd);
}

Folder::Folder(Folder&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}

Folder& Folder::operator=(Folder&& other) noexcept
{
    std::swap(handle_, other.handle_);
    return *this;
}

Folder::~Folder()
{
    if (handle_ >= 0) {
        ::close(handle_);
    }
}

Result<std::vector<Entry>> Folder::list() const
{
    std::vector<Entry> entries;
    if (!each_name(handle_, [&](const char* name, Type type) { entries.push_back({name, type}); })) {
        return errno_failure("folder", "cannot list it");
    }
    return entries;
}

Result<std::size_t> Folder::read(const char* name, std::uint64_t offset, std::span<char> buffer) const
{
    const Handle file(::openat(handle_, name, open_for_reading));
    if (!file) {
        return errno_failure(name, "cannot open it");
    }
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t n =
            ::pread(file.get(), buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
        if (n < 0) {
            if (errno == EINTR) {
                continue;
            }
            if (errno == ESPIPE || errno == EISDIR) {
                return fail(Code::unsupported, name, "it is not a regular file");
            }
            return errno_failure(name, "cannot read it");
        }
        if (n == 0) {
            break;
        }
        done += static_cast<std::size_t>(n);
    }
    return done;
}

Result<Info> Folder::info(const char* name) const
{
    struct stat st {};
    if (::fstatat(handle_, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno_failure(name, "cannot look at it");
    }
    return info_of(st);
}

// --- Whole files ---

Result<std::string> read_file(const fs::path& path, std::uint64_t limit)
{
    const Handle file(::open(path.c_str(), open_for_reading));
    struct stat st {};
    if (!file || ::fstat(file.get(), &st) != 0) {
        return errno_failure(path, "cannot open it");
    }
    if (!S_ISREG(st.st_mode)) {
        return fail(Code::unsupported, path.string(), "it is not a regular file");
    }
    if (static_cast<std::uint64_t>(st.st_size) > limit) {
        return fail(Code::unsupported, path.string(), "it is larger than any file of its kind should be");
    }
    std::string content(static_cast<std::size_t>(st.st_size), '\0');
    std::size_t done = 0;
    while (done < content.size()) {
        const ssize_t n = ::read(file.get(), content.data() + done, content.size() - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return errno_failure(path, "cannot read it");
        }
        if (n == 0) {
            break;
        }
        done += static_cast<std::size_t>(n);
    }
    content.resize(done);
    return content;
}

bool can_write(const fs::path& path)
{
    return ::access(path.c_str(), W_OK) == 0;
}

std::uint64_t tree_size(const fs::path& path)
{
    struct stat st {};
    if (::lstat(path.c_str(), &st) != 0) {
        return 0;
    }
    if (!S_ISDIR(st.st_mode)) {
        return info_of(st).size;
    }
    const Handle folder(::open(path.c_str(), open_a_folder));
    return folder ? size_below(folder.get(), deepest) : 0;
}

void tidy_beside(const fs::path& path)
{
    const auto folder = Folder::open(parent_of(path));
    const std::string start = path.filename().string() + std::string(temporary_infix);
    for (const Entry& entry : folder ? folder->list().value_or(std::vector<Entry>{}) : std::vector<Entry>{}) {
        if (entry.type == Type::file && entry.name.starts_with(start) &&
            entry.name.size() == start.size() + temporary_digits) {
            (void)remove_tree(parent_of(path) / entry.name);
        }
    }
}

Result<void> write_file(const fs::path& path, std::string_view content)
{
    struct stat st {};
    const mode_t mode = ::lstat(path.c_str(), &st) == 0 ? st.st_mode & 07777 : 0600;
    std::string temporary = path.string() + std::string(temporary_infix) + std::string(temporary_digits, 'X');
    const Handle file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file) {
        return errno_failure(path, "cannot write beside it");
    }
    if (!write_all(file.get(), content) || ::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0 ||
        ::rename(temporary.c_str(), path.c_str()) != 0) {
        auto failure = errno_failure(path, "cannot write it");
        ::unlink(temporary.c_str());
        return failure;
    }
    return sync_folder(parent_of(path));
}

Result<void> move(const fs::path& from, const fs::path& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return {};
    }
    if (errno == EXDEV || errno == EINVAL) {  // another file system, or one that cannot rename without replacing
        struct stat st {};
        if (::lstat(to.c_str(), &st) == 0) {
            errno = EEXIST;
            return errno_failure(to, "cannot move it here");
        }
        // Complete before it has its name; gone from its old name in one step. Cut off anywhere, one of
        // the two names holds all of it.
        const std::string part = to.string() + ".part";
        const std::string aside = from.string() + std::string(removed_suffix);
        if (!remove_at(AT_FDCWD, part.c_str(), deepest) ||
            !copy_at(AT_FDCWD, from.c_str(), AT_FDCWD, part.c_str(), deepest) ||
            ::rename(part.c_str(), to.c_str()) != 0) {
            auto failure = errno_failure(from, "cannot copy it");
            remove_at(AT_FDCWD, part.c_str(), deepest);
            return failure;
        }
        if (auto synced = sync_folder(parent_of(to)); !synced) {
            return synced;
        }
        if (::rename(from.c_str(), aside.c_str()) != 0) {
            auto failure = errno_failure(from, "cannot remove it");
            remove_at(AT_FDCWD, to.c_str(), deepest);
            return failure;
        }
        return remove_tree(aside);
    }
    return errno_failure(errno == EEXIST ? to : from, "cannot move it");
}

Result<void> copy_file(const fs::path& from, const fs::path& to)
{
    if (!copy_file_at(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), false)) {
        return errno_failure(from, "cannot copy it");
    }
    return {};
}

Result<void> link_file(const fs::path& from, const fs::path& to)
{
    struct stat st {};
    if (::lstat(from.c_str(), &st) != 0) {
        return errno_failure(from, "cannot look at it");
    }
    if (!S_ISREG(st.st_mode)) {
        return fail(Code::unsupported, from.string(), "it is not a regular file");
    }
    if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), 0) == 0) {
        return {};
    }
    const bool impossible = errno == EXDEV || errno == EPERM || errno == EMLINK || errno == ENOTSUP || errno == ENOSYS;
    if (!impossible || !copy_file_at(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), true)) {
        return errno_failure(errno == EEXIST ? to : from, "cannot link it");
    }
    return {};
}

Result<void> exchange(const fs::path& a, const fs::path& b)
{
    if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) {
        return {};
    }
    if (errno == EINVAL || errno == ENOSYS) {  // a file system that cannot
        const std::string aside = a.string() + std::string(exchange_suffix);
        if (::rename(a.c_str(), aside.c_str()) == 0) {
            if (::rename(b.c_str(), a.c_str()) == 0) {
                if (::rename(aside.c_str(), b.c_str()) == 0) {
                    return {};
                }
                ::rename(a.c_str(), b.c_str());
            }
            const int error = errno;
            ::rename(aside.c_str(), a.c_str());
            errno = error;
        }
    }
    return errno_failure(a, "cannot exchange it with its new version");
}

Result<void> remove_tree(const fs::path& path)
{
    if (!remove_at(AT_FDCWD, path.c_str(), deepest)) {
        return errno_failure(path, "cannot remove it");
    }
    return {};
}

Result<void> take_over_rights(const fs::path& from, const fs::path& to)
{
    struct stat st {};
    if (::stat(from.c_str(), &st) != 0 || ::chmod(to.c_str(), st.st_mode & 07777) != 0) {
        return errno_failure(to, "cannot set its rights");
    }
    return {};
}

Result<void> make_private_file(const fs::path& file)
{
    if (::chmod(file.c_str(), 0600) != 0) {
        return errno_failure(file, "cannot set its rights");
    }
    return {};
}

Result<fs::path> real_path(const fs::path& path)
{
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
    if (!real) {
        return errno_failure(path, "cannot find its place");
    }
    return fs::path(real.get());
}

Result<void> make_private_folder(const fs::path& path)
{
    if (::mkdir(path.c_str(), 0700) == 0) {
        return {};
    }
    if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
        if (auto parent = make_private_folder(path.parent_path()); !parent) {
            return parent;
        }
        if (::mkdir(path.c_str(), 0700) == 0) {
            return {};
        }
    }
    struct stat st {};
    if (errno == EEXIST && ::stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode)) {
        return {};
    }
    return errno_failure(path, "cannot create the folder");
}

Result<fs::path> make_temporary_folder(const fs::path& parent, std::string_view prefix)
{
    std::string name = (parent / (std::string(prefix) + "XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) {
        return errno_failure(parent, "cannot create a temporary folder in it");
    }
    return fs::path(name);
}

Result<void> sync_folder(const fs::path& path)
{
    const Handle folder(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
    if (!folder || ::fsync(folder.get()) != 0) {
        return errno_failure(path, "cannot make it durable");
    }
    return {};
}

Result<void> sync_file(const fs::path& path)
{
    const Handle file(::open(path.c_str(), open_for_reading));
    if (!file || ::fsync(file.get()) != 0) {
        return errno_failure(path, "cannot make it durable");
    }
    return {};
}

// --- Lock ---

Result<Lock> Lock::take(const fs::path& path)
{
    Handle file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file) {
        return errno_failure(path, "cannot open it");
    }
    struct flock all {};
    all.l_type = F_WRLCK;
    all.l_whence = SEEK_SET;
    // An open file description lock meets POSIX locks of other processes like one of them, but does not
    // vanish when some other handle of the file is closed in this process.
    if (::fcntl(file.get(), F_OFD_SETLK, &all) == 0) {
        return Lock(file.release());
    }
    if (errno != EAGAIN && errno != EACCES) {
        return errno_failure(path, "cannot lock it");
    }
    std::string who = "another process holds it";
    if (::fcntl(file.get(), F_OFD_GETLK, &all) == 0 && all.l_type != F_UNLCK && all.l_pid > 0) {
        who = "process " + std::to_string(all.l_pid) + " holds it";
    }
    return fail(Code::locked, path.string(), who, "close the browser and run unstick again");
}

Lock::Lock(Lock&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}

Lock& Lock::operator=(Lock&& other) noexcept
{
    std::swap(handle_, other.handle_);
    return *this;
}

Lock::~Lock()
{
    if (handle_ >= 0) {
        ::close(handle_);
    }
}

}  // namespace unstick::files
