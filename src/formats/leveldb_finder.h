#pragma once
// What the finders in LevelDB databases have in common.

#include <functional>
#include <string>
#include <string_view>

#include "../item.h"
#include "../media/pairs.h"

namespace unstick {

/// Opens the database in `folder` and lets `look` fill `found`. If the value of `version_key` is not `version`, or if
/// anything fails, there are no items but a problem: half of a database is no base for a plan.
void look_into(const std::filesystem::path& folder, std::string_view version_key, std::string_view version,
               Found& found, const std::function<Result<void>(const pairs::Reader&)>& look);

inline Piece pair_piece(const std::filesystem::path& folder, std::string_view key)
{
    return {Medium::pair, folder.string(), {}, std::string(key)};
}

}  // namespace unstick
