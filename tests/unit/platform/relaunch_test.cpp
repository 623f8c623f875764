// How a running browser was started, from /proc.

#include "platform/linux/relaunch.h"

#include <algorithm>
#include <array>

#include "tests/fixtures/catch.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace unstick::testing;

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

TEST_CASE("which program a process runs; its name alone where the system shows no path")
{
    const TempFolder proc;
    put(proc.path() / "7/comm", "cron\n");
    CHECK(program_of_process(proc.path(), 7).value() == "cron");
    fs::create_symlink("/usr/sbin/cron (deleted)", proc.path() / "7/exe");
    CHECK(program_of_process(proc.path(), 7).value() == "/usr/sbin/cron");
    CHECK(program_of_process(proc.path(), 8).error().code == Code::not_found);
}

TEST_CASE("what opens and cannot be read, as of a process that ends just then, is no command and no failure")
{
    const TempFolder proc;
    fs::create_directories(proc.path() / "7/cmdline");  // reading a folder fails
    fs::create_directories(proc.path() / "7/comm");
    constexpr std::array<std::string_view, 1> switches = {"--user-data-dir"};
    CHECK(commands_in(proc.path(), switches, "/home/ann").empty());
    CHECK(program_of_process(proc.path(), 7).error().code == Code::not_found);
    fs::create_symlink("/opt/chrome", proc.path() / "7/exe");
    CHECK(command_of_process(proc.path(), 7).value() == std::vector<std::string>{"/opt/chrome"});
}

TEST_CASE("commands with a switch, of programs that run for this home folder")
{
    const TempFolder proc;
    const std::string zero(1, '\0');
    const auto add = [&](const std::string& number, const std::string& words, const std::string& variables) {
        put(proc.path() / number / "cmdline", words);
        put(proc.path() / number / "environ", variables);
    };
    const std::string ann = "A=b" + zero + "HOME=/home/ann" + zero;
    add("1", "chromium" + zero + "--user-data-dir=/d" + zero + "x" + zero, ann);
    add("2", "chromium" + zero + "--disk-cache-dir=/c" + zero, ann);
    add("3", "chromium" + zero + "--user-data-dir=/d" + zero, "HOME=/home/anna" + zero);
    add("4", "chromium" + zero + "--user-data-dir=/d" + zero, "");  // somebody else's: its variables are not shown
    add("5", "chromium" + zero + "--x" + zero + "a--user-data-dir=/d" + zero, ann);
    add("self", "chromium" + zero + "--user-data-dir=/d" + zero, ann);
    put(proc.path() / "6/cmdline", "");
    constexpr std::array<std::string_view, 2> beginnings{"--user-data-dir=", "--disk-cache-dir="};
    auto found = commands_in(proc.path(), beginnings, "/home/ann");
    std::sort(found.begin(), found.end());
    CHECK(found == std::vector<std::vector<std::string>>{{"chromium", "--disk-cache-dir=/c"},
                                                         {"chromium", "--user-data-dir=/d", "x"}});
    CHECK(commands_in(proc.path() / "none", beginnings, "/home/ann").empty());
}
