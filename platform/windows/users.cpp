// Other people's rights: on Windows unstick has no way to take them. Only the system itself can start a program as
// another user without that user's password, so --all-users is refused, and says what does it.

#include "platform/users.h"

namespace unstick {

Result<std::filesystem::path> take_rights_of(std::uint64_t, const std::filesystem::path& place)
{
    return fail(Code::denied, place.string(), "Windows lets no program take the rights of another user");
}

Result<std::vector<User>> users()
{
    return fail(Code::denied, "--all-users", "Windows lets no program take the rights of another user",
                "run unstick in each user's own session, as a logon script or device management does, or name one "
                "user's folder: --home C:\\Users\\NAME");
}

Result<Ran> run_as(const User&, const std::vector<std::string>&, PassesOn, std::chrono::milliseconds)
{
    return tl::unexpected<Error>(users().error());
}

}  // namespace unstick
