#pragma once
// What a journal says about where things go, and what of it goes into SQL: looked at before anything is done by it.

#include <filesystem>
#include <string>

#include "base/result.h"

namespace SQLite {
class Database;
}

namespace unstick {

namespace fs = std::filesystem;

/// Can nobody but us (and root) have written this run: its folder, its journal, its files, and the folder of runs?
/// Errors: denied, with the chmod or chown that helps; io.
Result<void> check_whose(const fs::path& run);

/// Does everything lie below the profile that the journal names for it, and is what goes into SQL a key and nothing
/// else? Containers are absolute and without "..", keys of files are paths below their container, files of the run have
/// numbers for names, keys of rows are literals. Errors: corrupt. Throws SQLite::Exception.
Result<void> check_places(SQLite::Database& database, const std::string& id);

}  // namespace unstick
