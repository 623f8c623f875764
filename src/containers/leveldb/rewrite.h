#pragma once
// The steps of a rewriting that all ways to do it share.

#include <functional>

#include "containers/leveldb/database.h"

namespace unstick::pairs {

/// Writes a new database into an empty folder, durable, with its LOCK.
using BuildDatabase = std::function<Result<void>(const fs::path& fresh)>;

/// Replaces a database by what `build` writes; the new one is locked.
Result<files::Lock> replace_database(const fs::path& folder, const BuildDatabase& build, const Replacing& replacing);

/// Copies all live pairs without `drop`, and adds `add`. All of the new database is read afterwards.
Result<void> write_whole(const fs::path& folder, const fs::path& fresh, const std::vector<std::string>& drop,
                         const std::vector<Pair>& add);

}  // namespace unstick::pairs
