// A site's names in texts: found wherever a plain search finds them.

#include "finders/name_search.h"

#include <random>

#include "base/text.h"
#include "tests/fixtures/looking.h"

using namespace unstick;

TEST_CASE("names are found wherever they stand, whatever their case, and nothing that only looks like them")
{
    const NameSearch names(testing::site("stuck.test"));
    for (const char* text : {"stuck.test", "https://stuck.test/", "a stuck.test", "STUCK.Test:443", "%2Cstuck.test%29",
                             "stuck.tesstuck.test", "ttstuck.test"}) {
        CAPTURE(text);
        CHECK(names.is_in(text));
    }
    for (const char* text : {"", "t", "stuck.tes", "tuck.test", "stuck-test", "stuck.tesu stuck.tets", "stuck.tes t"}) {
        CAPTURE(text);
        CHECK_FALSE(names.is_in(text));
    }
    CHECK(NameSearch(Site::everything()).is_in("anything"));
    CHECK_FALSE(NameSearch(Site::of_hosts({})).is_in("stuck.test"));
}

TEST_CASE("a name of few letters is found as a plain search finds it")
{
    std::mt19937 random(7);
    const auto letters = [&](std::size_t length) {
        std::string text;
        while (text.size() < length) {
            text += "abABb."[random() % 6];
        }
        return text;
    };
    int found = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string name = "a" + lower(letters(random() % 5)) + "b";
        const auto site = Site::parse(name);
        if (!site || site->names() != std::vector{name}) {
            continue;
        }
        const std::string text = letters(random() % 30);
        CAPTURE(name, text);
        const bool is_there = lower(text).find(name) != std::string::npos;
        REQUIRE(NameSearch(*site).is_in(text) == is_there);
        found += is_there ? 1 : 0;
    }
    CHECK(found > 100);
}
