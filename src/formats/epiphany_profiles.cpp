#include <algorithm>
#include <array>

#include "../files.h"
#include "profile_lists.h"

namespace unstick {

std::vector<Profile> list_epiphany(const fs::path& root, const fs::path& cache_root)
{
    constexpr std::array<std::string_view, 3> traces{"cookies.sqlite", "ephy-history.db", ".migrated"};
    const bool used =
        std::any_of(traces.begin(), traces.end(), [&](auto trace) { return files::info(root / trace).has_value(); });
    if (!used) {
        return {};
    }
    return {{"", "Default", "", root, root, cache_root.empty() ? root / "cache" : cache_root}};
}

}  // namespace unstick
