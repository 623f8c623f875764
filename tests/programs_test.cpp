// Real programs, run and started.

#include <chrono>

#include "../platform/linux_launch.h"
#include "../platform/programs.h"
#include "catch.h"
#include "home.h"

using namespace unstick;
using namespace unstick::testing;
using std::chrono::seconds;

TEST_CASE("a program's input, output, messages and exit code go through, and no shell reads its arguments")
{
    const auto ran =
        run_program({"sh", "-c", "cat; echo \"$1\" >&2; exit 7", "sh", "$(id) * '"}, "in\nput", seconds(20));
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

TEST_CASE("how to start a browser again: its program and switches, no addresses; snaps and flatpaks by their launchers")
{
    const TempFolder proc;
    const auto process = [&](const fs::path& program, const std::string& words) {
        fs::remove_all(proc.path() / "7");
        put(proc.path() / "7/cmdline", words);
        fs::create_symlink(program, proc.path() / "7/exe");
        return command_of_process(proc.path(), 7);
    };
    using Words = std::vector<std::string>;
    const std::string zero(1, '\0');
    const std::string words = "chrome" + zero + "--user-data-dir=/my folder" + zero +
                              "https://stuck.test/?code=SECRET" + zero + "--ozone-platform=wayland" + zero +
                              "page.html" + zero;
    CHECK(process("/opt/chrome", words).value() ==
          Words{"/opt/chrome", "--user-data-dir=/my folder", "--ozone-platform=wayland"});
    CHECK(process("/opt/chrome (deleted)", "chrome" + zero).value() == Words{"/opt/chrome"});
    CHECK(process("/opt/chrome", "").value() == Words{"/opt/chrome"});
    CHECK(process("/snap/chromium/2900/usr/lib/chromium-browser/chrome", words).value() ==
          Words{"snap", "run", "chromium", "--user-data-dir=/my folder", "--ozone-platform=wayland"});
    process("/app/brave/brave", "");
    put(proc.path() / "7/root/.flatpak-info", "[Application]\nname=com.brave.Browser\nruntime=x\n");
    CHECK(command_of_process(proc.path(), 7).value() == Words{"flatpak", "run", "com.brave.Browser"});
    CHECK(command_of_process(proc.path(), 8).error().code == Code::not_found);
}
