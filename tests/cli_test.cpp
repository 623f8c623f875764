// The command line: what each option asks for, what wins, what is refused, and the help.

#include "../src/cli.h"

#include <sstream>

#include "../src/help.h"
#include "../src/options.h"
#include "../src/version.h"
#include "testing.h"

using namespace unstick;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

using Arguments = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;
using Parsed = Result<std::variant<Request, Show>>;

Parsed parse(const Arguments& arguments, const Environment& environment = {}, const std::string& config = "")
{
    const auto getenv = [&](const std::string& name) {
        const auto found = environment.find(name);
        return found == environment.end() ? "" : found->second;
    };
    return parse_command_line(arguments, getenv, config);
}

std::string joined(const Arguments& arguments)
{
    std::string line = "unstick";
    for (const std::string& argument : arguments) {
        line += " " + argument;
    }
    return line;
}

Request request(const Arguments& arguments, const Environment& environment = {}, const std::string& config = "")
{
    const Parsed parsed = parse(arguments, environment, config);
    INFO(joined(arguments));
    INFO((parsed ? "" : parsed.error().where + ": " + parsed.error().what));
    REQUIRE(parsed);
    REQUIRE(std::holds_alternative<Request>(*parsed));
    return std::get<Request>(*parsed);
}

Error refusal(const Arguments& arguments, const Environment& environment = {}, const std::string& config = "")
{
    const Parsed parsed = parse(arguments, environment, config);
    INFO(joined(arguments));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Code::usage);
    return parsed.error();
}

std::string shown(const Arguments& arguments)
{
    const Parsed parsed = parse(arguments);
    INFO(joined(arguments));
    REQUIRE(parsed);
    REQUIRE(std::holds_alternative<Show>(*parsed));
    return std::get<Show>(*parsed).text;
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// A command line that is right without any option.
Arguments line_of(Command command)
{
    Arguments arguments{std::string(name_of(command))};
    if (command == Command::fix || command == Command::why || command == Command::test) {
        arguments.emplace_back("example.com");
    }
    return arguments;
}

/// A right value for each option that takes one.
std::string value_for(const Option& option)
{
    const std::map<std::string_view, std::string> special{
        {"os", "macos"},
        {"only", "cookies"},
        {"with", "passwords"},
        {"keep", "cache"},
        {"also", "example.org"},
        {"retest", "none"},
        {"url", "https://b.test/"},
        {"retries", "3"},
        {"timeout", "3"},
        {"expect-status", "204"},
        {"older-than", "7d"},
        {"rule", "dead-token"},
        {"resolve", "a.com:443:192.0.2.1"},
    };
    const auto found = special.find(option.name);
    return found == special.end() ? "value" : found->second;
}

/// What has to stand beside an option.
Arguments companions_of(const Option& option)
{
    return option.name == "os"                                              ? Arguments{"--home", "/h"}
           : option.name == "older-than"                                    ? Arguments{"--purge"}
           : option.name == "expect-text"                                   ? Arguments{"--retest", "browser"}
           : option.name == "password-stdin" || option.name == "plain-http" ? Arguments{"--user", "ann"}
                                                                            : Arguments{};
}

}  // namespace

// --- Commands and arguments ---

TEST_CASE("the first argument is a command or the site to fix")
{
    CHECK(request({"example.com"}).command == Command::fix);
    CHECK(request({"fix", "example.com"}).command == Command::fix);
    CHECK(request({"test", "example.com"}).command == Command::test);
    CHECK(request({"undo"}).command == Command::undo);
    CHECK(request({"runs"}).command == Command::runs);
    CHECK(request({"profiles"}).command == Command::profiles);
    CHECK(request({"fix", "runs"}).site->name() == "runs");
    CHECK(request({"--dry-run", "fix", "example.com"}).command == Command::fix);
    CHECK(request({"example.com"}).site->target().text() == "https://example.com/");
    CHECK_FALSE(request({"undo"}).site);
}

TEST_CASE("undo takes a run, or none for the last one")
{
    CHECK(request({"undo"}).run.empty());
    CHECK(request({"undo", "20261124-1"}).run == "20261124-1");
}

