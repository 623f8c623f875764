#pragma once
// Chromium's SQL cache backend: `index` ("SQLCache", journal mode, number of databases) and `sqldb<n>`. A database
// holds rows of `resources` and their bodies in `blobs`; its `meta` counts the resources that are not doomed and sums
// up their `bytes_usage`, and is never counted anew. As seen in files of Chromium 156.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/item.h"
#include "platform/files.h"

namespace unstick::sql_cache {

struct Entry {
    std::string key;
    std::uint64_t bytes = 0;
    std::string head;  ///< what it keeps with the answer (stream 0); empty if there is none or too much
    std::vector<Piece> pieces;
};

/// The entries for whose keys `wanted` says yes. A database that cannot be read or is not known becomes a problem; the
/// others are looked into all the same.
std::vector<Entry> find_entries(const files::fs::path& folder, const std::function<bool(std::string_view key)>& wanted,
                                std::vector<Error>& problems);

}  // namespace unstick::sql_cache
