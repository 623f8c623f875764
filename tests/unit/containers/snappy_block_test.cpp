#include "containers/snappy_block.h"

#include "tests/fixtures/catch.h"

using namespace unstick;

TEST_CASE("a Snappy block gives what was compressed, and nothing beyond the limit")
{
    const std::string block =
        "\x09\x08"
        "abc"
        "\x09\x03";  // nine bytes: three as they are, six of them again
    CHECK(from_snappy_block(block, 9) == "abcabcabc");
    CHECK_FALSE(from_snappy_block(block, 8));
    CHECK_FALSE(from_snappy_block(block.substr(0, block.size() - 1), 9));
    CHECK_FALSE(from_snappy_block("", 10));
    CHECK_FALSE(from_snappy_block("\xff\xff\xff\xff\xff\xff", 10));
}
