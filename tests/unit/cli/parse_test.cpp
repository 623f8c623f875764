// What the command line means, and what is said about wrong ones.

#include "tests/fixtures/command_line.h"

using namespace unstick;
using namespace testing::command_line;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

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
    CHECK_THAT(refusal({"runs", "x", "y"}).what, Contains("too many"));
    CHECK_THAT(refusal({"undo", "x", "y"}).what, Contains("too many"));
    CHECK_THAT(refusal({"co.uk"}).what, Contains("public suffix"));
    refusal({""});
    refusal({"ftp://example.com/"});
    refusal({"example.com", "--also", "co.uk"});
    refusal({"example.com", "--url", "ftp://example.com/"});
}

TEST_CASE("several sites, named and from a file, in their order")
{
    const auto names = [](const Request& asked) {
        Arguments all{asked.site->name()};
        for (const SiteAsked& more : asked.more_sites) {
            all.push_back(more.site.name());
        }
        return all;
    };
    CHECK(names(request({"a.com"})) == Arguments{"a.com"});
    CHECK(names(request({"fix", "a.com", "<https://www.b.com/x>"})) == Arguments{"a.com", "b.com"});
    CHECK(request({"a.com", "<https://b.com/>"}).more_sites.at(0).notes.size() == 1);
    CHECK(request({"a.com", "<https://b.com/>"}).notes.empty());
    const auto with_file = [](const Arguments& words) {
        return parse_command_line(
            words, [](const std::string&) { return std::string(); }, "", "", {},
            [](const std::string& file) -> Result<std::string> {
                return file == "list" ? Result<std::string>("# ours\n\n b.com \r\nc.com\n")
                       : file == "-"  ? Result<std::string>("d.com")
                                      : fail(Code::not_found, file, "there is no such file");
            });
    };
    CHECK(names(std::get<Request>(*with_file({"why", "a.com", "--sites-from", "list"}))) ==
          Arguments{"a.com", "b.com", "c.com"});
    CHECK(names(std::get<Request>(*with_file({"--sites-from", "-"}))) == Arguments{"d.com"});
    CHECK_FALSE(with_file({"--sites-from", "nowhere"}));
    CHECK(refusal({"a.com", "undo"}).hint == "unstick undo a.com");
    CHECK_THAT(refusal({"a.com", "clear"}).what, Contains("no such command"));
    CHECK_THAT(refusal({"a.com", "co.uk"}).what, Contains("public suffix"));
    for (const Arguments& more : {Arguments{"--url", "https://a.com/x"}, {"--report", "r.html"}, {"--all-users"}}) {
        Arguments words{"a.com", "b.com"};
        words.insert(words.end(), more.begin(), more.end());
        CHECK_THAT(refusal(words).what, Contains("one site at a time"));
    }
}

TEST_CASE("cookies to be kept")
{
    CHECK(request({"a.com", "--keep-cookie", "trusted*", "--keep-cookie=device"}).keep_cookies ==
          Arguments{"trusted*", "device"});
    CHECK(refusal({"a.com", "--keep-cookie="}).where == "--keep-cookie");
    CHECK_THAT(refusal({"why", "a.com", "--keep-cookie", "x"}).what, Contains("does not belong"));
}

TEST_CASE("what a terminal could obey is never repeated as it is")
{
    CHECK_THAT(refusal({"--\x1b[31m"}).where, !Contains("\x1b"));
    CHECK_THAT(refusal({"a.com", "\x1b[31m"}).where, !Contains("\x1b"));
    CHECK_THAT(refusal({"a.com", "--only", "\x1b[31m"}).what, !Contains("\x1b"));
}

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
    CHECK_FALSE(plain.log_to);
    CHECK(request({"a.com", "--log-to", "journal"}).log_to == SystemLog::Kind::journal);
    CHECK(request({"a.com", "--log-to", "syslog"}).log_to == SystemLog::Kind::syslog);
    CHECK(request({"a.com", "--log-to", "eventlog"}).log_to == SystemLog::Kind::eventlog);
    CHECK(request({"a.com", "--retest=http"}).retest == Retest::http);
    CHECK(request({"a.com", "--retest=http"}).send_cookies);
    CHECK(request({"a.com", "--retest", "clean"}).retest == Retest::http);
    CHECK_FALSE(request({"a.com", "--retest", "clean"}).send_cookies);
    CHECK(request({"why", "a.com", "--har", "r.har"}).har == "r.har");
    CHECK(request({"why", "a.com", "--har", "r.har"}).retest == Retest::none);
    CHECK(request({"test", "a.com", "--user", "ann"}).user == "ann");
    CHECK(request({"test", "a.com", "--flush-dns"}).flush_dns);
    CHECK(request({"test", "a.com", "--retries", "0"}).probe.retries == 0);
    CHECK(request({"test", "a.com", "--retries", "20"}).probe.retries == 20);
    CHECK(request({"test", "a.com", "--timeout", "3600"}).probe.http.timeout == 1h);
    CHECK(request({"test", "a.com", "--proxy", "http://p:1"}).probe.http.proxy == "http://p:1");
    CHECK(request({"test", "a.com", "--cacert", "ca.pem"}).probe.http.cacert == "ca.pem");
    CHECK(request({"test", "a.com", "--expect-status", "204"}).probe.expect_status == 204);
    CHECK(request({"test", "a.com", "--resolve", "A:1:192.0.2.1", "--resolve", "[::1]:2:::2"}).probe.http.resolve ==
          Arguments{"a:1:192.0.2.1", "[::1]:2:[::2]"});
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

