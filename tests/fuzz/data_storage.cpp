// Firefox's files of slots: take out, put back.

#include "containers/data_storage.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using namespace data_storage;
using fuzz::check;

namespace {

std::vector<std::string> bytes_of(std::string_view file, Layout layout)
{
    std::vector<std::string> all;
    const auto slots = slots_in(file, layout).value();
    for (const Slot& slot : slots) {
        all.push_back(slot.bytes);
    }
    std::sort(all.begin(), all.end());
    return all;
}

void check_file(std::string_view file, Layout layout)
{
    const auto slots = slots_in(file, layout);
    if (!slots || slots->empty()) {
        return;
    }
    for (const Slot& slot : *slots) {
        check(slot.bytes.size() == layout.slot_size(), "a slot has one size");
        check(slot.key.size() + slot.value.size() < layout.slot_size(), "key and value are parts of it");
    }
    const auto before = bytes_of(file, layout);
    const std::vector<std::string> taken{slots->front().bytes};
    const std::string freed = without(file, layout, taken);
    check(freed.size() == file.size(), "a file keeps its size");
    const auto kept = bytes_of(freed, layout);
    check(std::find(kept.begin(), kept.end(), taken[0]) == kept.end(), "what was taken is gone");
    check(std::includes(before.begin(), before.end(), kept.begin(), kept.end()), "what was kept is as it was");
    std::vector<std::string> missing(before.size() - kept.size(), taken[0]);  // it may be there several times
    const auto again = with(freed, layout, missing);
    check(again && bytes_of(*again, layout) == before, "taking and putting back changes no slot");
    check(again->size() == file.size(), "free places are used");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    check_file(fuzz::text_of(data, size), small_values);
    check_file(fuzz::text_of(data, size), large_values);
    return 0;
}
