#include "log_records.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <string>

#include "../formats/byte_reader.h"

namespace unstick::pairs {

namespace {

constexpr std::size_t block_size = 32U << 10U;
constexpr std::size_t header_size = 7;
constexpr std::size_t sum_size = 4;

enum class Type : std::uint8_t { zeros, whole, first, middle, last };

using Crc32c = boost::crc_optimal<32, 0x1edc6f41, ~0U, ~0U, true, true>;

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
    Crc32c crc;
    crc.process_bytes(bytes.data(), bytes.size());
    const std::uint32_t sum = crc.checksum();
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

}  // namespace unstick::pairs
