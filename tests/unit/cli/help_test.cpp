// What help, version and the manual page say.

#include "cli/help.h"

#include <algorithm>
#include <sstream>

#include "base/version.h"
#include "tests/fixtures/command_line.h"

using namespace unstick;
using namespace testing::command_line;
using Catch::Matchers::Contains;

TEST_CASE("without any argument there is no site: how it is right")
{
    CHECK(refusal({}).where == "SITE");
    CHECK_THAT(refusal({}).hint, Contains("unstick example.com") && Contains("unstick --help"));
    CHECK_THAT(short_help(), Contains("unstick --help") && Contains("unstick undo"));
}

TEST_CASE("version and help are asked for in the usual ways")
{
    const std::string facts = shown({"--version"});
    CHECK(facts.starts_with(std::string("unstick ") + version + "\n"));
    CHECK_THAT(facts, Contains("\ncommit ") && Contains("\nbuilt by ") && Contains(", curl ") && Contains(", SQLite "));
    const std::string help = shown({"--help"});
    CHECK(shown({"-h"}) == short_help());
    const auto lines_in = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
    CHECK(lines_in(shown({"-h"})) <= 24);
    CHECK_THAT(shown({"why", "-h"}), Contains("unstick why SITE") && Contains("unstick why --help"));
    CHECK(lines_in(shown({"why", "-h"})) <= 24);
    CHECK(shown({"help"}) == help);
    CHECK(shown({"a.com", "--help"}) == help);
    const Parsed nonsense = parse({"help", "fixx"});
    REQUIRE_FALSE(nonsense);
    CHECK(nonsense.error().code == Code::usage);
    CHECK_THAT(nonsense.error().hint, Contains("fix"));
    CHECK(shown({"help", "man"}) == man_page());
    for (const CommandHelp& command : command_helps) {
        const std::string name(name_of(command.command));
        const std::string of_command = shown({"help", name});
        CHECK_THAT(help, Contains(std::string(command.usage)));
        CHECK_THAT(of_command, Contains("Usage: " + std::string(command.usage)));
        CHECK(shown({name, "--help"}) == of_command);
        CHECK(shown({"--help", name}) == of_command);
    }
}

TEST_CASE("the help of a command lists its options and no others")
{
    for (const CommandHelp& command : command_helps) {
        const std::string help = shown({"help", std::string(name_of(command.command))});
        for (const Option& option : options) {
            const bool listed =
                help.find("--" + std::string(option.name) + " " + std::string(option.argument)) != std::string::npos;
            CAPTURE(name_of(command.command), option.name);
            CHECK(listed == ((option.commands & bit(command.command)) != 0));
        }
    }
}

TEST_CASE("help has at most 80 columns and no blanks at line ends")
{
    std::vector<std::string> texts{short_help(), shown({"--help"})};
    for (const CommandHelp& command : command_helps) {
        texts.push_back(shown({"help", std::string(name_of(command.command))}));
    }
    for (const std::string& text : texts) {
        CHECK(text.ends_with("\n"));
        for (const std::string& line : lines_of(text)) {
            CAPTURE(line);
            CHECK(line.size() <= 80);
            CHECK_FALSE(line.ends_with(' '));
        }
    }
}

TEST_CASE("every exit code and kind of data is explained")
{
    const std::string help = shown({"--help"});
    for (const int code : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130}) {
        CHECK_THAT(help, Contains("\n  " + std::to_string(code) + " "));
    }
    for (const KindInfo& kind : kinds) {
        CHECK_THAT(help, Contains("\n  " + std::string(kind.name) + " "));
    }
}

TEST_CASE("the manual page names every command, option and kind")
{
    const std::string page = man_page();
    CHECK(page.starts_with(".TH UNSTICK 1 \"20"));
    for (const Option& option : options) {
        std::string escaped = "\\-\\-";
        for (const char c : option.name) {
            escaped += c == '-' ? std::string("\\-") : std::string(1, c);
        }
        CHECK_THAT(page, Contains(escaped));
    }
    for (const std::string& line : lines_of(page)) {
        CAPTURE(line);
        CHECK_FALSE(line.empty());
        CHECK_FALSE(line.starts_with("'"));
        if (line.starts_with(".")) {
            CHECK((line[1] == 'B' || line[1] == 'I' || line[1] == 'S' || line[1] == 'T' || line == ".br"));
        }
    }
}

TEST_CASE("long help is as wide as it may be, but for what is copied")
{
    for (const int width : {40, 60, 120}) {
        std::istringstream lines(general_help(width) + help_of(Command::why, width) + help_of(Command::fix, width));
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(width, line);
            const bool is_copied = line.starts_with("  unstick ") || line.starts_with("  --") ||
                                   line.find_first_not_of(' ') == line.find("--") || line.starts_with("Usage: ") ||
                                   line.find("  (only when named)") != line.npos ||
                                   line.find("saved sign-ins") != line.npos;
            CHECK((is_copied || line.size() <= static_cast<std::size_t>(width)));
        }
    }
}
