// Keys of the HTTP cache.

#include "profiles/chromium/simple_cache.h"
#include "tests/fuzz/fuzz.h"
#include "web/url.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view key = fuzz::text_of(data, size);
    const auto parsed = simple_cache::parse_http_key(key);
    check(fuzz::is_within(parsed.top_site, key) && fuzz::is_within(parsed.frame_site, key),
          "sites are parts of the key");
    check(key.ends_with(parsed.url), "a key ends with its URL");
    check(parsed.top_site.find(' ') == parsed.top_site.npos && parsed.frame_site.find(' ') == parsed.frame_site.npos,
          "sites hold no space");
    if (parsed.top_site.empty() && parsed.frame_site.empty()) {
        return 0;
    }
    const std::string ending =
        std::string(parsed.top_site) + ' ' + std::string(parsed.frame_site) + ' ' + std::string(parsed.url);
    check(key.ends_with(ending), "top site, frame site and URL follow each other");
    check(key.substr(0, key.size() - ending.size()).find("_dk_") != key.npos, "only marked keys have sites");
    return 0;
}
