// The first bytes of an entry of the Simple cache.

#include "profiles/chromium/simple_cache.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t header = 24;
    constexpr std::size_t longest = header + (1U << 20U);
    const std::string_view start = fuzz::text_of(data, size);
    std::size_t needed = 99;
    const auto key = simple_cache::key_of_entry(start, "", &needed);
    check(needed == 0 || (needed > size && needed <= longest), "what has to be read is more, and never too much");
    if (!key) {
        return 0;
    }
    const std::size_t end = header + key->size();
    check(needed == 0 && key->data() == start.data() + header, "the key is what follows the header");
    check(simple_cache::key_of_entry(start.substr(0, end), "", &needed) == key, "no more than the key is needed");
    check(!simple_cache::key_of_entry(start.substr(0, end - 1), "", &needed) && needed == end, "and not less");
    check(simple_cache::key_of_entry(start, simple_cache::stem_of_key(*key), &needed) == key, "a key has its stem");
    const std::string_view unpadded = start.substr(header - 4, key->size());
    check(simple_cache::key_of_entry(start, simple_cache::stem_of_key(unpadded), &needed) == unpadded,
          "a header without padding is told by the stem");
    check(!simple_cache::key_of_entry(start, "0123456789abcdef", &needed), "another stem is another entry");
    return 0;
}
