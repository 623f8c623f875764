#pragma once
// Which profiles a browser of the Gecko family has, and who holds one. What lists profiles fails with denied or io if
// it cannot say which there are.

#include <vector>

#include "model/adapter.h"

namespace unstick {

/// Those of `profiles.ini` in its order (gecko/ini.h), with those of the profile selector (`Profile Groups`), then
/// every folder beside them with a profile's files. Without all these: the folder itself, if it is a profile. The
/// caches of a profile with an absolute path, and of the folder itself, lie in it. Tor Browser's are refused: it keeps
/// nothing of sites but for the session.
Result<std::vector<Profile>> list_gecko_profiles(const fs::path& root, const fs::path& cache_root);

/// Has the folder `profiles.ini` and a profile that it names, or is it a profile? Not Thunderbird's.
bool has_gecko_profiles(const fs::path& folder);

/// Who locks `.parentlock` (on Windows `parent.lock`); the file itself, and a link `lock`, stay when the browser ends
/// and say nothing.
LockState gecko_use(const Profile& profile, const Processes& processes);

}  // namespace unstick
