#pragma once
// File operations that the standard library lacks: never through a symbolic link, synced, atomic. Implemented per
// operating system in platform/.
//
// No operation goes through a symbolic link (or what a system has of that kind) anywhere in a path, the last name
// included: Code::unsupported. Not even if a folder is exchanged for a link while the operation runs: each opens the
// folder first and works relative to that. So callers give paths that have no links: those of the folders we start from
// are resolved once (without_links in machine.h), and what is below them is taken as it is.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "platform/owned.h"

namespace unstick::files {

namespace fs = std::filesystem;

enum class Type { file, folder, link, other };

struct Info {
    Type type = Type::other;
    std::uint64_t size = 0;
    std::uint64_t names = 1;       ///< hard links: how many names a file has
    std::int64_t modified_ns = 0;  ///< when its content, or the names in a folder, changed last: since 1970
    /// What the file system knows it by (inode number, file index), whatever its name. 0: it does not say. Some file
    /// systems give other numbers when they are mounted again.
    std::uint64_t number = 0;
};

/// A path as other people's libraries have to be given it, UTF-8: in the form without a limit of length, where the
/// system has such a form. For opening only: `path` itself is what is shown and kept.
std::string path_for_library(const fs::path& path);

/// The one name of an existing file or folder, without links in it. The one function that follows links. Errors:
/// not_found, denied, io.
Result<fs::path> real_path(const fs::path& path);

/// Is it known, at a glance, that real_path has nothing to change in a path, as far as there is something of it?
bool is_real_path(const fs::path& path);

/// About the name itself: a symbolic link is a link. Errors: not_found, denied, io.
Result<Info> info(const fs::path& path);

/// Is anything of that name there? Errors: denied, io: it cannot be said. `value_or(true)` takes it for there then, and
/// whoever works on it meets the error.
inline Result<bool> exists(const fs::path& path)
{
    const auto found = info(path);
    return found || found.error().code == Code::not_found ? Result<bool>(found.has_value())
                                                          : tl::unexpected<Error>(found.error());
}

struct Entry {
    std::string name;
    Type type = Type::other;
};

/// What a symbolic link says. Errors: as info; unsupported if it is none.
Result<std::string> read_link(const fs::path& path);

/// What a number of Input, Folder and Output, or of Lock, stands for is closed. Only for `Owned`.
void close_handle(int handle);
void close_lock(int handle);

/// A regular file that is open for reading, for more than one look at it. For as long as its folder
/// is neither closed nor moved.
class Input {
public:
    /// Reads up to buffer.size() bytes from `offset` on; returns how many. Errors: io; unsupported if it is not a
    /// regular file.
    Result<std::size_t> read(std::uint64_t offset, std::span<char> buffer) const;

    /// Its size, in bytes. Errors: io.
    Result<std::uint64_t> size() const;

private:
    friend class Folder;
    Input(int handle, const fs::path& folder, std::string name)
        : handle_(handle), folder_(&folder), name_(std::move(name))
    {
    }
    Owned<close_handle> handle_;
    const fs::path* folder_ = nullptr;  ///< for errors
    std::string name_;
};

/// An open directory. What is reached through it is really in it: names that lead elsewhere are Code::unsupported.
/// Opening is also the probe for rights: `stat` proves nothing on macOS.
class Folder {
public:
    /// Errors: not_found, denied, io; unsupported if a component is a symbolic link, or the last one not a folder.
    static Result<Folder> open(const fs::path& path);

    /// All names but . and .., in no order.
    Result<std::vector<Entry>> list() const;

    /// Opens the regular file `name`. Errors: as open.
    Result<Input> open_file(const char* name) const;

    /// Reads up to buffer.size() bytes of the regular file `name` from `offset` on; returns how many.
    /// Errors: as open; unsupported if it is not a regular file (never blocks on a FIFO).
    Result<std::size_t> read(const char* name, std::uint64_t offset, std::span<char> buffer) const;

    /// Size and type of a name in it.
    Result<Info> info(const char* name) const;

private:
    Folder(int handle, fs::path path) : handle_(handle), path_(std::move(path)) {}
    Owned<close_handle> handle_;
    fs::path path_;  ///< for errors
};

/// All names in a folder but . and .., in no order. Errors: as Folder::open, and io.
inline Result<std::vector<Entry>> list(const fs::path& path)
{
    return Folder::open(path).and_then([](const Folder& folder) { return folder.list(); });
}

/// The whole of a regular file of at most `limit` bytes. Errors: as Folder::open; unsupported if larger.
Result<std::string> read_file(const fs::path& path, std::uint64_t limit);

/// May we write to an existing file or folder, as far as its rights and its file system say?
bool can_write(const fs::path& path);

/// Sum of the sizes of all regular files below a folder (or of the one file). 0 if it is not there.
std::uint64_t tree_size(const fs::path& path);

/// A file that we write to in place. For files that nobody else reads yet.
class Output {
public:
    /// A new, empty file that only its owner can read (0600). Errors: exists, not_found, denied, io.
    static Result<Output> create(const fs::path& path);
    /// An existing regular file. Errors: not_found, denied, io; unsupported if it is something else.
    static Result<Output> open(const fs::path& path);

