#pragma once
// Other people's rights. Implemented in posix/users.cpp and windows/users.cpp.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/programs.h"

namespace unstick {

/// Gives root's rights up for those of the owner of `place`, a user by number, for good: whatever the owner has put
/// there, nothing is read or changed that the owner could not read or change. Value: the owner's home folder; empty if
/// there is none. Errors: denied if the rights cannot be given up.
Result<std::filesystem::path> take_rights_of(std::uint64_t owner, const std::filesystem::path& place);

struct User {
    std::string name;
    std::filesystem::path home;
};

/// People with a home folder of their own on this computer: those that the system lists, and owners of folders in
/// /home (macOS: /Users). Errors: denied where the system lets no program take their rights.
Result<std::vector<User>> users();

/// Which of our variables (`NAME=value`) go on to another user's run.
using PassesOn = bool (*)(std::string_view variable);

/// Runs this program with these arguments and the rights and home folder of `user`, and no variables of ours but those
/// that `passes_on` chooses. What it does is the user's to decide: it has no terminal (a session of its own, nothing to
/// read), none of our open files, and ends when we do. What it prints is not cleaned. Errors: denied if we have not
/// root's rights; io, also if it has not ended in time, stopped or not, or prints more than `longest_run_output`: it is
/// killed then.
Result<Ran> run_as(const User& user, const std::vector<std::string>& arguments, PassesOn passes_on,
                   std::chrono::milliseconds patience);

inline constexpr std::size_t longest_run_output = 16U << 20U;

}  // namespace unstick
