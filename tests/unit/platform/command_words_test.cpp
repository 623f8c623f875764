// What a process was started with, as macOS tells it.

#include "platform/common/command_words.h"

#include <array>
#include <cstring>

#include "tests/fixtures/catch.h"

using unstick::has_word;
using unstick::words_in_procargs;

namespace {

std::string procargs(std::int32_t count, std::string_view rest)
{
    std::string bytes(sizeof(count), '\0');
    std::memcpy(bytes.data(), &count, sizeof(count));
    return bytes.append(rest);
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("words and variables of a process on macOS")
{
    using namespace std::literals;
    const auto words = words_in_procargs(procargs(
        3,
        "/Applications/C.app/C\0\0\0\0/Applications/C.app/C\0--user-data-dir=/Users/ann/x\0\0HOME=/Users/ann\0LANG=C\0\0junk\0"sv));
    CHECK(words.arguments == Words{"/Applications/C.app/C", "--user-data-dir=/Users/ann/x", ""});
    CHECK(words.variables == Words{"HOME=/Users/ann", "LANG=C"});
    // Another user's are not shown: only the path is there.
    CHECK(words_in_procargs(procargs(1, "/bin/a\0"sv)).arguments.empty());
}

TEST_CASE("what is cut off or makes no sense is nothing")
{
    using namespace std::literals;
    const std::string whole = procargs(2, "/a\0\0/a\0--b\0HOME=/h\0\0"sv);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto words = words_in_procargs(std::string_view(whole).substr(0, size));
        CHECK((words.arguments.empty() || words.arguments == Words{"/a", "--b"}));
    }
    for (const std::int32_t count : {-1, 0, 2'000'000'000}) {
        CHECK(words_in_procargs(procargs(count, "/a\0\0/a\0"sv)).arguments.empty());
    }
}

TEST_CASE("a word that begins so")
{
    constexpr std::array<std::string_view, 2> beginnings{"--user-data-dir=", "--disk-cache-dir="};
    CHECK(has_word({"c", "--user-data-dir=/x"}, beginnings));
    CHECK_FALSE(has_word({"c", "x--user-data-dir=/x", "--user-data-dir"}, beginnings));
    CHECK_FALSE(has_word({"c", "--user-data-dir=/x"}, {}));
}
