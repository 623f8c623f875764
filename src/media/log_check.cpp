#include "log_check.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace unstick::pairs {

namespace {

constexpr std::size_t header_size = 7;
constexpr std::uint64_t largest_sequence = (std::uint64_t{1} << 56U) - 1;
constexpr char whole = 1;
constexpr char first = 2;

}  // namespace

bool is_readable_log_block(std::string_view block)
{
    while (block.size() > header_size) {
        std::uint16_t size = 0;
        std::memcpy(&size, block.data() + 4, sizeof(size));
        const char type = block[6];
        const std::string_view content = block.substr(header_size, size);
        std::uint64_t sequence = 0;
        if ((type == whole || type == first) && content.size() >= sizeof(sequence)) {
            std::memcpy(&sequence, content.data(), sizeof(sequence));
            if (sequence > largest_sequence) {
                return false;
            }
        }
        block.remove_prefix(std::min(block.size(), header_size + size));
    }
    return true;
}

}  // namespace unstick::pairs