TEST_CASE("values that cannot be")
{
    const auto [arguments, where] = GENERATE(table<Arguments, std::string>({
        {{"a.com", "--only", "biscuits"}, "--only"},
        {{"a.com", "--only", ""}, "--only"},
        {{"a.com", "--only", ","}, "--only"},
        {{"a.com", "--keep", "cookies,cache,storage,auth"}, "--keep"},
        {{"a.com", "--retest", "brwoser"}, "--retest"},
        {{"a.com", "--retest", ""}, "--retest"},
        {{"a.com", "--expect-text", "hello"}, "--expect-text"},
        {{"a.com", "--expect-url", "https://a.com/"}, "--expect-url"},
        {{"a.com", "--retest", "browser", "--expect-url", "home"}, "--expect-url"},
        {{"a.com", "--stuck-text", "Loading"}, "--stuck-text"},
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
        {{"a.com", "--resolve", "a.com:99999:192.0.2.1"}, "--resolve"},
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
        {{"why", "a.com", "--har", "r.har", "--retest", "browser"}, "--har"},
    }));
    CHECK(refusal(arguments).where == where);
}

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
        {{"fx"}, "fx", "did you mean fix?"},
        {{"fxi", "a.com"}, "fxi", "did you mean fix?"},
        {{"wy", "a.com"}, "wy", "did you mean why?"},
        {{"clear", "a.com"}, "clear", "did you mean unstick fix?"},
        {{"List"}, "List", "did you mean unstick profiles?"},
        {{"history"}, "history", "did you mean unstick runs?"},
        {{"version"}, "version", "did you mean unstick --version?"},
        {{"/?"}, "/?", "did you mean unstick --help?"},
    }));
    const Error error = refusal(arguments);
    CHECK(error.where == where);
    CHECK(error.hint == hint);
}

TEST_CASE("an address that was pasted is read, and said")
{
    const Request pasted = request({"<https://a.com/x?code=1>,", "--also", " b.com ", "--url", "https:/c.com"});
    CHECK(pasted.site->names() == std::vector<std::string>{"a.com", "b.com"});
    CHECK(pasted.site->target().host == "c.com");
    REQUIRE(pasted.notes.size() == 3);
    CHECK(pasted.notes[0] == "The address was read as https://a.com/x.");
    CHECK(request({"a.com/path"}).notes.empty());
    CHECK(refusal({"<>"}).where == "<>");
    CHECK(request({"fix", "list"}).site->name() == "list");
}

TEST_CASE("a site whose name is nearly a command is a site")
{
    const std::string site = GENERATE("te.st", "un.do", "fi.xx", "runs:80", "intranet", "http://rnus/");
    CHECK(request({site}).command == Command::fix);
    CHECK(request({"fix", "rnus"}).site->name() == "rnus");
}

TEST_CASE("how a browser is opened for the re-test")
{
    const Request asked = request({"why", "a.com", "--retest", "browser", "--browser-program", "/opt/b",
                                   "--browser-argument=--no-sandbox", "--browser-argument", "-x", "--expect-text", "Hi",
                                   "--expect-url", "https://a.com/in", "--stuck-text", "Loading"});
    CHECK(asked.retest == Retest::browser);
    CHECK(asked.probe.browser.program == "/opt/b");
    CHECK(asked.probe.browser.arguments == Arguments{"--no-sandbox", "-x"});
    CHECK(asked.probe.browser.expect_text == "Hi");
    CHECK(asked.probe.browser.expect_url == "https://a.com/in");
    CHECK(asked.probe.browser.stuck_text == "Loading");
}

TEST_CASE("only what is proved: the browser itself is asked, within so many visits")
{
    const Request least = request({"a.com", "--least", "--visits", "30", "--expect-text", "Hi"});
    CHECK(least.least);
    CHECK(least.retest == Retest::browser);
    CHECK(least.visits == 30);
    CHECK(request({"why", "a.com", "--retest", "browser"}).visits == 12);
    CHECK(request({"why", "a.com", "--retest", "browser", "--visits", "0"}).visits == 0);
    CHECK(request({"a.com", "--least", "--retest", "http"}).retest == Retest::http);
    refusal({"a.com", "--least", "--retest", "none"});
    refusal({"a.com", "--least", "--retest", "clean"});
    refusal({"a.com", "--least", "--stale"});
    refusal({"a.com", "--least", "--escalate"});
    refusal({"why", "a.com", "--least"});
    CHECK(request({"why", "a.com", "--visits", "3"}).visits == 3);
    refusal({"a.com", "--visits", "3", "--retest", "none"});
}

TEST_CASE("an option that was cut off is not guessed")
{
    refusal({"a.com", "--dry-ru"});
    refusal({"a.com", "--expect", "200"});
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
