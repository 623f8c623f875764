// WebKit's files `origin`, and its texts.

#include "profiles/webkit/origins.h"
#include "profiles/webkit/string_coder.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view content = fuzz::text_of(data, size);
    ByteReader reader(content);
    if (const auto text = webkit::read_string(reader)) {
        check(text->size() <= 2 * size, "a text is not longer than what it was read from");
    }
    const auto owners = webkit::parse_origin_file(content);
    if (!owners) {
        return 0;
    }
    check(!owners->top.scheme.empty(), "an origin has a scheme");
    check(owners->top.text().starts_with(owners->top.scheme + "://" + owners->top.host), "an origin is its parts");
    check(!webkit::parse_origin_file(content.substr(0, size - 1)), "a file that is cut off is not understood");
    check(!webkit::parse_origin_file(std::string(content) + '\0'), "a file with more in it is not understood");
    return 0;
}
