// The first bytes of an entry of the Simple cache.

#include "../../src/formats/simple_cache.h"
#include "fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t header = 24;
    constexpr std::size_t longest = header + (1U << 20U);
    const std::string_view start = fuzz::text_of(data, size);
    std::size_t needed = 99;
    const auto key = simple_cache::key_of_entry(start, &needed);
    check(needed == 0 || (needed > header && needed <= longest), "no more is read than the longest key");
    if (!key) {
        check(needed == 0 || needed > size, "what was enough gives a key");
        return 0;
    }
    check(fuzz::is_within(*key, start) && key->size() == needed - header, "the key is what follows the header");
    std::size_t needed_again = 0;
    check(simple_cache::key_of_entry(start.substr(0, needed), &needed_again) == key, "what is needed is enough");
    check(!simple_cache::key_of_entry(start.substr(0, needed - 1), &needed_again) && needed_again == needed,
          "one byte less is not, and says so");
    check(simple_cache::stem_of_key(*key).size() == 16, "every key has a stem");
    return 0;
}
