// Property lists: what is measured and within the limits, libplist reads in little memory; what was read can be
// written.

#include "containers/property_list.h"
#include "containers/property_list_size.h"
#include "tests/fixtures/testing.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Place place("property_list");
    const std::string text(fuzz::text_of(data, size));
    const bool is_small = is_within(text, PropertyListLimits());
    const std::filesystem::path file = place.path() / "file";
    testing::put(file, text);
    const auto list = PropertyList::read(file);
    if (!list) {
        check(testing::get(file) == text, "what cannot be read stays");
        return 0;
    }
    check(is_small, "what was read was within the limits");
    for (const std::string& dictionary : list->dictionaries()) {
        for (const std::string& name : list->names_in(dictionary)) {
            (void)list->value(dictionary, name);
            (void)list->number_of(dictionary, name, "x");
        }
    }
    return 0;
}
