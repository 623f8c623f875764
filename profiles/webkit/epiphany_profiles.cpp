#include <algorithm>
#include <array>

#include "platform/files.h"
#include "profiles/webkit/profiles.h"

namespace unstick {

Result<std::vector<Profile>> list_epiphany(const fs::path& root, const fs::path& cache_root)
{
    constexpr std::array<std::string_view, 3> traces{"cookies.sqlite", "ephy-history.db", ".migrated"};
    const bool used = std::any_of(traces.begin(), traces.end(),
                                  [&](auto trace) { return files::exists(root / trace).value_or(true); });
    if (!used) {
        return std::vector<Profile>{};
    }
    return std::vector<Profile>{{"", "Default", "", root, root, cache_root.empty() ? root / "cache" : cache_root}};
}

}  // namespace unstick
