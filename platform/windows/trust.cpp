// trust.h for Windows: unstick cannot take another user's rights here, and the access lists of folders are not judged:
// those that Windows makes for each user keep all others out but administrators.

#include "platform/trust.h"

#include "platform/machine.h"

namespace unstick::trust {

Way way_to(const fs::path& path)
{
    Way way;
    way.target = without_links(path);
    const auto there = files::info(way.target);
    way.is_complete = there.has_value();
    if (!there) {
        way.stopped = there.error();
    }
    return way;
}

Result<fs::path> believed(const fs::path& path)
{
    const Way way = way_to(path);
    return !way.stopped || way.stopped->code == Code::not_found ? Result<fs::path>(way.target)
                                                                : tl::unexpected<Error>(*way.stopped);
}

std::optional<std::uint64_t> first_owner(const Way&)
{
    return std::nullopt;
}

std::string command_for_rights(const fs::path&)
{
    return {};
}

bool is_root()
{
    return false;
}

}  // namespace unstick::trust
