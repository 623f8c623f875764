#include "containers/leveldb/check_table.h"

#include <snappy.h>

#include <functional>
#include <string>

#include "base/byte_reader.h"

namespace unstick::pairs {

namespace {

constexpr std::size_t behind_block = 5;
constexpr std::uint64_t largest_block = 16U << 20U;  // Chromium's have 4 KB, or one value, of 10 MB at most
constexpr std::size_t most_compressed = 32;          // Snappy's shortest way to say 64 bytes takes three
constexpr std::size_t shortest_key = 8;              // sequence number and type

using Check = std::function<bool(std::string_view value)>;

std::optional<BlockPlace> read_place(ByteReader& reader, std::uint64_t table_size)
{
    const auto offset = reader.varint();
    const auto size = reader.varint();
    const bool fits =
        reader.ok() && offset <= table_size && size <= largest_block && size + behind_block <= table_size - offset;
    return fits ? std::optional(BlockPlace{offset, size}) : std::nullopt;
}

/// Entries, then the places to start at, then how many of these there are. An entry is how many bytes its key shares
/// with the one before, how many more it has, how many its value has; these bytes. Where to start nothing is shared.
bool is_readable_content(std::string_view block, const Check& check)
{
    constexpr std::size_t number_size = sizeof(std::uint32_t);
    if (block.size() < number_size) {
        return false;
    }
    const auto count = ByteReader(block.substr(block.size() - number_size)).little<std::uint32_t>();
    block.remove_suffix(number_size);
    if (count > block.size() / number_size) {
        return false;
    }
    const std::string_view entries = block.substr(0, block.size() - count * number_size);
    ByteReader starts(block.substr(entries.size()));
    auto start = starts.little<std::uint32_t>();
    std::uint64_t key_size = 0;
    for (ByteReader reader(entries);;) {
        const bool is_start = starts.ok() && start == entries.size() - reader.rest().size();
        if (is_start) {
            start = starts.little<std::uint32_t>();
        }
        if (reader.rest().empty()) {
            return !starts.ok();  // none is left
        }
        const auto shared = reader.varint();
        const auto own = reader.varint();
        const auto value_size = reader.varint();
        reader.bytes(own);
        const std::string_view value = reader.bytes(value_size);
        if (!reader.ok() || shared > (is_start ? 0 : key_size) || shared + own < shortest_key || !check(value)) {
            return false;
        }
        key_size = shared + own;
    }
}

bool is_readable(std::string_view block, const Check& check)
{
    if (block.size() < behind_block) {
        return false;
    }
    const std::string_view stored = block.substr(0, block.size() - behind_block);
    switch (block[stored.size()]) {
        case 0:
            return is_readable_content(stored, check);
        case 1: {
            std::size_t size = 0;
            std::string content;
            return snappy::GetUncompressedLength(stored.data(), stored.size(), &size) &&
                   size / most_compressed <= stored.size() && size <= largest_block &&
                   snappy::Uncompress(stored.data(), stored.size(), &content) && is_readable_content(content, check);
        }
        default:
            return false;
    }
}

}  // namespace

std::optional<BlockPlace> index_in(std::string_view footer, std::uint64_t table_size)
{
    ByteReader reader(footer);
    const auto filters = read_place(reader, table_size);
    const auto index = read_place(reader, table_size);
    return filters ? index : std::nullopt;
}

bool is_readable_block(std::string_view block)
{
    return is_readable(block, [](std::string_view) { return true; });
}

bool is_readable_index(std::string_view block, std::uint64_t table_size)
{
    return is_readable(block, [&](std::string_view value) {
        ByteReader reader(value);
        return read_place(reader, table_size).has_value();
    });
}

}  // namespace unstick::pairs