    Result<void> write(std::uint64_t offset, std::string_view bytes);
    /// Makes the file at least so long, with zeros.
    Result<void> extend(std::uint64_t size);
    /// Makes what was written durable.
    Result<void> sync();

private:
    Output(int handle, fs::path path) : handle_(handle), path_(std::move(path)) {}
    Owned<close_handle> handle_;
    fs::path path_;
};

/// Replaces or creates a file so that a reader sees the old or the new content, never a mixture: temporary file beside
/// it, sync, rename, sync of the folder. Keeps owner, group, mode and extended attributes, or fails; a new file gets
/// 0600.
Result<void> write_file(const fs::path& path, std::string_view content);

/// Gives a file or folder owner, group, mode and extended attributes of another. Errors: denied if that needs rights
/// that we do not have, not_found, io.
Result<void> take_over_rights(const fs::path& from, const fs::path& to);

/// Removes temporary files that `write_file` left beside `path` when it was cut off.
void tidy_beside(const fs::path& path);

/// What `move` adds to a name on another file system while it removes the original. Only after a crash can
/// such a name be left; it is then a copy of something that is safe under its new name.
inline constexpr std::string_view removed_suffix = ".unstick-removed";

/// What `move` adds to a name on another file system while the copy there is not whole. Only after a crash can such a
/// name be left; what it is a copy of is where it was.
inline constexpr std::string_view part_suffix = ".unstick-part";

/// Moves a file or folder without following links; content, mode and times stay. Never replaces
/// anything (Code::exists). Where a file system cannot rename without replacing, a file gets its second name before it
/// loses the first. Across file systems, and where there are no second names: copy, sync, then remove the original.
/// Cut off anywhere, one of the two names holds all of it, or both do.
Result<void> move(const fs::path& from, const fs::path& to);

/// Copies a regular file (mode 0600) and syncs it. Code::exists if `to` exists.
Result<void> copy_file(const fs::path& from, const fs::path& to);

/// Gives a regular file a second name: a hard link where the file system and our rights allow one, else a copy with
/// mode and times, synced. Only for files that are never written to in place. Code::exists if `to` exists.
Result<void> link_file(const fs::path& from, const fs::path& to);

/// Swaps two folders' names in one step. Errors: unsupported where the file system cannot (FAT, NFS, FUSE; Windows);
/// then nothing has changed.
Result<void> exchange(const fs::path& a, const fs::path& b);

/// Gives a folder another name in the same folder. Never replaces anything (Code::exists), but for an empty folder.
Result<void> rename_folder(const fs::path& from, const fs::path& to);

/// Removes a file or a whole folder; links themselves, never what they point to. Absent is success.
Result<void> remove_tree(const fs::path& path);

/// Creates a folder (and missing parents) that only its owner can enter (0700). Existing is success.
Result<void> make_private_folder(const fs::path& path);

/// The same, and durable: each folder that was made has its name on the disk.
Result<void> make_durable_folder(const fs::path& path);

/// A new empty private folder in the system's temporary folder, with a name that starts with `prefix`.
Result<fs::path> make_temporary_folder(std::string_view prefix);

/// Makes the names in a folder durable.
Result<void> sync_folder(const fs::path& path);
/// Makes a file's content durable.
Result<void> sync_file(const fs::path& path);

/// An exclusive lock as Chromium's LevelDB takes it on its LOCK files (a POSIX record lock on Linux and macOS,
/// LockFileEx on Windows). Held until destroyed; closing other handles of the file does not drop it. On Windows,
/// `move`, `rename_folder` and `remove_tree` let go of it for a moment, as no folder can be renamed there while a file
/// below it is open.
class Lock {
public:
    /// Errors: not_found if the file is not there (never creates it), locked (`where` the file; the
    /// holder's process id in `what` if it is known), denied, io.
    static Result<Lock> take(const fs::path& file);

private:
    explicit Lock(int handle) : handle_(handle) {}
    Owned<close_lock> handle_;
};

/// Functions that SQLite has to use instead of its own, so that it goes through no symbolic link either: name and
/// function as sqlite3_vfs::xSetSystemCall takes them. Empty where its own are good enough.
struct SystemCall {
    const char* name;
    void (*function)();
};
std::vector<SystemCall> database_calls();

}  // namespace unstick::files

namespace unstick {

/// Locks that are held until the work on a profile is over, by the file.
using HeldLocks = std::map<std::filesystem::path, files::Lock>;

}  // namespace unstick
