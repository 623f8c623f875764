// JSON texts that the library would take any amount of memory or time for.

#include "base/limited_json.h"

#include <nlohmann/json.hpp>

#include "tests/fixtures/testing.h"

using namespace unstick;
using Json = nlohmann::ordered_json;

namespace {

std::string repeated(std::string_view part, std::size_t times)
{
    std::string text;
    while (times-- > 0) {
        text += part;
    }
    return text;
}

std::string code_of(std::string_view text, const JsonLimits& limits = {})
{
    const auto document = parse_json<Json>(text, "here", limits);
    CHECK((document || document.error().where == "here"));
    return document ? "read" : document.error().code == Code::unsupported ? "unsupported" : "corrupt";
}

}  // namespace

TEST_CASE("texts of many small values, deep or wide, are refused before they are read")
{
    constexpr std::size_t megabyte = 1U << 20U;
    const std::string text =
        GENERATE_COPY(repeated("[", 20 * megabyte), repeated("{\"\":", 4 * megabyte),
                      "[" + repeated("0,", 4 * megabyte) + "0]", "[" + repeated("[],", megabyte) + "0]",
                      "[" + repeated("\"\",", megabyte) + "0]", "[" + repeated("{\"\":0},", megabyte) + "0]",
                      "{\"a\":[" + repeated("{},", megabyte) + "0]}", "{\"\":0" + repeated(",\"\":0", 40'000) + "}");
    CAPTURE(text.substr(0, 20));
    CHECK(code_of(text) == "unsupported");
}

TEST_CASE("texts as browsers write them are read, also large ones")
{
    const std::string entry =
        R"({"last_modified":"13300000000000000","setting":{"lastEngagementTime":1.33e16,"rawScore":4.5}})";
    std::string text = "{\"a\":0";
    for (int i = 0; i < 20'000; ++i) {
        text += ",\"https://" + std::to_string(i) + ".example:443,*\":" + entry;
    }
    CHECK(code_of(text + "}") == "read");
    CHECK(code_of("\"" + repeated("[{,\\\"", 100'000) + "\"") == "read");
    CHECK(code_of("\"" + repeated("x", 2'000'000) + "\"") == "read");
}

TEST_CASE("each limit counts by itself, up to its last step")
{
    JsonLimits limits;
    limits.depth = 2;
    CHECK(code_of("[[]]", limits) == "read");
    CHECK(code_of("[[[]]]", limits) == "unsupported");
    limits = {};
    limits.looks = 3;
    CHECK(code_of(R"({"a":0,"b":0,"c":0})", limits) == "read");
    CHECK(code_of(R"({"a":0,"b":0,"c":0,"d":0})", limits) == "unsupported");
    CHECK(code_of("[0,0,0,0,0,0,0,0]", limits) == "read");
    limits = {};
    limits.elements = 3;
    CHECK(code_of("[0,0,0]", limits) == "read");
    CHECK(code_of("[[0,0,0],[0,0,0]]", limits) == "read");
    CHECK(code_of("[0,0,0,0]", limits) == "unsupported");
    limits = {};
    limits.bytes = 1000;
    CHECK(code_of("[" + repeated("0,", 20) + "0]", limits) == "read");
    CHECK(code_of("[" + repeated("0,", 30) + "0]", limits) == "unsupported");
}

TEST_CASE("what cannot be read is no object where nothing else is asked")
{
    CHECK_FALSE(json_or_discarded<Json>("{").is_object());
    CHECK_FALSE(json_or_discarded<Json>(repeated("{\"\":", 1000)).is_object());
    CHECK(json_or_discarded<Json>("{}").is_object());
    CHECK(code_of("") == "corrupt");
    CHECK(code_of("{\"a\":\"\xff\"}") == "corrupt");
}
