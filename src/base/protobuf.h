#pragma once
// Reading protocol buffer messages field by field, without a schema: enough for the few numbers and names that we
// need from Chromium's records. Source: the published wire format.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"

namespace unstick::protobuf {

struct Field {
    std::uint32_t number = 0;
    std::uint64_t value = 0;  ///< of a varint or fixed field
    std::string_view bytes;   ///< of a length-delimited field
    bool is_bytes = false;
};

/// Walks over a message. Never reads outside it; ends at the first thing that is not understood.
class Reader {
public:
    explicit Reader(std::string_view message) : rest_(message) {}
    std::optional<Field> next();

private:
    ByteReader rest_;
};

/// The first field of that number: its number, or its bytes. std::nullopt if absent or of the other type.
std::optional<std::uint64_t> number_in(std::string_view message, std::uint32_t field);
std::optional<std::string_view> bytes_in(std::string_view message, std::uint32_t field);

}  // namespace unstick::protobuf
