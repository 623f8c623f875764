#pragma once
// Reading numbers and bytes one after the other, for binary formats. Never outside the bytes given.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace unstick {

/// Past the end it gives zeros and empty views, and stays so: check `ok()` once, before using what was read.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    bool ok() const { return ok_; }
    /// What has not been read yet.
    std::string_view rest() const { return rest_; }

    std::string_view bytes(std::uint64_t size)
    {
        if (!ok_ || size > rest_.size()) {
            ok_ = false;
            return {};
        }
        const std::string_view read = rest_.substr(0, static_cast<std::size_t>(size));
        rest_.remove_prefix(read.size());
        return read;
    }

    template <class Number>
    Number little()
    {
        static_assert(std::is_trivially_copyable_v<Number>);
        static_assert(std::endian::native == std::endian::little);
        Number number{};
        if (const std::string_view read = bytes(sizeof(number)); ok_) {
            std::memcpy(&number, read.data(), sizeof(number));
        }
        return number;
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow. As in LevelDB's files and in
    /// protocol buffers.
    std::uint64_t varint()
    {
        std::uint64_t number = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::string_view byte = bytes(1);
            const auto bits = byte.empty() ? 0U : static_cast<unsigned char>(byte.front());
            number |= static_cast<std::uint64_t>(bits & 0x7fU) << shift;
            if ((bits & 0x80U) == 0) {
                return number;
            }
        }
        ok_ = false;
        return 0;
    }

    /// Bytes behind a varint that counts them.
    std::string_view sized() { return bytes(varint()); }

    std::uint32_t big32()
    {
        std::uint32_t number = 0;
        for (const char byte : bytes(sizeof(number))) {
            number = number << 8U | static_cast<unsigned char>(byte);
        }
        return number;
    }

private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace unstick
