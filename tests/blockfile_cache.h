#pragma once
// Blockfile caches as tests need them: empty ones as Chromium makes them, and entries to put in.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "../src/formats/blockfile/cache.h"
#include "../src/formats/blockfile/layout.h"

namespace unstick::testing {

/// A cache without entries, of which each block file has room for so many blocks.
void make_empty_blockfile(const std::filesystem::path& folder, std::uint32_t blocks = 0,
                          std::uint32_t version = blockfile_cache::index_file::version_3_0);

/// An entry with streams of these sizes, each of one repeated letter.
blockfile_cache::Saved blockfile_entry(std::string key, std::uint64_t last_used,
                                       std::vector<std::size_t> sizes = {300, 5000});

}  // namespace unstick::testing
