// log_file.h for POSIX systems.

#include "platform/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/common/temporary_names.h"
#include "platform/machine.h"
#include "platform/posix/place.h"

namespace unstick {

void LogFile::close(int handle)
{
    ::close(handle);
}

Result<LogFile> LogFile::open(const fs::path& path)
{
    constexpr mode_t owner_alone = S_IRUSR | S_IWUSR;
    // Folders above may be reached through links: they are what was named.
    const fs::path file = without_links(files::parent_of(path)) / path.filename();
    Handle opened = files::Place(file).open(O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, owner_alone);
    struct stat status {};
    if (!opened || ::fstat(opened.get(), &status) != 0) {
        return files::errno_failure(path, "this file cannot be written");
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(Code::unsupported, path.string(), "this is no regular file");
    }
    if (status.st_uid != ::geteuid() || status.st_nlink != 1) {
        return fail(Code::denied, path.string(),
                    status.st_nlink != 1 ? "this file has a second name (a hard link), and would change there too"
                                         : "this file belongs to somebody else");
    }
    if ((status.st_mode & static_cast<mode_t>(~S_IFMT)) != owner_alone && ::fchmod(opened.get(), owner_alone) != 0) {
        return files::errno_failure(path, "this file cannot be made private");
    }
    return LogFile(opened.release(), path);
}

Result<void> LogFile::append(std::string_view text)
{
    return files::write_all(handle_.get(), text) ? Result<void>()
                                                 : files::errno_failure(path_, "the log cannot be written");
}

}  // namespace unstick
