#pragma once
// What the finders in LevelDB databases have in common.

#include <functional>
#include <string>
#include <string_view>

#include "containers/leveldb/database.h"
#include "model/item.h"
#include "web/site.h"

namespace unstick {

/// Opens the database in `folder` and lets `look` fill `found`, unless the site owns nothing. If the value of
/// `version_key` is not `version`, or if anything fails, there are no items but a problem: half of a database is no
/// base for a plan. One in which nothing was ever written, however far the browser came with making it, is none.
void look_into(const std::filesystem::path& folder, const Site& site, std::string_view version_key,
               std::string_view version, Found& found, const std::function<Result<void>(const pairs::Reader&)>& look);

inline Piece pair_piece(const std::filesystem::path& folder, std::string_view key)
{
    return {Medium::pair, folder.string(), {}, std::string(key)};
}

}  // namespace unstick
