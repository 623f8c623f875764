// What the HTTP cache keeps about an answer.

#include "profiles/chromium/http_cache_entry.h"
#include "web/url.h"

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view record = fuzz::text_of(data, size);
    const CachedResponse answer = read_cached_response(record);
    check(answer.status == 0 || (answer.status >= 100 && answer.status <= 599), "a status is one of HTTP");
    for (const std::string& address : {answer.location, bare_address(record)}) {
        check(address.size() <= size, "an address is not longer than what it was read from");
        const std::size_t query = address.find('?');
        check(query == address.npos || query + 1 == address.size(), "of a query there is only the mark");
        check(address.find('#') == address.npos, "a fragment is dropped");
    }
    return 0;
}
