#include "base/protobuf.h"

namespace unstick::protobuf {

std::optional<Field> Reader::next()
{
    const auto tag = rest_.varint();
    if (!rest_.ok() || (tag >> 3U) == 0 || (tag >> 3U) > 0x1fffffff) {
        return std::nullopt;
    }
    Field field;
    field.number = static_cast<std::uint32_t>(tag >> 3U);
    switch (tag & 7U) {
        case 0:
            field.value = rest_.varint();
            break;
        case 1:
            field.value = rest_.little<std::uint64_t>();
            break;
        case 2:
            field.is_bytes = true;
            field.bytes = rest_.bytes(rest_.varint());
            break;
        case 5:
            field.value = rest_.little<std::uint32_t>();
            break;
        default:
            return std::nullopt;
    }
    return rest_.ok() ? std::optional(field) : std::nullopt;
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
