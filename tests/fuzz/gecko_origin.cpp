// Origins and attributes as Firefox writes them, in texts and in names of folders.

#include "profiles/gecko/origin.h"

#include "tests/fuzz/fuzz.h"
#include "web/url.h"

using namespace unstick;
using fuzz::check;

namespace {

void check_origin(const gecko::Origin& origin)
{
    check(is_origin(origin.text()), "an origin is one");
    const Site example = Site::parse("example.com").value();
    const bool is_its_own = example.owns_url(origin.text());
    check(gecko::owns(example, origin) == (is_its_own || gecko::owns_attributes(example, origin.attributes)),
          "who owns an origin owns its host, or what it was stored under");
    const auto again = gecko::parse_origin(origin.text());
    check(again && again->host == origin.host && again->port == origin.port && again->attributes.is_plain(),
          "the text of an origin is the same origin");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::text_of(data, size);
    if (const auto origin = gecko::parse_origin(text)) {
        check_origin(*origin);
    }
    if (const auto origin = gecko::parse_origin_folder(text)) {
        check_origin(*origin);
    }
    const Site example = Site::parse("example.com").value();
    if (const auto attributes = gecko::parse_suffix(text)) {
        check(gecko::partition_of(*attributes).empty() == attributes->is_plain(), "what is kept apart is said to be");
        check(gecko::owns_suffix(example, text) == gecko::owns_attributes(example, *attributes),
              "there is one matcher");
    } else {
        check(!gecko::owns_suffix(example, text), "what is not understood is not owned");
    }
    return 0;
}
