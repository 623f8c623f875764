#pragma once
// Folders for copies of what is secret, which must not outlive the process that made them.

#include <filesystem>
#include <optional>

#include "platform/files.h"
#include "platform/own_process.h"

namespace unstick {

/// Where PrivateFolder::make makes folders: below the state folder of this run; empty if there is none, then none are
/// made. As long as nothing was said (tests, tools): the system's temporary folder.
void keep_private_folders_in(const std::filesystem::path& parent);

/// A new folder that only its owner can enter. It goes with this value; if the process is asked to end, at once; if it
/// is killed, at the next start (remove_abandoned): a lock in it tells whether its process lives.
class PrivateFolder {
public:
    /// Errors: denied, io.
    static Result<PrivateFolder> make();
    static Result<PrivateFolder> make(const std::filesystem::path& parent);
    PrivateFolder(PrivateFolder&& other) noexcept;
    PrivateFolder& operator=(PrivateFolder&& other) noexcept;
    ~PrivateFolder();

    /// Holds nothing but the file "lock".
    const std::filesystem::path& path() const { return path_; }

private:
    PrivateFolder(std::filesystem::path path, std::optional<files::Lock> lock);

    std::filesystem::path path_;  ///< empty: moved away
    std::optional<files::Lock> lock_;
    std::optional<BeforeEnd> before_end_;
};

/// Removes the folders below `parent` whose processes have ended.
void remove_abandoned(const std::filesystem::path& parent);

}  // namespace unstick