TEST_CASE("arguments that are missing, too many, or no site")
{
    CHECK(refusal({"fix"}).where == "SITE");
    CHECK(refusal({"test"}).where == "SITE");
    CHECK(refusal({"--dry-run"}).where == "SITE");
    CHECK_THAT(refusal({"a.com", "b.com"}).hint, Contains("--also"));
    CHECK_THAT(refusal({"runs", "x"}).what, Contains("too many"));
    CHECK_THAT(refusal({"undo", "x", "y"}).what, Contains("too many"));
    CHECK_THAT(refusal({"co.uk"}).what, Contains("public suffix"));
    refusal({""});
    refusal({"ftp://example.com/"});
    refusal({"example.com", "--also", "co.uk"});
    refusal({"example.com", "--url", "ftp://example.com/"});
}

TEST_CASE("what a terminal could obey is never repeated as it is")
{
    CHECK_THAT(refusal({"--\x1b[31m"}).where, !Contains("\x1b"));
    CHECK_THAT(refusal({"a.com", "\x1b[31m"}).where, !Contains("\x1b"));
    CHECK_THAT(refusal({"a.com", "--only", "\x1b[31m"}).what, !Contains("\x1b"));
}

// --- Every option ---

TEST_CASE("where to look")
{
    CHECK(request({"a.com", "--browser", "chrome,edge"}).browsers == Arguments{"chrome", "edge"});
    CHECK(request({"a.com", "--browser=,chrome,,"}).browsers == Arguments{"chrome"});
    CHECK(request({"a.com"}).browsers.empty());
    CHECK(request({"a.com", "--profile", "Profile 1"}).profile == "Profile 1");
    CHECK(request({"a.com", "--all-profiles"}).profile.empty());
    CHECK(request({"a.com", "--user-data-dir", "/d"}).user_data_dir == "/d");
    CHECK(request({"profiles", "--home", "/h"}).home == "/h");
    CHECK_FALSE(request({"profiles", "--home", "/h"}).os);
    CHECK(request({"a.com", "--home", "/h", "--os", "windows"}).os == Os::windows);
    CHECK(request({"a.com", "--home", "/h", "--os", "macos"}).os == Os::macos);
    CHECK(request({"a.com", "--home", "/h", "--os", "linux"}).os == Os::linux_os);
}

TEST_CASE("what to remove")
{
    CHECK(request({"a.com"}).kinds == std::set{Kind::cookies, Kind::cache, Kind::storage, Kind::auth});
    CHECK(request({"a.com", "--only", "cookies"}).kinds == std::set{Kind::cookies});
    CHECK(request({"a.com", "--only", "cookies,permissions"}).kinds == std::set{Kind::cookies, Kind::permissions});
    CHECK(request({"a.com", "--only", "cookies,cache", "--keep", "cache"}).kinds == std::set{Kind::cookies});
    CHECK(request({"a.com", "--with", "passwords,network"}).kinds ==
          std::set{Kind::cookies, Kind::cache, Kind::storage, Kind::auth, Kind::passwords, Kind::network});
    CHECK(request({"a.com", "--keep", "storage,auth"}).kinds == std::set{Kind::cookies, Kind::cache});
    CHECK(request({"a.com", "--with", "passwords", "--keep", "passwords"}).kinds == default_kinds());
}

TEST_CASE("whose data")
{
    const Site whole = *request({"https://app.example.com/login"}).site;
    CHECK(whole.owns_host("www.example.com"));
    const Site host = *request({"https://app.example.com/login", "--host"}).site;
    CHECK(host.owns_host("app.example.com"));
    CHECK_FALSE(host.owns_host("www.example.com"));
    const Site both = *request({"example.com", "--also", "a.org", "--also=b.net"}).site;
    CHECK(both.names() == Arguments{"example.com", "a.org", "b.net"});
    const Site other_target = *request({"example.com", "--url", "http://login.test/x"}).site;
    CHECK(other_target.name() == "example.com");
    CHECK(other_target.target().text() == "http://login.test/x");
    CHECK_FALSE(other_target.owns_host("login.test"));
}

TEST_CASE("the whole cache goes only when asked for, and only with the cache")
{
    CHECK_FALSE(request({"a.com"}).whole_cache);
    CHECK(request({"a.com", "--whole-cache"}).whole_cache);
    CHECK(request({"a.com", "--only", "cache", "--whole-cache"}).whole_cache);
    CHECK(request({"a.com", "--only", "cookies,cache", "--whole-cache"}).whole_cache);
    CHECK_FALSE(parse({"a.com", "--whole-cache", "--keep", "cache"}));
    CHECK_FALSE(parse({"a.com", "--whole-cache", "--only", "cookies"}));
}

