#pragma once
// The file of --log: added to, never replaced. Implemented in posix/log_file.cpp and windows/log_file.cpp.

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "platform/owned.h"

namespace unstick {

class LogFile {
public:
    /// Opens a file that is ours, or makes it. It is its owner's alone (0600) from here on. Its name is not followed if
    /// it is a link, and it is nothing but a regular file with this one name: what somebody else put there is not
    /// written to. Errors: not_found (its folder), denied, unsupported, io.
    static Result<LogFile> open(const std::filesystem::path& path);

    /// Errors: io.
    Result<void> append(std::string_view text);

private:
    static void close(int handle);
    LogFile(int handle, std::filesystem::path path) : handle_(handle), path_(std::move(path)) {}

    Owned<close> handle_;
    std::filesystem::path path_;
};

}  // namespace unstick
