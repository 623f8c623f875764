// Programs that are talked to over pipes, on Windows: a stand-in for a browser of the Chromium family
// (windows/stand_in_browser.cpp).

#include <windows.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "platform/subprocess.h"
#include "platform/windows/handle.h"
#include "tests/fixtures/testing.h"

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using unstick::Code;
using unstick::PipedProgram;
using unstick::run_program;
using unstick::start_piped;
using unstick::testing::TempFolder;
using unstick::windows::Handle;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<PipedProgram> browser(const std::vector<std::string>& arguments = {})
{
    std::vector<std::string> command{std::getenv("STAND_IN_BROWSER")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    auto started = start_piped(command, {"WORD=hello", "temp=C:\\elsewhere"});
    REQUIRE(started);
    return std::move(*started);
}

/// Sends what the stand-in answers with more than a result.
void ask(PipedProgram& program, const char* method, const json& params = json::object())
{
    REQUIRE(program.send(json{{"method", method}, {"params", params}}.dump()));
}

std::string next_of(PipedProgram& program)
{
    const auto message = program.receive(seconds(120));
    CAPTURE(message ? "" : message.error().what);
    REQUIRE(message);
    return message->value_or("(nothing)");
}

std::string variable_of(PipedProgram& program, const char* name)
{
    ask(program, "Test.variable", {{"name", name}});
    return next_of(program);
}

}  // namespace

TEST_CASE("messages go to and fro through two pipes, each ended by a zero byte")
{
    CHECK(start_piped({"no-such-program"}, {}).error().code == Code::not_found);
    const auto program = browser();
    for (const std::string& text : {std::string("one"), std::string("two\nlines"), std::string(),
                                    std::string(300'000, 'x')}) {  // more than a pipe holds, both ways
        ask(*program, "Test.say", {{"text", text}});
        CHECK(next_of(*program) == text);
    }
    CHECK(program->receive(milliseconds(50)).value() == std::nullopt);
    CHECK_FALSE(program->has_ended(milliseconds(50)));
}

TEST_CASE("a message that is too long is left out, and the next one is not")
{
    const auto program = browser();
    ask(*program, "Test.say much");
    ask(*program, "Test.say", {{"text", "short"}});
    CHECK(next_of(*program) == "short");
}

TEST_CASE("a program with pipes that ends says why; one that does not listen does not stop us")
{
    const auto gone = browser();
    ask(*gone, "Test.end");
    const auto message = gone->receive(seconds(120));
    REQUIRE_FALSE(message);
    CHECK(message.error().what.find("no sandbox") != std::string::npos);
    CHECK(gone->has_ended(seconds(120)));
    CHECK_FALSE(gone->send("hello"));

    const auto deaf = browser();
    ask(*deaf, "Test.sleep");
    CHECK_FALSE(deaf->send(std::string(300'000, 'x')));
}

TEST_CASE("a program with pipes has our variables, and those that it is given, whatever the case of their names")
{
    const auto program = browser();
    CHECK(variable_of(*program, "WORD") == "hello");
    CHECK(variable_of(*program, "TEMP") == "C:\\elsewhere");
    CHECK(variable_of(*program, "STAND_IN_BROWSER") == std::getenv("STAND_IN_BROWSER"));
    CHECK(variable_of(*program, "NO_SUCH_VARIABLE") == "(none)");
}

TEST_CASE("a program with pipes inherits nothing else")
{
    HANDLE read = nullptr;
    HANDLE write = nullptr;
    SECURITY_ATTRIBUTES inheritable{sizeof(inheritable), nullptr, TRUE};
    REQUIRE(::CreatePipe(&read, &write, &inheritable, 0));
    const Handle ours(read);
    Handle theirs(write);
    const auto program = browser();
    ask(*program, "Test.say", {{"text", "up"}});
    CHECK(next_of(*program) == "up");
    CHECK(::PeekNamedPipe(ours.get(), nullptr, 0, nullptr, nullptr, nullptr));
    theirs.close();
    CHECK_FALSE(::PeekNamedPipe(ours.get(), nullptr, 0, nullptr, nullptr, nullptr));  // nobody else could write
}

TEST_CASE("started by the next one: is killed while a program with pipes runs", "[.killed]")
{
    const char* const folder = std::getenv("KILLED_OVER");
    REQUIRE(folder != nullptr);
    const auto program = browser({std::string("--user-data-dir=") + folder});
    ask(*program, "Test.say", {{"text", "up"}});
    REQUIRE(next_of(*program) == "up");
    ::TerminateProcess(::GetCurrentProcess(), 77);
}

TEST_CASE("if we are killed, Windows ends the program and what it has started")
{
    const TempFolder folder;
    REQUIRE(::SetEnvironmentVariableA("KILLED_OVER", folder.path().string().c_str()));
    std::array<char, MAX_PATH> self{};
    REQUIRE(::GetModuleFileNameA(nullptr, self.data(), MAX_PATH) > 0);
    const auto ran = run_program({self.data(), "[.killed]"}, "", seconds(60));
    REQUIRE(ran);
    REQUIRE(ran->exit_code == 77);
    std::error_code held;
    const auto patience = std::chrono::steady_clock::now() + seconds(120);
    while (!fs::remove(folder / "held by the helper", held) && std::chrono::steady_clock::now() < patience) {
        std::this_thread::sleep_for(milliseconds(50));
    }
    CHECK_FALSE(fs::exists(folder / "held by the helper"));
}

TEST_CASE("with its value ends the program, and what it has started: their files can be removed at once")
{
    const TempFolder folder;
    {
        const auto program = browser({"--user-data-dir=" + folder.path().string()});
        ask(*program, "Test.say", {{"text", "up"}});
        CHECK(next_of(*program) == "up");
        std::error_code held;
        CHECK_FALSE(fs::remove(folder / "held by the helper", held));
    }
    CHECK(fs::remove(folder / "held by the browser"));
    CHECK(fs::remove(folder / "held by the helper"));
}
