#pragma once
// Where things stand in the files of Chromium's blockfile cache, and how a place in them is written down.
// Source: docs/formats-chromium.md, "Blockfile cache". All numbers are little-endian.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace unstick::blockfile_cache {

/// The number at an offset that the caller knows to be inside; the format and every machine of ours: little-endian.
template <class Number>
Number number_at(std::string_view bytes, std::size_t offset)
{
    Number number{};
    std::memcpy(&number, bytes.data() + offset, sizeof(number));
    return number;
}
template <class Number>
void put_number(char* bytes, std::size_t offset, Number number)
{
    std::memcpy(bytes + offset, &number, sizeof(number));
}

/// SuperFastHash: of keys, and of records (their `self_hash`). 0 for nothing.
std::uint32_t hash_of(std::string_view data);
/// Of two at once, which takes hardly longer than of one: each step of a hash waits for the one before.
std::pair<std::uint32_t, std::uint32_t> hashes_of(std::string_view first, std::string_view second);

/// What an address points to: a file of its own, or blocks of a size.
enum class Kind : unsigned { external = 0, rankings = 1, block_256 = 2, block_1k = 3, block_4k = 4 };
inline constexpr std::array<std::size_t, 5> block_sizes{0, 36, 256, 1024, 4096};
constexpr std::size_t block_size(Kind kind)
{
    return block_sizes[static_cast<unsigned>(kind)];
}

inline constexpr unsigned most_blocks = 4;                             // in one allocation
inline constexpr std::size_t largest_in_blocks = most_blocks * 4096U;  // what is longer gets a file of its own
inline constexpr std::uint32_t last_external = 0x0fffffff;

/// Bit 31: it is set; 30-28: kind. External: 27-0 the number of the file. Else 25-24: blocks - 1; 23-16: number of the
/// block file; 15-0: first block.
struct Address {
    std::uint32_t value = 0;

    constexpr bool is_set() const { return (value >> 31U) != 0; }
    constexpr unsigned raw_kind() const { return (value >> 28U) & 7U; }
    constexpr Kind kind() const { return static_cast<Kind>(raw_kind()); }
    constexpr bool is_external() const { return is_set() && raw_kind() == 0; }
    constexpr std::uint32_t external_number() const { return value & last_external; }
    constexpr unsigned blocks() const { return ((value >> 24U) & 3U) + 1; }
    constexpr unsigned file() const { return (value >> 16U) & 0xffU; }
    constexpr unsigned block() const { return value & 0xffffU; }
    constexpr std::size_t capacity() const { return blocks() * block_size(kind()); }
    friend constexpr bool operator==(Address, Address) = default;

    static constexpr Address of_blocks(Kind kind, unsigned blocks, unsigned file, unsigned block)
    {
        return {0x80000000U | static_cast<unsigned>(kind) << 28U | (blocks - 1) << 24U | file << 16U | block};
    }
    static constexpr Address of_external(std::uint32_t number) { return {0x80000000U | number}; }
};

/// Name of an external file: `f_` and at least six hex digits.
std::string external_name(Address address);

/// Kind of place for `size` bytes (of a stream, or of a long key with its final zero).
constexpr Kind kind_for(std::size_t size)
{
    return size < 1024                 ? Kind::block_256
           : size < 4096               ? Kind::block_1k
           : size <= largest_in_blocks ? Kind::block_4k
                                       : Kind::external;
}

namespace index_file {
inline constexpr std::uint32_t magic = 0xc103cac3;
inline constexpr std::uint32_t version_2_0 = 0x20000;  // one list, no list sizes
inline constexpr std::uint32_t version_2_1 = 0x20001;
inline constexpr std::uint32_t version_3_0 = 0x30000;  // 64-bit sum of sizes
inline constexpr std::size_t at_magic = 0, at_version = 4, at_entries = 8, at_old_bytes = 12, at_last_file = 16,
                             at_stats = 24, at_table_length = 28, at_crash = 32, at_bytes = 48, at_corruption = 56;
inline constexpr std::size_t lists = 5;  // not used, little used, much used, (reserved), deleted
inline constexpr std::size_t at_list_sizes = 268, at_heads = 288, at_tails = 308, at_transaction = 328;
inline constexpr std::size_t header_size = 368;
inline constexpr std::uint32_t smallest_table = 65536;
inline constexpr std::uint32_t largest_table = smallest_table * 16;
}  // namespace index_file

namespace block_file {
inline constexpr std::uint32_t magic = 0xc104cac3;
inline constexpr std::uint32_t version = 0x20000;
inline constexpr std::size_t at_magic = 0, at_version = 4, at_this = 8, at_next = 10, at_block_size = 12,
                             at_allocations = 16, at_max_blocks = 20, at_empty = 24, at_hints = 40, at_updating = 56,
                             at_bitmap = 80;
inline constexpr std::size_t header_size = 8192;
inline constexpr unsigned most_blocks_in_file = (header_size - at_bitmap) * 8;
inline constexpr unsigned growth = 1024;  // blocks
inline constexpr unsigned first_additional = 4;
inline constexpr unsigned files = 256;
}  // namespace block_file

namespace entry_record {
inline constexpr std::size_t at_hash = 0, at_next = 4, at_node = 8, at_reuse = 12, at_refetch = 16, at_state = 20,
                             at_created = 24, at_key_length = 32, at_long_key = 36, at_sizes = 40, at_addresses = 56,
                             at_flags = 72, at_self_hash = 92, at_key = 96;
inline constexpr std::size_t streams = 4;
inline constexpr std::size_t longest_inner_key = most_blocks * 256 - at_key - 1;
inline constexpr std::int32_t normal = 0, evicted = 1, doomed = 2;
inline constexpr std::uint32_t flag_child = 2;
/// Blocks of 256 bytes for an entry with a key of this length: a key that does not fit into four stands elsewhere.
constexpr unsigned blocks_for(std::size_t key_length)
{
    return key_length > longest_inner_key ? 1 : static_cast<unsigned>((at_key + key_length) / 256 + 1);
}
}  // namespace entry_record

namespace node_record {
inline constexpr std::size_t at_last_used = 0, at_modified = 8, at_next = 16, at_previous = 20, at_contents = 24,
                             at_dirty = 28, at_self_hash = 32;
}  // namespace node_record

}  // namespace unstick::blockfile_cache
