// What goes to a terminal: columns, colours, and the line of what is being done.

#include "main/terminal_style.h"

#include <condition_variable>
#include <map>
#include <mutex>

#include "base/display_width.h"
#include "base/text.h"
#include "main/progress_line.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

using Environment = std::map<std::string, std::string>;

Screen screen(bool terminal, int columns, const Environment& environment)
{
    return screen_of(terminal, columns, [&](const std::string& name) {
        const auto found = environment.find(name);
        return found == environment.end() ? "" : found->second;
    });
}

/// What was written to a terminal, and a way to wait for it.
class Written {
public:
    void add(const std::string& bytes)
    {
        const std::lock_guard lock(mutex_);
        bytes_ += bytes;
        more_.notify_all();
    }
    /// False if it does not come for a long time.
    bool comes(const std::string& text)
    {
        std::unique_lock lock(mutex_);
        return more_.wait_for(lock, 60s, [&] { return bytes_.find(text) != std::string::npos; });
    }
    std::string bytes()
    {
        const std::lock_guard lock(mutex_);
        return bytes_;
    }

private:
    std::mutex mutex_;
    std::condition_variable more_;
    std::string bytes_;
};

}  // namespace

TEST_CASE("columns are those of a terminal")
{
    CHECK(columns_of("") == 0);
    CHECK(columns_of("plain") == 5);
    CHECK(columns_of("ümläut") == 6);
    CHECK(columns_of("u\u0308") == 1);  // a letter and its mark
    CHECK(columns_of("日本語") == 6);
    CHECK(columns_of("한국어") == 6);
    CHECK(columns_of("ﾊﾝｶｸ") == 4);  // half-width
    CHECK(columns_of("🍪") == 2);
    CHECK(columns_of("Русский") == 7);
    CHECK(columns_of("\xff") == 1);
}

TEST_CASE("text is padded and cut by columns")
{
    CHECK(padded("日本", 6) == "日本  ");
    CHECK(padded("long enough", 3) == "long enough");
    CHECK(cut("short", 5) == "short");
    CHECK(cut("longer", 5) == "lo...");
    CHECK(cut("日本語日本語", 8) == "日本...");  // half of a wide character is not shown
    CHECK(cut("longer", 2) == "..");
    CHECK(cut("longer", 0).empty());
}

TEST_CASE("lines are wrapped by columns")
{
    CHECK(wrapped("日本 日本 日本", 10, 0) == "日本 日本\n日本");
    CHECK(wrapped("ümläut ümläut", 13, 0) == "ümläut ümläut");
}

TEST_CASE("a terminal is coloured unless somebody says no, a file only if somebody says so")
{
    CHECK(screen(true, 80, {}).color);
    CHECK(screen(true, 80, {{"TERM", "xterm-256color"}}).color);
    CHECK_FALSE(screen(false, 80, {}).color);
    CHECK_FALSE(screen(true, 80, {{"TERM", "dumb"}}).color);
    CHECK_FALSE(screen(true, 80, {{"NO_COLOR", "1"}}).color);
    CHECK_FALSE(screen(true, 80, {{"NO_COLOR", "0"}}).color);  // any value (no-color.org)
    CHECK_FALSE(screen(true, 80, {{"CLICOLOR", "0"}}).color);
    CHECK(screen(false, 80, {{"FORCE_COLOR", "1"}}).color);
    CHECK(screen(false, 80, {{"CLICOLOR_FORCE", "1"}}).color);
    CHECK_FALSE(screen(false, 80, {{"FORCE_COLOR", "0"}}).color);
    CHECK_FALSE(screen(false, 80, {{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}}).color);
}

TEST_CASE("a line is drawn anew only on a terminal that can do it")
{
    CHECK(screen(true, 80, {}).redraw);
    CHECK(screen(true, 80, {{"NO_COLOR", "1"}}).redraw);
    CHECK_FALSE(screen(true, 80, {{"TERM", "dumb"}}).redraw);
    CHECK_FALSE(screen(false, 80, {{"FORCE_COLOR", "1"}}).redraw);
}

TEST_CASE("the width is the terminal's, as far as text can be read in it")
{
    CHECK(screen(true, 100, {}).width == 100);
    CHECK(screen(true, 60, {}).width == 60);
    CHECK(screen(true, 10, {}).width == 40);
    CHECK(screen(true, 300, {}).width == 120);
    CHECK(screen(true, 0, {}).width == 80);
    CHECK(screen(false, 132, {}).width == 80);
}

TEST_CASE("the line of what is being done says how far it is, and fits")
{
    CHECK(progress_line({"looking into Chromium Default", 0, 5}, 0s, 80) ==
          "[--------------------] 1 of 5: looking into Chromium Default");
    CHECK(progress_line({"asking the site again", 4, 5}, 3s, 80) ==
          "[################----] 5 of 5: asking the site again (3 s)");
    CHECK(progress_line({"working", 0, 0}, 0s, 80) == "working");
    CHECK(progress_line({"working", 9, 5}, 0s, 80) == "[####################] 5 of 5: working");
    CHECK(progress_line({"\x1b[2J", 0, 0}, 0s, 80) == "\\x1B[2J");
    for (int columns = 0; columns < 100; ++columns) {
        const std::string line = progress_line({"looking into 日本語 日本語 日本語 日本語", 1, 5}, 1000s, columns);
        CAPTURE(columns, line);
        CHECK(columns_of(line) <= static_cast<std::size_t>(std::max(columns - 1, 0)));
    }
}

TEST_CASE("the line comes when work lasts, follows it, and is gone before anything else is written")
{
    Written written;
    {
        ProgressLine line([&](const std::string& bytes) { written.add(bytes); }, 80);
        line.show({"the first thing", 0, 2});
        CHECK(written.comes("the first thing"));
        CHECK(written.comes("(2 s)"));  // it is alive
        line.show({"the second thing", 1, 2});
        CHECK(written.comes("the second thing"));
        line.clear();
        CHECK(written.bytes().ends_with("\r\x1b[K"));
        line.show({"the third thing", 1, 2});
        CHECK(written.comes("the third thing"));
    }
    CHECK(written.bytes().ends_with("\r\x1b[K"));
    CHECK(written.bytes().find('\n') == std::string::npos);
}

TEST_CASE("nothing is written where nothing was shown")
{
    Written written;
    {
        ProgressLine line([&](const std::string& bytes) { written.add(bytes); }, 80);
        line.clear();
    }
    CHECK(written.bytes().empty());
}

TEST_CASE("a command counts its stages: each a step further, never more than there are")
{
    for (const Command command :
         {Command::fix, Command::why, Command::test, Command::undo, Command::profiles, Command::doctor}) {
        unstick::testing::Home home("chrome", {"stuck.test"});
        if (command == Command::undo) {
            REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
        }
        Reply page;
        page.status = 200;
        home.host.replies["https://stuck.test/"] = {page};
        std::vector<Progress> seen;
        Console console;
        console.progress = [&](const Progress& now) { seen.push_back(now); };
        Request request = home.request(command);
        request.retest = command == Command::undo ? Retest::none : Retest::http;
        run(request, home.host, adapters(), console);
        CAPTURE(name_of(command));
        REQUIRE_FALSE(seen.empty());
        CHECK(seen.front().done == 0);
        for (std::size_t i = 0; i < seen.size(); ++i) {
            CAPTURE(seen[i].what, seen[i].done, seen[i].total);
            CHECK(seen[i].done < seen[i].total);
            CHECK((i == 0 || seen[i].done > seen[i - 1].done));
        }
        CHECK(seen.back().done + 1 == seen.back().total);
    }
}
