// Compressed files of Firefox.

#include "containers/moz_lz4.h"

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::uint64_t largest = 1U << 20U;
    const std::string_view text = fuzz::text_of(data, size);
    if (const auto content = moz_lz4::unpack(text, largest)) {
        check(content->size() <= largest, "what is too large is not unpacked");
        const auto again = moz_lz4::pack(*content);
        check(again && moz_lz4::unpack(*again, largest) == *content,
              "what was unpacked is packed and comes out the same");
    }
    const auto packed = moz_lz4::pack(text);
    check(packed && moz_lz4::unpack(*packed, largest + size) == text, "any content comes out as it was");
    return 0;
}
