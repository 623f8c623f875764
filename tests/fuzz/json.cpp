// JSON files: what was read and written again is the same, and every member is found under its pointer.

#include "containers/json_file.h"

#include "tests/fixtures/testing.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

using namespace unstick;
using fuzz::check;
using json_file::Json;

namespace {

/// Every member below objects is what its pointer finds.
void check_members(const Json& document, const Json& place, const std::string& pointer)
{
    check(json_file::find(document, pointer) == &place, "a pointer finds what it was made for");
    if (!place.is_object()) {
        return;
    }
    for (const auto& [name, member] : place.items()) {
        const std::string below = json_file::pointer_to(pointer, name);
        check(json_file::names_in(below).back() == name, "a name in a pointer is the name");
        check(json_file::is_meant(Json{{name, member}}, place), "an object is meant by any of its members");
        check_members(document, member, below);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Place place("json");
    const std::filesystem::path file = place.path() / "file";
    testing::put(file, fuzz::text_of(data, size));
    const auto document = json_file::read(file);
    if (!document) {
        check(testing::get(file) == fuzz::text_of(data, size), "what cannot be read stays");
        return 0;
    }
    check_members(*document, *document, "");
    check(json_file::write(file, *document).has_value(), "what was read can be written");
    const auto again = json_file::read(file);
    check(again && *again == *document, "and is the same, in the same order");
    (void)json_file::find(*document, fuzz::text_of(data, size).starts_with('/') ? fuzz::text_of(data, size) : "/x");
    return 0;
}
