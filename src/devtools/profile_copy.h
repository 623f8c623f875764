#pragma once
// A private copy of what a browser needs of a profile to meet a site as it does today. It holds secrets, and lies where
// all private copies of this run do (platform/private_folder.h).

#include "inventory/plan.h"
#include "platform/private_folder.h"

namespace unstick {

class PrivateCopy {
public:
    /// Copies what `plan` names of a profile that is held or closed: files of the items, and each database in which
    /// they have something, whole; and what the adapter always copies. Nothing in it is decrypted, and the profile is
    /// only read, never through a symbolic link. Errors: unsupported if it would be larger than 1 GiB, or the adapter
    /// knows no copies; denied, io.
    static Result<PrivateCopy> make(const ProfilePlan& plan);
    /// One of a browser that nothing was done with yet, but for settings that say how the network is reached.
    /// Errors: unsupported if the adapter knows no copies; denied, io.
    static Result<PrivateCopy> make_fresh(const ProfilePlan& plan);
    /// A copy of this one, before a browser was opened on it. Errors: denied, io.
    Result<PrivateCopy> clone() const;

    static constexpr const char* profile_name = "Default";  ///< any name would do

    /// The copy's user data directory, with one profile.
    const fs::path& folder() const { return folder_.path(); }
    /// Do cookies of a browser that was closed live on?
    bool keeps_session() const { return keeps_session_; }

private:
    static Result<PrivateCopy> begin(const ProfilePlan& plan);
    explicit PrivateCopy(PrivateFolder folder) : folder_(std::move(folder)) {}

    PrivateFolder folder_;
    bool keeps_session_ = false;
};

}  // namespace unstick
