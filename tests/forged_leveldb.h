#pragma once
// Files of LevelDB databases, made by hand: whole, with the right sums, and saying what a test wants.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../src/media/log_records.h"

namespace unstick::testing::forged {

inline std::string little(std::uint64_t number, std::size_t size)
{
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) {
        bytes += static_cast<char>(number >> 8U * i);
    }
    return bytes;
}

inline std::string varint(std::uint64_t number)
{
    std::string bytes;
    for (; number >= 0x80; number >>= 7U) {
        bytes += static_cast<char>(number | 0x80U);
    }
    return bytes + static_cast<char>(number);
}

inline std::string text(std::string_view bytes)
{
    return varint(bytes.size()).append(bytes);
}

/// A log of these records.
inline std::string log_of(const std::vector<std::string>& records)
{
    constexpr std::size_t block_size = 32768;
    constexpr std::size_t header_size = 7;
    std::string log;
    for (std::string_view rest : records) {
        for (bool first = true; first || !rest.empty(); first = false) {
            std::size_t room = block_size - log.size() % block_size;
            if (room < header_size) {
                log.append(room, '\0');
                room = block_size;
            }
            const std::string_view part = rest.substr(0, room - header_size);
            rest.remove_prefix(part.size());
            const char type = first ? (rest.empty() ? 1 : 2) : (rest.empty() ? 4 : 3);
            const std::string content = std::string(1, type).append(part);
            log += little(pairs::sum_of(content), 4) + little(part.size(), 2) + content;
        }
    }
    return log;
}

/// A batch that sets these keys to "new"; it says that it has `count` of them.
inline std::string batch(std::uint64_t sequence, const std::vector<std::string>& keys, std::uint64_t count)
{
    std::string bytes = little(sequence, 8) + little(count, 4);
    for (const std::string& key : keys) {
        bytes += '\1' + text(key) + text("new");
    }
    return bytes;
}

/// A key as tables have it.
inline std::string key(std::string_view user, std::uint64_t sequence)
{
    return std::string(user) + little(sequence << 8U | 1U, 8);
}

/// The first record of a MANIFEST.
inline std::string beginning(std::uint64_t log, std::uint64_t next_file, std::uint64_t sequence)
{
    return '\1' + text("leveldb.BytewiseComparator") + '\2' + varint(log) + '\3' + varint(next_file) + '\4' +
           varint(sequence);
}

/// A MANIFEST's words for a new table.
inline std::string table(std::uint64_t level, std::uint64_t number, std::uint64_t size, std::string_view smallest,
                         std::string_view largest)
{
    return '\7' + varint(level) + varint(number) + varint(size) + text(smallest) + text(largest);
}

struct Entry {
    std::string key;
    std::string value;
};

/// A block whose last entry is where to start too, `shift` bytes off.
inline std::string block(const std::vector<Entry>& entries, std::size_t shift = 0)
{
    std::string bytes;
    std::size_t last = 0;
    for (const auto& [key, value] : entries) {
        last = bytes.size();
        bytes += varint(0) + varint(key.size()) + varint(value.size()) + key + value;
    }
    const bool two = last + shift > 0;
    return bytes + little(0, 4) + (two ? little(last + shift, 4) : "") + little(two ? 2 : 1, 4);
}

/// What is behind a block: how it is compressed, and its sum.
inline std::string with_sum(const std::string& block, char compression = 0)
{
    const std::string summed = block + compression;
    return summed + little(pairs::sum_of(summed), 4);
}

inline std::string place(std::uint64_t offset, std::uint64_t size)
{
    return varint(offset) + varint(size);
}

/// A table of one block. `index` makes its index from the place of that block.
template <class Index>
std::string table_of(const std::string& block, char compression, const Index& index)
{
    std::string bytes = with_sum(block, compression);
    const std::string content = index(place(0, block.size()));
    std::string footer = place(0, 0) + place(bytes.size(), content.size());
    footer.resize(40);
    return bytes + with_sum(content) + footer + little(0xdb4775248b80fb57, 8);
}

}  // namespace unstick::testing::forged
