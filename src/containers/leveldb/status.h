#pragma once
// From LevelDB's way to say that something failed to ours.

#include <leveldb/status.h>

#include <filesystem>
#include <new>

#include "base/result.h"

namespace unstick::pairs {

inline constexpr const char* start_browser = "start the browser once: it repairs or replaces it";

/// Of a status that is not ok, about the database in a folder.
Error error_of(const std::filesystem::path& folder, const leveldb::Status& status);

/// LevelDB believes the sizes in a table and asks for that much memory.
template <typename Work>
leveldb::Status within_memory(Work work)
{
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return leveldb::Status::Corruption("a size in it is larger than all memory");
    }
}

}  // namespace unstick::pairs
