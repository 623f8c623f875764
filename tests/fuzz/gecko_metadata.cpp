// `.metadata-v2` of an origin of Firefox.

#include "profiles/gecko/origin_metadata.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view file = fuzz::text_of(data, size);
    const auto metadata = gecko::parse_origin_metadata(file);
    if (metadata) {
        check(!metadata->origin.scheme.empty() && !metadata->origin.host.empty(), "an origin has a scheme and a host");
        check(metadata->origin.host.size() <= size, "a host is not longer than what it was read from");
        check(gecko::parse_origin_metadata(std::string(file) + "more").has_value(), "what follows makes no difference");
    }
    return 0;
}
