// Names of network partitions, and keys of compiled scripts: the texts of Chromium's databases.

#include "profiles/chromium/network_key.h"

#include "base/hash.h"
#include "profiles/chromium/finders.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::text_of(data, size);
    check(top_level_site_of(text).size() <= size, "a site is not longer than the key");
    check(fuzz::is_within(url_of_code_key(text), text), "a URL is a part of the key");
    check(from_base64(base64(text)) == text, "base64 there and back");
    check(from_base64url(base64url(text)) == text, "base64 for URLs there and back");
    if (const auto bytes = from_base64(text)) {
        check(base64(*bytes).size() == size, "base64 has padding");
    }
    return 0;
}
