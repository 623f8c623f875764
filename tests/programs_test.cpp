// Real programs, run and started.

#include <chrono>

#include "../platform/programs.h"
#include "catch.h"
#include "home.h"

using namespace unstick;
using namespace unstick::testing;
using std::chrono::seconds;

TEST_CASE("a program's input, output, messages and exit code go through, and no shell reads its arguments")
{
    const auto ran = run_program({"sh", "-c", "cat; echo \"$1\" >&2; exit 7", "sh", "$(id) * '"}, "in\nput", seconds(20));
    REQUIRE(ran);
    CHECK(ran->exit_code == 7);
    CHECK(ran->out == "in\nput");
    CHECK(ran->err == "$(id) * '\n");
}

TEST_CASE("much output is cut and does not block; a program that reads nothing does not end us")
{
    const auto ran = run_program({"head", "-c", "30000000", "/dev/zero"}, std::string(300'000, 'x'), seconds(20));
    REQUIRE(ran);
    CHECK(ran->exit_code == 0);
    CHECK(ran->out.size() == 16U << 20U);
}

TEST_CASE("a program that does not exist, or does not end")
{
    const auto none = run_program({"unstick-no-such-program"}, "", seconds(20));
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Code::not_found);

    const auto start = std::chrono::steady_clock::now();
    const auto endless = run_program({"sh", "-c", "sleep 60; true"}, "", std::chrono::milliseconds(300));
    REQUIRE_FALSE(endless);
    CHECK(endless.error().code == Code::io);
    CHECK(std::chrono::steady_clock::now() - start < seconds(20));
}

TEST_CASE("a program that was started goes on without us")
{
    CHECK(start_program({"unstick-no-such-program"}).error().code == Code::not_found);
    const TempFolder folder;
    const fs::path sign = folder.path() / "sign";
    REQUIRE(start_program({"touch", sign.string()}));
    for (int i = 0; i < 200 && !fs::exists(sign); ++i) {
        (void)run_program({"sleep", "0.05"}, "", seconds(20));
    }
    CHECK(fs::exists(sign));
}
