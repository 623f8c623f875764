// What every report for a terminal keeps to.

#include <algorithm>
#include <sstream>

#include "base/display_width.h"
#include "tests/fixtures/reports.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace testing::reports;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string without_colors(const std::string& text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\x1b') {
            i = std::min(text.find('m', i), text.size() - 1);
        } else {
            plain += text[i];
        }
    }
    return plain;
}

/// Nothing in it but text, line ends and, if wanted, our own colours.
bool is_harmless(const std::string& text)
{
    const bool control = std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == '\x7f';
    });
    const bool reordered = text.find("\xE2\x80\xAE") != std::string::npos;  // U+202E: from right to left
    const bool c1 = text.find("\xC2\x9B") != std::string::npos;             // U+009B: starts a sequence like ESC [
    return !control && !reordered && !c1;
}

}  // namespace

TEST_CASE("what files and servers say cannot take over the terminal")
{
    for (const char* command : {"fix", "undo", "runs", "profiles", "doctor", "test"}) {
        Report report = hostile_report();
        report.command = command;
        for (const bool verbose : {false, true}) {
            const std::string text = to_text(report, {false, verbose, false, 80});
            CAPTURE(command, text);
            CHECK(is_harmless(text));
            CHECK_THAT(text, Contains("\\x1B]0;owned\\x07"));
        }
        CHECK(is_harmless(without_colors(to_text(report, {true, true, false, 80}))));
        CHECK(is_harmless(to_json(report)));
        CHECK(is_harmless(to_html(report)));
    }
}

TEST_CASE("lines have at most the terminal's columns where words allow, and no blanks at their ends")
{
    for (const Example& example : examples) {
        for (const bool verbose : {false, true}) {
            for (const int width : {40, 60, 80, 120}) {
                for (const std::string& line : lines_of(to_text(example.make(), {false, verbose, false, width}))) {
                    const auto text = std::min(line.find_first_not_of(' '), line.size());
                    const bool command = line.find("-> unstick ") != std::string::npos;  // whole, to be copied
                    const std::size_t words = text + (line.compare(text, 2, "- ") == 0 ? 2 : 0);
                    // An address with what stands before it: "302 https://...".
                    const std::size_t first = line.find(' ', words);
                    const bool one_word = command || first == std::string::npos ||
                                          line.substr(first + 1).size() >= static_cast<std::size_t>(width) - first - 1;
                    CAPTURE(example.name, line, width);
                    CHECK((columns_of(line) <= static_cast<std::size_t>(width) || one_word));
                    CHECK_FALSE(line.ends_with(' '));
                }
            }
        }
    }
}

TEST_CASE("columns are counted, not bytes")
{
    Report report = runs_report();
    report.runs[0].site = "日本.例え";
    const std::string row = lines_of(to_text(report, {})).at(1);
    CHECK_THAT(row, Contains("日本.例え" + std::string(8, ' ') + "   15  done"));
    report.runs[1].site = "a-name-that-is-so-long.that-no-table.of-eighty-columns.has-room-for.it.example";
    const auto lines = lines_of(to_text(report, {}));
    CHECK(lines.at(0) == "20261124T030000Z-a1b2");
    CHECK(lines.at(1) == "    2026-11-24 03:00 +00:00, 日本.例え, 15 items, done");
}

TEST_CASE("times are those of the place, with how far it is from UTC")
{
    TextOptions options;
    options.offset_of = [](std::int64_t) -> std::int64_t { return -12600; };
    CHECK_THAT(to_text(runs_report(), options), Contains("2026-11-23 23:30 -03:30"));
}

TEST_CASE("the same problem of many places is one line with a count")
{
    Report report;
    report.command = "profiles";
    for (const char* place : {"/a", "/b", "/c", "/d"}) {
        report.problems.push_back({Code::denied, place, "cannot open it: Permission denied", "run it as its user"});
    }
    report.problems.push_back({Code::io, "/e", "another one", ""});
    const std::string text = to_text(report, {});
    CHECK_THAT(text, Contains("problem: /a and 3 more: cannot open it"));
    CHECK_THAT(text, !Contains("/b") && Contains("problem: /e: another one"));
    report.problems.resize(2);
    CHECK_THAT(to_text(report, {}), Contains("problem: /b: cannot open it"));
}

TEST_CASE("a command at the end of a step is not broken")
{
    Report report;
    report.next = {
        "A sentence of some length, so that both do not fit on a line: unstick fix example.com --also b.example",
        "Short: unstick undo"};
    const auto lines = lines_of(to_text(report, {}));
    CHECK(lines.at(1) == "     unstick fix example.com --also b.example");
    CHECK(lines.at(2) == "  -> Short: unstick undo");
}

TEST_CASE("a narrow terminal gets narrow paragraphs")
{
    const std::string text = to_text(problems_report(), {false, false, true, 50});
    for (const std::string& line : lines_of(text)) {
        CAPTURE(line);
        CHECK(line.size() <= 55);  // the path is longer than words
    }
    CHECK(lines_of(text).size() > lines_of(to_text(problems_report(), {false, false, true, 100})).size());
}

TEST_CASE("colour adds colour and nothing else")
{
    for (const Example& example : examples) {
        for (const bool verbose : {false, true}) {
            const Report report = example.make();
            const std::string plain = to_text(report, {false, verbose, false, 80});
            const std::string colored = to_text(report, {true, verbose, false, 80});
            CAPTURE(example.name);
            CHECK(plain.find('\x1b') == std::string::npos);
            CHECK(colored.find('\x1b') != std::string::npos);
            CHECK(without_colors(colored) == plain);
            for (const std::string& line : lines_of(colored)) {  // a pager shows single lines
                CHECK((line.find('\x1b') == std::string::npos || line.find("\x1b[0m") != std::string::npos));
            }
        }
    }
}

TEST_CASE("a good end is green, everything else red")
{
    const auto color_of = [](Exit code) {
        Report report = runs_report();
        report.exit_code = code;
        const std::string text = to_text(report, {true, false, false, 80});
        const std::string before = text.substr(0, text.find(report.verdict.text.substr(0, 10)));
        return before.substr(std::min(before.rfind('\x1b'), before.size()));
    };
    CHECK(color_of(Exit::ok) == "\x1b[32m");
    CHECK(color_of(Exit::nothing_found) == "\x1b[32m");
    for (const Exit bad : {Exit::internal, Exit::usage, Exit::partial, Exit::still_refused, Exit::not_this_browser,
                           Exit::unreachable, Exit::in_use, Exit::denied, Exit::cancelled}) {
        CHECK(color_of(bad) == "\x1b[31m");
    }
}

TEST_CASE("quiet says nothing if all went well")
{
    Report report = fix_report();
    report.problems.clear();
    report.retest_problems.clear();
    report.exit_code = Exit::ok;
    CHECK(to_text(report, {false, false, true, 80}).empty());
    CHECK_FALSE(to_text(report, {false, false, false, 80}).empty());
    report.exit_code = Exit::still_refused;
    CHECK_FALSE(to_text(report, {false, false, true, 80}).empty());
}

TEST_CASE("quiet leaves the verdict, the next steps and the problems")
{
    const std::string text = to_text(fix_report(), {false, false, true, 80});
    CHECK_THAT(text, Contains("15 items removed") && Contains("problem: ") && Contains("sign in again"));
    CHECK_THAT(text, !Contains("Google Chrome, profile") && !Contains("unstick undo"));
}
