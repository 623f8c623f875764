// Records of WebKit's network cache.

#include "profiles/webkit/network_cache.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

namespace {

bool is_hash(std::string_view text)
{
    return text.size() == 40 && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto record = webkit::parse_cache_record(fuzz::text_of(data, size));
    if (!record) {
        return 0;
    }
    check(record->version >= webkit::oldest_cache && record->version <= webkit::newest_cache, "a known version");
    check(is_hash(record->key_hash) && is_hash(record->partition_hash), "hashes are names of files");
    for (const std::string* text : {&record->partition, &record->type, &record->identifier}) {
        check(text->size() <= 2 * size, "a text is not longer than what it was read from");
    }
    const auto with_more = std::string(fuzz::text_of(data, size)) + "more";
    check(webkit::parse_cache_record(with_more)->identifier == record->identifier, "what follows makes no difference");
    return 0;
}
