// How a running browser was started, from /proc.

#include "../platform/linux_launch.h"
#include "catch.h"
#include "testing.h"

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
