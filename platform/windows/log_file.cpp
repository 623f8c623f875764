// log_file.h for Windows.

#include "platform/log_file.h"

#include <windows.h>

#include <fcntl.h>
#include <io.h>

#include <algorithm>

#include "platform/common/temporary_names.h"
#include "platform/machine.h"
#include "platform/windows/place.h"

namespace unstick {

void LogFile::close(int handle)
{
    ::_close(handle);
}

Result<LogFile> LogFile::open(const fs::path& path)
{
    const fs::path file = without_links(files::parent_of(path)) / path.filename();
    const auto there = files::info(file);
    if (there && (there->type != files::Type::file || there->names != 1)) {
        return fail(Code::unsupported, path.string(), "this is no regular file with one name");
    }
    // Opened as it is, a link itself: that is no file to write to.
    windows::Handle opened =
        files::open(files::Place(file), FILE_APPEND_DATA | files::looking, FILE_OPEN_IF, FILE_NON_DIRECTORY_FILE);
    if (!opened) {
        return files::failure(path, "this file cannot be written");
    }
    const int handle = ::_open_osfhandle(reinterpret_cast<intptr_t>(opened.get()), _O_APPEND | _O_BINARY);
    if (handle < 0) {
        return fail(Code::io, path.string(), "this file cannot be written");
    }
    (void)opened.release();
    return LogFile(handle, path);
}

Result<void> LogFile::append(std::string_view text)
{
    while (!text.empty()) {
        const auto size = static_cast<unsigned>(std::min<std::size_t>(text.size(), 1U << 20U));
        const int written = ::_write(handle_.get(), text.data(), size);
        if (written <= 0) {
            return fail(Code::io, path_.string(), "the log cannot be written");
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

}  // namespace unstick
