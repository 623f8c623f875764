#pragma once
// Numbers and texts as LevelDB's files have them; base/byte_reader.h reads them. (LevelDB's coding.h)

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace unstick::pairs {

inline void append_little(std::string& bytes, std::uint64_t number, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i) {
        bytes += static_cast<char>(number >> 8U * i);
    }
}

inline void append_varint(std::string& bytes, std::uint64_t number)
{
    for (; number >= 0x80; number >>= 7U) {
        bytes += static_cast<char>(number | 0x80U);
    }
    bytes += static_cast<char>(number);
}

/// With its size in front.
inline void append_text(std::string& bytes, std::string_view text)
{
    append_varint(bytes, text.size());
    bytes += text;
}

}  // namespace unstick::pairs
