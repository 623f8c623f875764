#include "containers/leveldb/log_records.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "containers/leveldb/encoding.h"

namespace unstick::pairs {

namespace {

constexpr std::size_t block_size = 32U << 10U;
constexpr std::size_t header_size = 7;
constexpr std::size_t sum_size = 4;

enum class Type : std::uint8_t { zeros, whole, first, middle, last };

/// For each byte, what it does to the sum of what comes 0 to 7 bytes behind it. Eight bytes are summed up at once: a
/// log of 4 MB is looked at several times in a run.
constexpr std::size_t stride = 8;
using SumTables = std::array<std::array<std::uint32_t, 256>, stride>;

constexpr SumTables make_sum_tables()
{
    constexpr std::uint32_t polynomial = 0x82f63b78;  // CRC-32C, the lowest bit first
    SumTables tables{};
    for (std::uint32_t byte = 0; byte < tables[0].size(); ++byte) {
        std::uint32_t sum = byte;
        for (int bit = 0; bit < 8; ++bit) {
            sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? polynomial : 0);
        }
        tables[0][byte] = sum;
    }
    for (std::size_t behind = 1; behind < stride; ++behind) {
        for (std::size_t byte = 0; byte < tables[0].size(); ++byte) {
            const std::uint32_t before = tables[behind - 1][byte];
            tables[behind][byte] = (before >> 8U) ^ tables[0][before & 0xffU];
        }
    }
    return tables;
}

constexpr SumTables sum_tables = make_sum_tables();

/// A piece of a record; takes it from the block. False: what is left of the block cannot be read.
bool next_piece(std::string_view& block, Type& type, std::string_view& content)
{
    ByteReader reader(block);
    const auto sum = reader.little<std::uint32_t>();
    const auto size = reader.little<std::uint16_t>();
    type = reader.little<Type>();
    content = reader.bytes(size);
    if (!reader.ok() || (type == Type::zeros && size == 0) || sum != sum_of(block.substr(sum_size + 2, 1U + size))) {
        return false;
    }
    block = reader.rest();
    return true;
}

}  // namespace

std::uint32_t sum_of(std::string_view bytes)
{
    std::uint32_t sum = ~0U;
    for (; bytes.size() >= stride; bytes.remove_prefix(stride)) {
        const auto next = ByteReader(bytes).little<std::uint64_t>() ^ sum;
        sum = 0;
        for (std::size_t i = 0; i < stride; ++i) {
            sum ^= sum_tables[stride - 1 - i][(next >> 8U * i) & 0xffU];
        }
    }
    for (const char byte : bytes) {
        sum = (sum >> 8U) ^ sum_tables[0][(sum ^ static_cast<unsigned char>(byte)) & 0xffU];
    }
    sum = ~sum;
    return ((sum >> 15U) | (sum << 17U)) + 0xa282ead8U;
}

bool each_record(std::string_view log, const std::function<bool(std::string_view record)>& visit)
{
    std::string record;
    bool begun = false;
    for (; !log.empty(); log.remove_prefix(std::min(log.size(), block_size))) {
        std::string_view block = log.substr(0, block_size);
        while (block.size() >= header_size) {
            Type type{};
            std::string_view content;
            if (!next_piece(block, type, content)) {
                begun = false;
                break;
            }
            const bool follows = begun && (type == Type::middle || type == Type::last);
            begun = type == Type::first || (follows && type == Type::middle);
            if (!follows) {
                record.clear();
            }
            record += content;
            if ((type == Type::whole || (follows && type == Type::last)) && !visit(record)) {
                return false;
            }
        }
    }
    return true;
}

void append_record(std::string& log, std::string_view record)
{
    for (bool first = true; first || !record.empty(); first = false) {
        std::size_t room = block_size - log.size() % block_size;
        if (room < header_size) {
            log.append(room, '\0');
            room = block_size;
        }
        const std::string_view content = record.substr(0, room - header_size);
        record.remove_prefix(content.size());
        std::string piece(1, static_cast<char>(first ? (record.empty() ? Type::whole : Type::first)
                                                     : (record.empty() ? Type::last : Type::middle)));
        piece += content;
        append_little(log, sum_of(piece), sum_size);
        append_little(log, content.size(), sizeof(std::uint16_t));
        log += piece;
    }
}

}  // namespace unstick::pairs
