// Real programs, run and started; real names, looked up.

#include <chrono>

#include "platform/resolver.h"
#include "platform/subprocess.h"
#include "tests/fixtures/catch.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using namespace unstick::testing;
using std::chrono::seconds;

TEST_CASE("a program's input, output, messages and exit code go through, and no shell reads its arguments")
{
    const auto ran =
        run_program({"sh", "-c", "cat; echo \"$1\" >&2; exit 7", "sh", "$(id) * '"}, "in\nput", seconds(120));
    REQUIRE(ran);
    CHECK(ran->exit_code == 7);
    CHECK(ran->out == "in\nput");
    CHECK(ran->err == "$(id) * '\n");
}

TEST_CASE("much output is cut and does not block; a program that reads nothing does not end us")
{
    const auto ran = run_program({"head", "-c", "30000000", "/dev/zero"}, std::string(300'000, 'x'), seconds(120));
    REQUIRE(ran);
    CHECK(ran->exit_code == 0);
    CHECK(ran->out.size() == 16U << 20U);
}

TEST_CASE("a program that does not exist, or does not end")
{
    const auto none = run_program({"unstick-no-such-program"}, "", seconds(120));
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Code::not_found);

    const auto start = std::chrono::steady_clock::now();
    const auto endless = run_program({"sh", "-c", "sleep 600; true"}, "", std::chrono::milliseconds(300));
    REQUIRE_FALSE(endless);
    CHECK(endless.error().code == Code::io);
    CHECK(std::chrono::steady_clock::now() - start < seconds(120));
}

TEST_CASE("a program that was started goes on without us")
{
    CHECK(start_program({"unstick-no-such-program"}).error().code == Code::not_found);
    const TempFolder folder;
    const fs::path sign = folder.path() / "sign";
    REQUIRE(start_program({"touch", sign.string()}));
    for (int i = 0; i < 200 && !fs::exists(sign); ++i) {
        (void)run_program({"sleep", "0.05"}, "", seconds(120));
    }
    CHECK(fs::exists(sign));
}

TEST_CASE("names are looked up")
{
    const auto own = resolve("localhost");
    REQUIRE(own);
    CHECK((own->front() == "127.0.0.1" || own->front() == "::1"));
    CHECK(resolve("192.0.2.1").value() == std::vector<std::string>{"192.0.2.1"});
    REQUIRE_FALSE(resolve("no such name"));
    CHECK(resolve("no such name").error().code == Code::not_found);
}

namespace {

/// A program in a shell that talks over the descriptors 3 and 4.
std::unique_ptr<PipedProgram> talking(const std::string& script)
{
    auto started = start_piped({"bash", "-c", script}, {"WORD=hello", "HOME=/nowhere"});
    REQUIRE(started);
    return std::move(*started);
}

std::string next_of(PipedProgram& program)
{
    const auto message = program.receive(seconds(120));
    REQUIRE(message);
    return message->value_or("(nothing)");
}

}  // namespace

TEST_CASE("messages go to and fro through two pipes, each ended by a zero byte")
{
    CHECK(start_piped({"unstick-no-such-program"}, {}).error().code == Code::not_found);
    const auto echo = talking("while IFS= read -r -d '' line <&3; do printf '<%s>\\0' \"$line\" >&4; done");
    for (const std::string text : {"one", "two\nlines", ""}) {
        REQUIRE(echo->send(text));
        CHECK(next_of(*echo) == "<" + text + ">");
    }
    CHECK(echo->receive(std::chrono::milliseconds(50)).value() == std::nullopt);
    CHECK_FALSE(echo->has_ended(std::chrono::milliseconds(50)));
}

TEST_CASE("a message that is too long is left out, and the next one is not")
{
    const auto program = talking("head -c 20000000 /dev/zero | tr '\\0' x >&4; printf '\\0short\\0' >&4; sleep 60");
    CHECK(next_of(*program) == "short");
}

TEST_CASE("a program with pipes that ends says why; one that does not listen does not stop us")
{
    const auto gone = talking("echo 'no sandbox' >&2; exit 1");
    const auto message = gone->receive(seconds(120));
    REQUIRE_FALSE(message);
    CHECK(message.error().what.find("no sandbox") != std::string::npos);
    CHECK(gone->has_ended(seconds(120)));
    CHECK_FALSE(gone->send("hello"));
}

TEST_CASE("a program with pipes has our variables, and those that it is given")
{
    const auto program =
        talking("printf '%s %s\\0' \"$WORD\" \"$HOME\" >&4; [ -n \"$PATH\" ] && printf 'ours\\0' >&4; sleep 60");
    CHECK(next_of(*program) == "hello /nowhere");
    CHECK(next_of(*program) == "ours");
}

TEST_CASE("with its value ends the program, and what it has started")
{
    const TempFolder folder;
    const fs::path sign = folder.path() / "sign";
    {
        const auto program =
            talking("(while :; do touch '" + sign.string() + "'; sleep 0.05; done) & printf 'up\\0' >&4; wait");
        CHECK(next_of(*program) == "up");
    }
    (void)run_program({"sleep", "0.2"}, "", seconds(120));
    fs::remove(sign);
    (void)run_program({"sleep", "0.5"}, "", seconds(120));
    CHECK_FALSE(fs::exists(sign));
}
