#include "protobuf.h"

#include <cstring>

namespace unstick::protobuf {

std::optional<std::uint64_t> Reader::varint()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<Field> Reader::next()
{
    const auto tag = varint();
    if (!tag || (*tag >> 3U) == 0 || (*tag >> 3U) > 0x1fffffff) {
        return std::nullopt;
    }
    Field field;
    field.number = static_cast<std::uint32_t>(*tag >> 3U);
    const auto take_fixed = [&](std::size_t size) {
        if (rest_.size() < size) {
            return false;
        }
        std::memcpy(&field.value, rest_.data(), size);
        rest_.remove_prefix(size);
        return true;
    };
    switch (*tag & 7U) {
        case 0: {
            const auto value = varint();
            if (!value) {
                return std::nullopt;
            }
            field.value = *value;
            return field;
        }
        case 1:
            return take_fixed(8) ? std::optional(field) : std::nullopt;
        case 5:
            return take_fixed(4) ? std::optional(field) : std::nullopt;
        case 2: {
            const auto length = varint();
            if (!length || *length > rest_.size()) {
                return std::nullopt;
            }
            field.is_bytes = true;
            field.bytes = rest_.substr(0, static_cast<std::size_t>(*length));
            rest_.remove_prefix(field.bytes.size());
            return field;
        }
        default:
            return std::nullopt;
    }
}

std::optional<std::uint64_t> number_in(std::string_view message, std::uint32_t wanted)
{
    Reader reader(message);
    while (const auto field = reader.next()) {
        if (field->number == wanted) {
            return field->is_bytes ? std::nullopt : std::optional(field->value);
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> bytes_in(std::string_view message, std::uint32_t wanted)
{
    Reader reader(message);
    while (const auto field = reader.next()) {
        if (field->number == wanted) {
            return field->is_bytes ? std::optional(field->bytes) : std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace unstick::protobuf
