// Property lists that libplist would take any amount of memory for.

#include "containers/property_list_size.h"

#include "containers/property_list.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::put;
using testing::TempFolder;

namespace {

std::string big_endian(std::uint64_t number, unsigned size)
{
    std::string bytes;
    while (size-- > 0) {
        bytes += static_cast<char>(number >> (8 * size));
    }
    return bytes;
}

/// A list whose objects are given as they stand in the file; the first is its root. Places and numbers take two bytes.
std::string list_of(const std::vector<std::string>& objects)
{
    std::string bytes = "bplist00";
    std::string table;
    for (const std::string& object : objects) {
        table += big_endian(bytes.size(), 2);
        bytes += object;
    }
    const std::size_t place = bytes.size();
    return bytes + table + std::string(6, '\0') + "\x02\x02" + big_endian(objects.size(), 8) + big_endian(0, 8) +
           big_endian(place, 8);
}

std::string text(std::string_view value)
{
    return static_cast<char>(0x50 + value.size()) + std::string(value);
}

std::string dictionary(const std::vector<std::uint64_t>& names, const std::vector<std::uint64_t>& values)
{
    std::string bytes = "\xdf\x10" + big_endian(names.size(), 1);
    for (const auto& list : {names, values}) {
        for (const std::uint64_t object : list) {
            bytes += big_endian(object, 2);
        }
    }
    return bytes;
}

std::string array(std::uint64_t object, std::size_t times)
{
    std::string bytes = "\xaf\x11" + big_endian(times, 2);
    while (times-- > 0) {
        bytes += big_endian(object, 2);
    }
    return bytes;
}

std::string code_of(const std::string& bytes)
{
    const TempFolder folder;
    put(folder / "list", bytes);
    const auto list = PropertyList::read(folder / "list");
    return list ? "read" : list.error().code == Code::unsupported ? "unsupported" : "corrupt";
}

}  // namespace

TEST_CASE("a list that names the same object again and again is no larger than it says")
{
    CHECK(code_of(list_of({dictionary({1}, {2}), text("a"), array(3, 1000), text("x")})) == "read");
    // A thousand times a thousand times a thousand.
    CHECK(code_of(list_of({dictionary({1}, {2}), text("a"), array(3, 1000), array(4, 1000), array(5, 1000),
                           text("x")})) == "unsupported");
}

TEST_CASE("a list that holds itself, or is deep, is refused")
{
    CHECK(code_of(list_of({dictionary({1}, {0}), text("a")})) == "unsupported");
    CHECK(code_of(list_of({dictionary({1}, {2}), text("a"), array(3, 1), array(2, 1)})) == "unsupported");
    for (const std::size_t levels : {60U, 70U}) {
        std::vector<std::string> objects{dictionary({1}, {2}), text("a")};
        while (objects.size() < levels) {
            objects.push_back(array(objects.size() + 1, 1));
        }
        objects.push_back(text("x"));
        CHECK(code_of(list_of(objects)) == (levels == 60 ? "read" : "unsupported"));
    }
}

TEST_CASE("places outside of the list, and sizes that cannot be, are refused")
{
    const std::string whole = list_of({dictionary({1}, {2}), text("a"), text("x")});
    CHECK(code_of(whole) == "read");
    CHECK(code_of(list_of({dictionary({1}, {7}), text("a")})) == "unsupported");
    CHECK(code_of(list_of({dictionary({1}, {2}), text("a"), "\x5f\x13\x7f\xff\xff\xff\xff\xff\xff\xff"})) ==
          "unsupported");
    CHECK(code_of("bplist00") == "unsupported");
    for (std::size_t at = 8; at < whole.size(); ++at) {
        for (const char byte : {'\0', '\x7f', '\xff'}) {
            std::string damaged = whole;
            damaged[at] = byte;
            (void)code_of(damaged);
        }
        (void)code_of(whole.substr(0, at));
    }
}
