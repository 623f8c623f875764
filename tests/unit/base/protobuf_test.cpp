// Protocol buffers, whole and broken.

#include "base/protobuf.h"
#include "tests/fixtures/protobuf_fields.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace std::string_literals;
using testing::field;

TEST_CASE("a message is read field by field, whatever their types")
{
    const std::string message =
        field(1, 7U) + "\x11" + "12345678" + "\x1d" + "abcd" + field(4, "name") + "\x28\xac\x02" + field(1, 9U);
    protobuf::Reader reader(message);
    std::vector<std::uint32_t> numbers;
    while (const auto next = reader.next()) {
        numbers.push_back(next->number);
    }
    CHECK(numbers == std::vector<std::uint32_t>{1, 2, 3, 4, 5, 1});
    CHECK(protobuf::number_in(message, 1) == 7);
    CHECK(protobuf::number_in(message, 3) == 0x64636261);
    CHECK(protobuf::number_in(message, 5) == 300);
    CHECK(protobuf::bytes_in(message, 4) == "name");
    CHECK_FALSE(protobuf::number_in(message, 4));
    CHECK_FALSE(protobuf::bytes_in(message, 1));
    CHECK_FALSE(protobuf::number_in(message, 6));
}

TEST_CASE("reading a message ends where it is broken")
{
    const std::string good = field(1, 7U);
    const std::string broken = GENERATE(
        "\x80"s, std::string(11, '\xff'), "\x10\xff"s, "\x11"s + "1234567", "\x15"s + "123", "\x12\x05"s + "1234",
        "\x12"s + std::string(9, '\xff') + "\x01", "\x13"s, "\x14"s, "\x16"s, "\x17"s, "\0\1"s, ""s);
    protobuf::Reader reader(broken);
    CHECK_FALSE(reader.next());
    CHECK(protobuf::number_in(good + broken, 1) == 7);
}
