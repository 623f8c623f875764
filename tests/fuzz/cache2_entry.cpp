// The end of an entry of Firefox's HTTP cache, and its key.

#include "containers/cache2_entry.h"

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;
using fuzz::is_within;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view file = fuzz::text_of(data, size);
    const cache2::Key as_key = cache2::parse_key(file);
    check(is_within(as_key.url, file) && as_key.attributes.size() + as_key.id.size() <= size,
          "a key's parts are in it");
    std::size_t needed = 99;
    const auto entry = cache2::read_end(file, size, &needed);
    check(needed == 0, "of a whole file no more is needed");
    if (!entry) {
        return 0;
    }
    check(entry->version >= 1 && entry->version <= 4, "a known version");
    check(is_within(entry->key, file) && is_within(entry->elements, file) && entry->data_size < size,
          "views into the file");
    if (const auto head = cache2::element(entry->elements, "response-head")) {
        check(is_within(*head, entry->elements), "a value is among the elements");
    }
    const auto metadata = static_cast<std::size_t>(size - entry->data_size);
    const auto again = cache2::read_end(file.substr(size - metadata), size, &needed);
    check(again && again->key == entry->key, "no more than the metadata is needed");
    check(!cache2::read_end(file.substr(size - metadata + 1), size, &needed), "and not less");
    check(needed == metadata, "it says how much");
    check(cache2::is_entry_name(cache2::name_of_key(entry->key)), "every key has a name");
    return 0;
}
