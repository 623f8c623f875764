// A recording of a browser (HAR): what is taken of it, and the page in it.

#include "net/har.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::text_of(data, size);
    const auto recording = parse_har(text);
    if (!recording) {
        return 0;
    }
    for (const Exchange& exchange : recording->exchanges) {
        check(exchange.url.size() <= size, "an address is not longer than the file");
        check(exchange.reply.status == 0 || (exchange.reply.status >= 100 && exchange.reply.status <= 599),
              "a status is one, or none");
        check(std::all_of(exchange.sent.begin(), exchange.sent.end(),
                          [&](const SentCookie& cookie) { return cookie.size <= size; }),
              "a cookie is not longer than the file");
    }
    static const Site site = Site::parse("example.com").value();
    if (const auto page = page_in(*recording, site)) {
        check(!page->hops.empty() && page->hops.size() <= 50, "a page has a way to it");
    }
    return 0;
}
