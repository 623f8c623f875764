#pragma once
// A private copy of what a browser needs of a profile to meet a site as it does today. It holds secrets: it lies in a
// folder that only its owner can enter, and goes with this value; copies of runs that were cut off go at the next
// start.

#include <optional>

#include "files.h"
#include "plan.h"

namespace unstick {

class PrivateCopy {
public:
    /// Copies what `plan` names of a profile that is held or closed: files of the items, and each database in which
    /// they have something, whole; and what the adapter always copies. Nothing in it is decrypted, and the profile is
    /// only read, never through a symbolic link. Errors: unsupported if it would be larger than 1 GiB, or the adapter
    /// knows no copies; denied, io.
    static Result<PrivateCopy> make(const ProfilePlan& plan, const fs::path& state_folder);
    /// An empty one. Errors: denied, io.
    static Result<PrivateCopy> make_empty(const fs::path& state_folder);
    PrivateCopy(PrivateCopy&& other) noexcept;
    PrivateCopy& operator=(PrivateCopy&& other) noexcept;
    ~PrivateCopy();

    /// The copy's user data directory. Its profile is called "Default".
    const fs::path& folder() const { return folder_; }
    /// Do cookies of a browser that was closed live on?
    bool keeps_session() const { return keeps_session_; }

private:
    PrivateCopy(fs::path folder, files::Lock lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}

    fs::path folder_;  ///< empty: moved away
    std::optional<files::Lock> lock_;
    bool keeps_session_ = false;
};

/// Removes copies that runs left behind when they were cut off.
void tidy_copies(const fs::path& state_folder);

}  // namespace unstick
