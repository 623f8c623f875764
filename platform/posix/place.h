#pragma once
// What the files posix_*.cpp of files.h share: where a path leads, and what errno means.

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>

#include "platform/files.h"
#include "platform/posix/fd.h"

namespace unstick::files {

constexpr int open_for_reading = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
constexpr int open_a_folder = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY;

// Levels below a folder that we go down. Browsers use fewer than ten; what goes deeper was made to harm, and must still
// be removable. Each level holds a handle, of which a process commonly has 1024.
constexpr int deepest = 500;

/// Where a path leads: its folder, reached through no symbolic link, and the last name. What is done relative to both
/// is done in that very folder, whatever is done to the path meanwhile.
class Place {
public:
    explicit Place(const fs::path& path);
    /// False if the folder cannot be reached; errno says why, each time.
    explicit operator bool() const;
    /// Opens what has the name: invalid with errno, ELOOP if it is a symbolic link.
    Handle open(int flags, mode_t mode = 0) const;
    int folder() const { return folder_.get(); }
    const char* name() const { return name_.c_str(); }
    /// False for . and .., which nobody moves or removes.
    bool has_own_name() const { return name_ != "." && name_ != ".."; }
    std::string name_with(std::string_view suffix) const { return name_ + std::string(suffix); }

private:
    Handle folder_;
    int error_;
    std::string name_;
};

/// Opens what a path names, through no symbolic link: Place(path).open() in one call where the system can.
Handle open_path(const fs::path& path, int flags, mode_t mode = 0);

/// Looks at what a path names, in the same way; a symbolic link at its end is what is looked at.
bool look_at_path(const fs::path& path, struct stat& status);

/// What errno says about a path.
tl::unexpected<Error> errno_failure(const fs::path& path, std::string_view doing);

/// A path that ends with . or .. where a name is needed.
tl::unexpected<Error> not_by_name(const fs::path& path);

Type type_of(mode_t mode);
Info info_of(const struct stat& status);

bool write_all(int file, std::string_view bytes);

/// Gives an open file or folder owner, group, mode and extended attributes of another. `from_another` may leave owner
/// and group as they are if we have no right to change them.
enum class Owner { the_same, as_we_may };
bool copy_rights(int from, const struct stat& status, int to, Owner owner);

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

Type type_in(int folder, const dirent& entry);

/// Calls visit(name, type) for every name in an open folder. The handle stays open.
template <class Visit>
bool each_name(int folder, Visit visit)
{
    const int copy = ::openat(folder, ".", open_a_folder);
    if (copy < 0) {
        return false;
    }
    const Directory directory(::fdopendir(copy));
    if (!directory) {
        ::close(copy);
        return false;
    }
    while (true) {
        errno = 0;
        const dirent* const entry = ::readdir(directory.get());
        if (entry == nullptr) {
            return errno == 0;
        }
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") {
            visit(entry->d_name, type_in(folder, *entry));
        }
    }
}

}  // namespace unstick::files
