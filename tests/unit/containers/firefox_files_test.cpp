// Firefox's compressed files and its files of slots.

#include "containers/data_storage.h"
#include "containers/moz_lz4.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace std::string_literals;

namespace {

constexpr std::uint64_t largest = 1U << 20U;

}  // namespace

TEST_CASE("what is compressed comes out as it was")
{
    const std::string content = GENERATE(""s, "{}"s, std::string(100'000, 'x'), "\0\xff text"s);
    const auto file = moz_lz4::pack(content);
    REQUIRE(file);
    CHECK(file->starts_with("mozLz40\0"s));
    CHECK(moz_lz4::unpack(*file, largest) == content);
}

TEST_CASE("a block of literals alone, as simple writers make it, is read")
{
    CHECK(moz_lz4::unpack("mozLz40\0\x05\0\0\0\x50hello"s, largest) == "hello");
}

TEST_CASE("what is no compressed file is refused, whatever it says of its size")
{
    const auto code_of = [](const std::string& file) {
        const auto content = moz_lz4::unpack(file, largest);
        return content ? std::optional<Code>() : std::optional(content.error().code);
    };
    CHECK(code_of("") == Code::corrupt);
    CHECK(code_of("{}") == Code::corrupt);
    CHECK(code_of("mozLz40\0"s) == Code::corrupt);
    CHECK(code_of("mozLz40\0\x05\0\0"s) == Code::corrupt);
    CHECK(code_of("mozLz40\0\x05\0\0\0\x40hell"s) == Code::corrupt);
    CHECK(code_of("mozLz40\0\x06\0\0\0\x50hello"s) == Code::corrupt);
    CHECK(code_of("mozLz40\0\xff\xff\xff\xff\x50hello"s) == Code::unsupported);
    CHECK(code_of("mozLz40\0\0\0\x10\0\x50hello"s) == Code::unsupported);
}

TEST_CASE("slots are read, freed, and put into free places or at the end")
{
    const auto layout = GENERATE(data_storage::small_values, data_storage::large_values);
    const std::string one = data_storage::make_slot(layout, "one", "1");
    const std::string two = data_storage::make_slot(layout, "two", "2");
    const std::string three = data_storage::make_slot(layout, std::string(400, 'k'), std::string(2000, 'v'));
    const std::string file = one + two + three;
    const auto slots = data_storage::slots_in(file, layout);
    REQUIRE(slots);
    REQUIRE(slots->size() == 3);
    CHECK(slots->at(0).key == "one");
    CHECK(slots->at(0).value == "1");
    CHECK(slots->at(1).bytes == two);
    CHECK(slots->at(2).key.size() == 256);
    CHECK(slots->at(2).value.size() == layout.value_size);

    const std::string freed = data_storage::without(file, layout, {two, "not there"});
    CHECK(freed == one + std::string(two.size(), '\0') + three);
    CHECK(data_storage::slots_in(freed, layout)->size() == 2);
    CHECK(data_storage::with(freed, layout, {two}) == file);
    CHECK(data_storage::with(file, layout, {one}) == file + one);
}

TEST_CASE("a slot with a wrong checksum counts as free, and a file of another size is left")
{
    const auto layout = data_storage::small_values;
    std::string slot = data_storage::make_slot(layout, "one", "1");
    slot.back() = 'x';
    CHECK(data_storage::slots_in(slot, layout)->empty());
    CHECK(data_storage::slots_in("", layout)->empty());
    CHECK_FALSE(data_storage::slots_in(slot + "x", layout));
    const std::string full(data_storage::most_slots * layout.slot_size(), '\0');
    CHECK(data_storage::slots_in(full, layout)->empty());
    CHECK_FALSE(data_storage::slots_in(full + slot, layout));
    std::string taken;
    for (std::size_t i = 0; i < data_storage::most_slots; ++i) {
        taken += data_storage::make_slot(layout, std::to_string(i), "");
    }
    CHECK_FALSE(data_storage::with(taken, layout, {data_storage::make_slot(layout, "more", "")}));
}
