#pragma once
// As log_check.h, for tables (`NNNNNN.ldb`): blocks, an index that says where they are, and a footer that says where
// the index is. (LevelDB's doc/table_format.md, block.cc, format.cc)

#include <cstdint>
#include <optional>
#include <string_view>

namespace unstick::pairs {

inline constexpr std::size_t footer_size = 48;

/// Where a block is in a table; behind it are five bytes: how it is compressed, and its sum.
struct BlockPlace {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// Where the index of a table of this size is; nothing if that is not in the table.
std::optional<BlockPlace> index_in(std::string_view footer, std::uint64_t table_size);

/// May LevelDB read this block, with what is behind it? True if its entries are whole, all keys have a sequence number
/// and the places to start at are places where entries begin. Sums are left to LevelDB.
bool is_readable_block(std::string_view block);

/// The same of a table's index: all that it leads to is in the table, too.
bool is_readable_index(std::string_view block, std::uint64_t table_size);

}  // namespace unstick::pairs