TEST_CASE("how to do it")
{
    const Request plain = request({"a.com"});
    CHECK_FALSE(plain.dry_run);
    CHECK_FALSE(plain.yes);
    CHECK_FALSE(plain.close);
    CHECK_FALSE(plain.no_undo);
    CHECK(request({"a.com", "--dry-run"}).dry_run);
    CHECK(request({"a.com", "-n"}).dry_run);
    CHECK(request({"a.com", "--yes"}).yes);
    CHECK(request({"undo", "-y"}).yes);
    CHECK(request({"undo", "--close"}).close);
    CHECK_FALSE(request({"undo", "--close"}).reopen);
    CHECK(request({"undo", "--reopen"}).reopen);
    CHECK(request({"undo", "--reopen"}).close);
    CHECK(request({"a.com", "--no-undo"}).no_undo);
    const Request several = request({"-nyv", "a.com"});
    CHECK(several.dry_run);
    CHECK(several.yes);
    CHECK(several.verbose);
}

TEST_CASE("how to test")
{
    const Request plain = request({"a.com"});
    CHECK(plain.retest == Retest::http);
    CHECK(plain.probe.retries == 2);
    CHECK(plain.probe.max_redirects == 20);
    CHECK(plain.probe.http.timeout == 15s);
    CHECK_FALSE(plain.probe.expect_status);
    CHECK(request({"a.com", "--retest", "none"}).retest == Retest::none);
    CHECK(request({"a.com", "--retest=http"}).retest == Retest::http);
    CHECK(request({"a.com", "--retest=http"}).send_cookies);
    CHECK(request({"a.com", "--retest", "clean"}).retest == Retest::http);
    CHECK_FALSE(request({"a.com", "--retest", "clean"}).send_cookies);
    CHECK(request({"test", "a.com", "--user", "ann"}).user == "ann");
    CHECK(request({"test", "a.com", "--flush-dns"}).flush_dns);
    CHECK(request({"test", "a.com", "--retries", "0"}).probe.retries == 0);
    CHECK(request({"test", "a.com", "--retries", "20"}).probe.retries == 20);
    CHECK(request({"test", "a.com", "--timeout", "3600"}).probe.http.timeout == 1h);
    CHECK(request({"test", "a.com", "--proxy", "http://p:1"}).probe.http.proxy == "http://p:1");
    CHECK(request({"test", "a.com", "--cacert", "ca.pem"}).probe.http.cacert == "ca.pem");
    CHECK(request({"test", "a.com", "--expect-status", "204"}).probe.expect_status == 204);
    CHECK(request({"test", "a.com", "--resolve", "a:1:b", "--resolve", "c:2:d"}).probe.http.resolve ==
          Arguments{"a:1:b", "c:2:d"});
}

TEST_CASE("runs and output")
{
    CHECK_FALSE(request({"runs"}).purge);
    CHECK(request({"runs", "--purge"}).purge);
    CHECK(request({"runs", "--purge"}).older_than == 0s);
    CHECK(request({"runs", "--purge", "--older-than", "7d"}).older_than == 168h);
    CHECK(request({"runs", "--purge", "--older-than", "12h"}).older_than == 12h);
    CHECK(request({"runs", "--purge", "--older-than", "30m"}).older_than == 30min);
    CHECK(request({"runs", "--purge", "--older-than", "5s"}).older_than == 5s);
    CHECK(request({"runs", "--json"}).json);
    CHECK(request({"runs", "-q"}).quiet);
    CHECK(request({"runs", "--quiet"}).quiet);
    CHECK(request({"runs", "-v"}).verbose);
    CHECK(request({"runs", "--verbose"}).verbose);
    CHECK(request({"runs", "--no-color"}).no_color);
    CHECK(request({"runs", "--log", "/l"}).log == "/l");
    CHECK(request({"why", "a.com", "--report", "r.html"}).report_file == "r.html");
    CHECK(request({"runs", "--state-dir", "/s"}).state_dir == "/s");
}

TEST_CASE("what findings name")
{
    CHECK(request({"why", "a.com"}).command == Command::why);
    CHECK_FALSE(request({"a.com"}).stale);
    CHECK(request({"a.com", "--stale"}).stale);
    CHECK(request({"a.com", "--stale"}).rules.empty());
    CHECK(request({"a.com", "--rule", "dead-token,shadowed-cookie"}).stale);
    CHECK(request({"a.com", "--rule", "dead-token,shadowed-cookie"}).rules.size() == 2);
    CHECK(request({"a.com", "--escalate"}).escalate);
    CHECK(refusal({"a.com", "--rule", "shadowed-cooky"}).hint == "did you mean shadowed-cookie?");
}

