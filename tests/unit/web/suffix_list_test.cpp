// Which public suffix list the program goes by.

#include "web/suffix_list.h"

#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;

TEST_CASE("the list tells its day")
{
    const SuffixList list = suffix_list();
    CAPTURE(list.day, list.file);
    REQUIRE(list.day.size() == 10);
    CHECK(list.day > "2015-01-01");  // libpsl 0.11, the first with a list of this kind
    CHECK(list.day[4] == '-');
    CHECK_THAT(to_text(list), Contains("public suffix list of " + list.day));
}

TEST_CASE("the list in words")
{
    CHECK(to_text(SuffixList{.day = "2023-02-09", .file = {}}) == "public suffix list of 2023-02-09 (in libpsl)");
    CHECK(to_text(SuffixList{.day = "2024-01-02", .file = "/usr/share/list"}) ==
          "public suffix list of 2024-01-02 (/usr/share/list)");
    CHECK(to_text(SuffixList{}) == "public suffix list of an unknown day (in libpsl)");
}
