// Which texts are storage keys and identifiers of origins, and whose they are.

#include <cstring>

#include "profiles/chromium/storage_key.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace std::string_literals;
using namespace testing::looking;

TEST_CASE("only whole origins are storage keys and origin identifiers")
{
    const auto* const text =
        GENERATE("https://user@stuck.test/", "https://stuck.test?x=/", "https://stuck.test#x/",
                 "https://stuck.test\\x/", "https://stuck.test:port/", "https://stuck.test:/", "https://stu ck.test/",
                 "https://stuck.test\n/", "https://[::1/", "https://[::1]x/", "https://:443/", "https://stuck.test//",
                 "://stuck.test/", "https:///", "stuck.test/");
    CAPTURE(text);
    CHECK_FALSE(parse_storage_key(text));
    CHECK_FALSE(parse_storage_key("https://other.test/^0"s + std::string(text).substr(0, std::strlen(text) - 1)));
    std::string identifier = text;
    identifier.pop_back();
    if (const std::size_t scheme = identifier.find("://"); scheme != std::string::npos) {
        identifier.replace(scheme, 3, "_");
    }
    CHECK_FALSE(origin_of_identifier(identifier + "_0"));
}

TEST_CASE("a storage key tells both its owner and whom it is partitioned under")
{
    const auto framed = parse_storage_key("https://widget.test:8443/^0https://stuck.test");
    REQUIRE(framed);
    CHECK(framed->origin == "https://widget.test:8443");
    CHECK(framed->top_level_site == "https://stuck.test");
    CHECK_FALSE(framed->opaque);
    const auto nested = parse_storage_key("http://[::1]:8090/^31");
    REQUIRE(nested);
    CHECK(nested->origin == "http://[::1]:8090");
    CHECK(nested->top_level_site.empty());
    // Another site's name in the nonce or behind an opaque top level is not its partition.
    CHECK_FALSE(owns_storage_key(stuck(), "https://other.test/^1https://stuck.test"));
    CHECK_FALSE(owns_storage_key(stuck(), "https://other.test/^41^52^6https://stuck.test"));
    CHECK_FALSE(owns_storage_key(stuck(), "https://other.test/^3https://stuck.test"));
    CHECK_FALSE(owns_storage_key(stuck(), "https://other.test/^0https://stuck.test^31"));
    CHECK_FALSE(parse_storage_key(std::string(1U << 16U, '^')));
}