TEST_CASE("every option is taken by its commands and refused by the others")
{
    for (const Option& option : options) {
        for (const CommandHelp& help : command_helps) {
            Arguments arguments = line_of(help.command);
            arguments.push_back("--" + std::string(option.name));
            if (!option.argument.empty()) {
                arguments.push_back(value_for(option));
            }
            const bool belongs = (option.commands & bit(help.command)) != 0;
            if (belongs) {
                for (const std::string& companion : companions_of(option)) {
                    arguments.push_back(companion);
                }
                request(arguments);
            } else {
                const Error error = refusal(arguments);
                CHECK(error.where == "--" + std::string(option.name));
                CHECK_THAT(error.what, Contains("does not belong to `unstick " + std::string(name_of(help.command))));
            }
        }
    }
}

TEST_CASE("an option with a value needs one, a switch takes none")
{
    for (const Option& option : options) {
        Arguments arguments{"--" + std::string(option.name)};
        if (option.argument.empty()) {
            arguments.front() += "=x";
        }
        const Error error = refusal(arguments);
        CHECK(error.where == "--" + std::string(option.name));
        CHECK_THAT(error.what, Contains(option.argument.empty() ? "takes no value" : "needs a value"));
    }
}

TEST_CASE("what is wrong in a variable or the configuration file is named there")
{
    CHECK(refusal({"a.com"}, {{"UNSTICK_RETRIES", "many"}}).where == "UNSTICK_RETRIES");
    CHECK(refusal({"a.com"}, {}, "retries=many").where == "configuration file, retries");
    CHECK(refusal({"a.com", "--retries", "many"}, {{"UNSTICK_RETRIES", "1"}}).where == "--retries");
}

TEST_CASE("values that cannot be")
{
    const auto [arguments, where] = GENERATE(table<Arguments, std::string>({
        {{"a.com", "--only", "biscuits"}, "--only"},
        {{"a.com", "--only", ""}, "--only"},
        {{"a.com", "--only", ","}, "--only"},
        {{"a.com", "--keep", "cookies,cache,storage,auth"}, "--keep"},
        {{"a.com", "--retest", "brwoser"}, "--retest"},
        {{"a.com", "--expect-text", "hello"}, "--expect-text"},
        {{"test", "a.com", "--user", ""}, "--user"},
        {{"test", "a.com", "--password-stdin"}, "--password-stdin"},
        {{"test", "a.com", "--plain-http"}, "--plain-http"},
        {{"a.com", "--rule", "shadowed-cooky"}, "--rule"},
        {{"a.com", "--rule", ","}, "--rule"},
        {{"a.com", "--escalate", "--stale"}, "--escalate"},
        {{"a.com", "--escalate", "--rule", "dead-token"}, "--escalate"},
        {{"a.com", "--escalate", "--retest", "none"}, "--escalate"},
        {{"a.com", "--os", "beos", "--home", "/h"}, "--os"},
        {{"a.com", "--retries", "-1"}, "--retries"},
        {{"a.com", "--retries", "21"}, "--retries"},
        {{"a.com", "--retries", "2x"}, "--retries"},
        {{"a.com", "--retries", ""}, "--retries"},
        {{"a.com", "--retries", "99999999999999999999"}, "--retries"},
        {{"a.com", "--resolve", "a.com"}, "--resolve"},
        {{"a.com", "--resolve", "a.com:443"}, "--resolve"},
        {{"a.com", "--resolve", "a.com:443:"}, "--resolve"},
        {{"a.com", "--resolve", ":443:192.0.2.1"}, "--resolve"},
        {{"a.com", "--resolve", "a.com:https:192.0.2.1"}, "--resolve"},
        {{"a.com", "--timeout", "0"}, "--timeout"},
        {{"a.com", "--timeout", "3601"}, "--timeout"},
        {{"a.com", "--expect-status", "99"}, "--expect-status"},
        {{"a.com", "--expect-status", "600"}, "--expect-status"},
        {{"runs", "--purge", "--older-than", "7"}, "--older-than"},
        {{"runs", "--purge", "--older-than", "d"}, "--older-than"},
        {{"runs", "--purge", "--older-than", "0d"}, "--older-than"},
        {{"runs", "--purge", "--older-than", "-1d"}, "--older-than"},
        {{"runs", "--purge", "--older-than", "1d2h"}, "--older-than"},
        {{"runs", "--purge", "--older-than", "9999999d"}, "--older-than"},
        {{"runs", "--purge", "--older-than", "99999999999999999999d"}, "--older-than"},
    }));
    CHECK(refusal(arguments).where == where);
}

