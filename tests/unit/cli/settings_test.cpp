// Options that come from the environment and from the configuration file.

#include "tests/fixtures/command_line.h"

using namespace unstick;
using namespace testing::command_line;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

TEST_CASE("the command line wins, then the environment, then the configuration file")
{
    const std::string config = "retries=5\n";
    const Environment environment{{"UNSTICK_RETRIES", "4"}};
    CHECK(request({"a.com"}, {}, config).probe.retries == 5);
    CHECK(request({"a.com"}, environment, config).probe.retries == 4);
    CHECK(request({"a.com", "--retries", "3"}, environment, config).probe.retries == 3);
    CHECK(request({"a.com"}, {{"UNSTICK_RETRIES", ""}}, config).probe.retries == 5);
}

TEST_CASE("every option has a variable and a line of the configuration file")
{
    for (const Option& option : options) {
        std::string variable = "UNSTICK_";
        for (const char c : option.name) {
            variable += c == '-' ? '_' : static_cast<char>(std::toupper(c));
        }
        const std::string value = option.argument.empty() ? "1" : value_for(option);
        for (const CommandHelp& help : command_helps) {
            if ((option.commands & bit(help.command)) == 0) {
                // One environment serves all commands: what does not belong here is ignored, not refused.
                request(line_of(help.command), {{variable, value}}, std::string(option.name) + "=" + value);
                continue;
            }
            Arguments arguments = line_of(help.command);
            for (const std::string& companion : companions_of(option)) {
                arguments.push_back(companion);
            }
            request(arguments, {{variable, value}});
            request(arguments, {}, std::string(option.name) + "=" + value);
        }
    }
    CHECK(request({"a.com"}, {{"UNSTICK_DRY_RUN", "1"}}).dry_run);
    CHECK(request({"a.com"}, {{"UNSTICK_USER_DATA_DIR", "/d"}}).user_data_dir == "/d");
    CHECK(request({"a.com"}, {}, "also = b.org\nalso=c.net\n").site->names() == Arguments{"a.com", "b.org", "c.net"});
}

TEST_CASE("who asked is known from a command line that is wrong, too")
{
    const auto asked = [](const Arguments& arguments, const Environment& environment = {}, const char* config = "") {
        return output_preference_of(
            arguments,
            [&](const std::string& name) {
                const auto found = environment.find(name);
                return found == environment.end() ? "" : found->second;
            },
            config);
    };
    CHECK(asked({"why", "--jsn", "--json"}).json);
    CHECK(asked({"why", "--jsn", "--json"}).command == Command::why);
    CHECK(asked({"--what", "a.com"}).command == Command::fix);
    CHECK_FALSE(asked({"why"}).json);
    CHECK(asked({}, {{"UNSTICK_JSON", "1"}}).json);
    CHECK(asked({}, {}, "json=1").json);
    CHECK_FALSE(asked({}, {{"UNSTICK_JSON", "0"}}, "json=1").json);
    CHECK(asked({"--json"}, {{"UNSTICK_JSON", "0"}}).json);
    CHECK_FALSE(asked({}, {}, "what is this").json);
}

TEST_CASE("a switch outside the command line is on or off")
{
    for (const std::string on : {"1", "yes", "true"}) {
        CHECK(request({"a.com"}, {{"UNSTICK_YES", on}}).yes);
    }
    for (const std::string off : {"0", "no", "false"}) {
        CHECK_FALSE(request({"a.com"}, {{"UNSTICK_YES", off}}).yes);
        CHECK_FALSE(request({"a.com"}, {{"UNSTICK_YES", off}}, "yes=1").yes);
    }
    CHECK(request({"a.com", "--yes"}, {{"UNSTICK_YES", "0"}}).yes);
    CHECK(refusal({"a.com"}, {{"UNSTICK_YES", "maybe"}}).where == "UNSTICK_YES");
}

TEST_CASE("the configuration file has comments, empty lines, blanks and any line ends")
{
    const Request read = request({"a.com"}, {}, "# note\r\n\r\n  retries = 7 \r\n\tprofile\t=\tMy = Profile\n#yes=1");
    CHECK(read.probe.retries == 7);
    CHECK(read.profile == "My = Profile");
    CHECK_FALSE(read.yes);
}

TEST_CASE("a line of the configuration file that says nothing is an error")
{
    const auto [config, line, hint] = GENERATE(table<std::string, std::string, std::string>({
        {"retries=1\nretry=2\n", "line 2", ""},
        {"dry-run\n", "line 1", "a line is like `dry-run=1`"},
        {"timeout 5\n", "line 1", ""},
        {"\n\ndryrun=1", "line 3", "did you mean --dry-run? A line is like `dry-run=1`, without dashes in front."},
        {"=1", "line 1", ""},
        {"--yes=1", "line 1", ""},
        {std::string("\0\xFF\x1b[31m", 7), "line 1", ""},
    }));
    const Error error = refusal({"a.com"}, {}, config);
    CHECK_THAT(error.where, Contains("configuration file, " + line));
    if (!hint.empty()) {
        CHECK(error.hint == hint);
    }
}

TEST_CASE("a weaker option that contradicts a stronger one is left out")
{
    CHECK(request({"a.com", "--only", "cookies"}, {}, "with=passwords").kinds == std::set{Kind::cookies});
    CHECK(request({"a.com", "--with", "passwords"}, {{"UNSTICK_ONLY", "cookies"}}).kinds.contains(Kind::cache));
    CHECK(request({"a.com", "--all-profiles"}, {{"UNSTICK_PROFILE", "A"}}).profile.empty());
    CHECK(request({"a.com", "--profile", "A"}, {}, "all-profiles=1").profile == "A");
    CHECK(request({"a.com", "--home", "/h"}, {}, "user-data-dir=/d").user_data_dir.empty());
    CHECK(request({"a.com", "--user-data-dir", "/d"}, {{"UNSTICK_HOME", "/h"}}).home.empty());
    CHECK(request({"a.com", "--verbose"}, {}, "quiet=1").verbose);
    CHECK_FALSE(request({"a.com", "--quiet"}, {{"UNSTICK_VERBOSE", "1"}}).verbose);
    CHECK(request({"a.com", "--host"}, {}, "url=https://b.com/").site->target().host == "a.com");
    CHECK(request({"a.com"}, {{"UNSTICK_ALL_PROFILES", "0"}}, "profile=A").profile == "A");
    CHECK(refusal({"a.com"}, {}, "only=cookies\nwith=cache\n").where == "configuration file, with");
    CHECK(refusal({"a.com"}, {{"UNSTICK_ALL_PROFILES", "perhaps"}}).where == "UNSTICK_ALL_PROFILES");
}

TEST_CASE("what is wrong in a variable or the configuration file is named there")
{
    CHECK(refusal({"a.com"}, {{"UNSTICK_RETRIES", "many"}}).where == "UNSTICK_RETRIES");
    CHECK(refusal({"a.com"}, {}, "retries=many").where == "configuration file, retries");
    CHECK(refusal({"a.com", "--retries", "many"}, {{"UNSTICK_RETRIES", "1"}}).where == "--retries");
}
