#include "profiles/webkit/string_coder.h"

#include "base/utf8.h"

namespace unstick::webkit {

std::optional<std::string> read_string(ByteReader& reader)
{
    constexpr std::uint32_t null = 0xffffffff;
    const auto length = reader.little<std::uint32_t>();
    if (!reader.ok() || length == null) {
        return std::nullopt;
    }
    const bool is_8bit = reader.little<std::uint8_t>() != 0;
    const std::string_view bytes = reader.bytes(std::uint64_t{length} * (is_8bit ? 1 : 2));
    if (!reader.ok()) {
        return std::nullopt;
    }
    return is_8bit ? from_latin1(bytes) : from_utf16(bytes);
}

}  // namespace unstick::webkit