TEST_CASE("a single value cannot be given twice")
{
    CHECK_THAT(refusal({"a.com", "--profile", "A", "--profile", "B"}).what, Contains("more than once"));
    CHECK_THAT(refusal({"a.com", "--retries", "1", "--retries", "2"}).what, Contains("more than once"));
    CHECK(request({"a.com", "--yes", "-y", "--yes"}).yes);
}

TEST_CASE("combinations that contradict themselves")
{
    const auto [arguments, where] = GENERATE(table<Arguments, std::string>({
        {{"a.com", "--only", "cookies", "--with", "cache"}, "--with"},
        {{"a.com", "--host", "--url", "https://b.com/"}, "--host"},
        {{"a.com", "--os", "linux"}, "--os"},
        {{"a.com", "--home", "/h", "--user-data-dir", "/d"}, "--home"},
        {{"a.com", "--profile", "A", "--all-profiles"}, "--all-profiles"},
        {{"a.com", "--all-users", "--report", "r.html"}, "--all-users"},
        {{"a.com", "--quiet", "--verbose"}, "--quiet"},
        {{"runs", "--older-than", "7d"}, "--older-than"},
    }));
    CHECK(refusal(arguments).where == where);
}

// --- Typing errors ---

TEST_CASE("what was probably meant is named")
{
    const auto [arguments, where, hint] = GENERATE(table<Arguments, std::string, std::string>({
        {{"a.com", "--dryrun"}, "--dryrun", "did you mean --dry-run?"},
        {{"a.com", "--dry_run"}, "--dry_run", "did you mean --dry-run?"},
        {{"a.com", "--brwoser=chrome"}, "--brwoser", "did you mean --browser?"},
        {{"a.com", "--hlep"}, "--hlep", "did you mean --help?"},
        {{"a.com", "--dry"}, "--dry", "did you mean --dry-run?"},
        {{"a.com", "--expect=200"}, "--expect", "did you mean --expect-status?"},
        {{"a.com", "--ury"}, "--ury", "did you mean --url?"},
        {{"a.com", "--dri"}, "--dri", "unstick --help lists all options"},
        {{"a.com", "--frobnicate"}, "--frobnicate", "unstick --help lists all options"},
        {{"a.com", "-x"}, "-x", "unstick --help lists all options"},
        {{"rnus"}, "rnus", "did you mean runs?"},
        {{"profile"}, "profile", "did you mean profiles?"},
        {{"tets", "-v"}, "tets", "did you mean test?"},
    }));
    const Error error = refusal(arguments);
    CHECK(error.where == where);
    CHECK(error.hint == hint);
}

TEST_CASE("a site whose name is nearly a command is a site")
{
    const std::string site = GENERATE("te.st", "un.do", "fi.xx", "runs:80", "intranet", "http://rnus/");
    CHECK(request({site}).command == Command::fix);
    CHECK(request({"fix", "rnus"}).site->name() == "rnus");
}

TEST_CASE("how a browser is opened for the re-test")
{
    const Request asked =
        request({"why", "a.com", "--retest", "browser", "--browser-program", "/opt/b",
                 "--browser-argument=--no-sandbox", "--browser-argument", "-x", "--expect-text", "Hi"});
    CHECK(asked.retest == Retest::browser);
    CHECK(asked.probe.browser.program == "/opt/b");
    CHECK(asked.probe.browser.arguments == Arguments{"--no-sandbox", "-x"});
    CHECK(asked.probe.browser.expect_text == "Hi");
}

TEST_CASE("an option that was cut off is not guessed")
{
    refusal({"a.com", "--dry-ru"});
    refusal({"a.com", "--expect", "200"});
}

// --- Environment and configuration file ---

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
        return asker_of(
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
        {"dry-run\n", "line 1", ""},
        {"\n\ndryrun=1", "line 3", "did you mean --dry-run?"},
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

// --- Help ---

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
    CHECK(shown({"-h"}) == help);
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
    CHECK(page.starts_with(".TH UNSTICK 1"));
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

TEST_CASE("no two options share a name or a letter")
{
    std::set<std::string_view> names{"help", "version"};
    std::set<char> letters{'h'};
    for (const Option& option : options) {
        CHECK(names.insert(option.name).second);
        CHECK((option.letter == 0 || letters.insert(option.letter).second));
        CHECK_FALSE(option.help.empty());
    }
}
