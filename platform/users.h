#pragma once
// Other people's rights. Implemented in posix_users.cpp.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "../src/all_users.h"
#include "../src/result.h"

namespace unstick {

/// If this process has root's rights and `folder` is somebody else's, gives them up for the owner's, for good: whatever
/// the owner has put there, nothing is read or changed that the owner could not read or change. Value: whether it did;
/// then the folder where the owner's runs are kept, too, which is empty for an owner without a home folder.
/// Errors: denied if the rights cannot be given up. A folder that is not there is left to others to complain about.
Result<std::optional<std::filesystem::path>> take_rights_of_owner(const std::filesystem::path& folder);

struct User {
    std::string name;
    std::filesystem::path home;
};

/// People with a home folder of their own on this computer: those that the system lists, and owners of folders in
/// /home (macOS: /Users). Errors: denied where the system lets no program take their rights.
Result<std::vector<User>> users();

/// Runs this program with these arguments and the rights, the home folder and no other variables of `user` but those
/// that start with UNSTICK_; nobody can answer it. Its messages go where ours go. Errors: denied if we have not root's
/// rights; io.
Result<UserRun> run_as(const User& user, const std::vector<std::string>& arguments);

}  // namespace unstick
