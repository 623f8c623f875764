// What launchers say about where browsers keep their things.

#include "inventory/launchers.h"

#include <array>

#include "inventory/moved_places.h"
#include "profiles/all.h"
#include "tests/fixtures/catch.h"
#include "tests/fixtures/families.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::put;
using Words = std::vector<std::string>;

TEST_CASE("the words of a launcher")
{
    const auto [line, words] = GENERATE(table<std::string, Words>({
        {"chromium %U", {"chromium"}},
        {"/usr/bin/chromium --user-data-dir=/a/b --x %u", {"/usr/bin/chromium", "--user-data-dir=/a/b", "--x"}},
        {R"(chromium "--user-data-dir=/a b/c" --y)", {"chromium", "--user-data-dir=/a b/c", "--y"}},
        {R"(chromium --user-data-dir="/a \"b\"/c")", {"chromium", R"(--user-data-dir=/a "b"/c)"}},
        {"chromium '--user-data-dir=/a b'", {"chromium", "--user-data-dir=/a b"}},
        {R"(sh -c "chromium --user-data-dir=$HOME/x")", {"sh", "-c", "chromium", "--user-data-dir=$HOME/x"}},
        {R"(chromium "")", {"chromium", ""}},
        {"  ", {}},
        {R"("not closed --x)", {"not closed --x"}},
        {"end\\", {"end\\"}},
    }));
    CAPTURE(line);
    CHECK(words_of_exec(line) == words);
}

TEST_CASE("launchers of the user and of the system, also those that are links; nothing else", "[not-windows]")
{
    const testing::TempFolder folder;
    Machine machine = Machine::at_home(folder / "home", Os::linux_os);
    machine.folders["usr"] = folder / "usr";
    put(folder / "home/.local/share/applications/a.desktop",
        "[Desktop Entry]\nName=x\nExec=chromium --disk-cache-dir=/c\n[Desktop Action new]\nExec=chromium --x\n");
    put(folder / "usr/share/applications/b.desktop", "Exec=google-chrome --user-data-dir=/d %U\n");
    put(folder / "usr/share/applications/b.txt", "Exec=google-chrome --user-data-dir=/no\n");
    put(folder / "else", "Exec=vivaldi --user-data-dir=/e\n");
    fs::create_symlink(folder / "else", folder / "usr/share/applications/c.desktop");
    fs::create_symlink(folder / "nowhere", folder / "usr/share/applications/d.desktop");
    constexpr std::array<std::string_view, 2> beginnings{"--user-data-dir=", "--disk-cache-dir="};
    std::set<Words> found;
    for (const CommandLine& command : launcher_commands(machine, beginnings)) {
        CHECK(command.source.starts_with("launcher /"));
        found.insert(command.words);
    }
    CHECK(found == std::set<Words>{{"chromium", "--disk-cache-dir=/c"},
                                   {"google-chrome", "--user-data-dir=/d"},
                                   {"vivaldi", "--user-data-dir=/e"}});
    machine.os = Os::macos;
    CHECK(launcher_commands(machine, beginnings).empty());
}

TEST_CASE("whose command line it is, and what it moves")
{
    const Machine machine = Machine::at_home("/home/ann", Os::linux_os);
    const auto [words, browser, data, cache] = GENERATE(table<Words, std::string, std::string, std::string>({
        {{"/usr/bin/google-chrome-stable", "--user-data-dir=/d"}, "chrome", "/d", ""},
        {{"/opt/google/chrome/chrome", "--user-data-dir=/d", "--disk-cache-dir=/c"}, "chrome", "/d", "/c"},
        {{"/opt/google/chrome-beta/chrome", "--user-data-dir=/d"}, "chrome-beta", "/d", ""},
        {{"/usr/lib/chromium/chromium", "--user-data-dir=/a", "--user-data-dir=/d"}, "chromium", "/d", ""},
        {{"env", "A=b", "chromium", "--user-data-dir=~/d"}, "chromium", "/home/ann/d", ""},
        {{"sh", "-c", "chromium", "--disk-cache-dir=$HOME/c"}, "chromium", "", "/home/ann/c"},
        {{"flatpak", "run", "com.google.Chrome", "--user-data-dir=/d"}, "chrome", "/d", ""},
        {{"chromium", "--user-data-dir=d"}, "", "", ""},
        {{"chromium", "--user-data-dir="}, "", "", ""},
        {{"chromium", "--user-data-dir=$OTHER/d"}, "", "", ""},
        {{"code", "--user-data-dir=/d"}, "", "", ""},
        {{"code", "https://x/chromium", "--user-data-dir=/d"}, "", "", ""},
        {{}, "", "", ""},
    }));
    CAPTURE(words);
    const std::vector<CommandLine> commands{{words, "source"}};
    std::size_t found = 0;
    for (const Adapter& adapter : testing::all_adapters()) {
        for (const Moved& moved : moved_by_commands(adapter, machine, commands)) {
            CHECK(adapter.id == browser);
            CHECK(moved.data == data);
            CHECK(moved.cache == cache);
            CHECK(moved.why == "source");
            ++found;
        }
    }
    CHECK(found == (browser.empty() ? 0 : 1));
}
