#pragma once
// Reading UTF-8. Pure.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unstick {

/// Length and code point of the UTF-8 sequence at the start of `bytes`; length 0 if it is not valid.
struct Decoded {
    std::size_t length = 0;
    std::uint32_t point = 0;
};

/// `bytes` is not empty.
Decoded decode(std::string_view bytes);

}  // namespace unstick
