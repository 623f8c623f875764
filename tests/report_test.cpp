// The three forms of a report, compared with golden files: tests/golden/NAME.txt, NAME.json and NAME.html.
// UNSTICK_APPROVE=1 writes them anew; look at the difference before you commit it.

#include "../src/report.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "../src/columns.h"
#include "../src/verdict.h"
#include "../src/version.h"
#include "testing.h"

using namespace unstick;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

// --- Comparing ---

/// The version changes with every release; the golden files do not.
std::string without_version(std::string text)
{
    const std::string number = version;
    for (const std::string before : {"\"version\": \"", "Made by unstick ", "unstick</th><td>"}) {
        if (const auto at = text.find(before + number); at != std::string::npos) {
            text.replace(at + before.size(), number.size(), "VERSION");
        }
    }
    return text;
}

void check_golden(const std::string& file, const std::string& text)
{
    const fs::path golden = fs::path(UNSTICK_GOLDEN) / file;
    const char* const approve = std::getenv("UNSTICK_APPROVE");
    if (approve != nullptr && std::string_view(approve) == "1") {
        unstick::testing::put(golden, text);
    }
    INFO(golden.string() << ": UNSTICK_APPROVE=1 writes it anew");
    REQUIRE(fs::exists(golden));
    CHECK(text == unstick::testing::get(golden));
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

// --- Reports ---

ProfileReport chrome_profile()
{
    ProfileReport profile;
    profile.browser = "chrome";
    profile.browser_label = "Google Chrome";
    profile.profile = "Default";
    profile.name = "Person 1";
    profile.path = "/home/user/.config/google-chrome/Default";
    profile.stores = {
        {Kind::cookies, "Cookies", "Cookies", "24", 12, 12, 3482, {"session at .example.com /", "id at example.com /"}},
        {Kind::cache,
         "HTTP cache",
         "/home/user/.cache/google-chrome/Default/Cache",
         "",
         1,
         1,
         1048576,
         {"https://example.com/app.js"}},
        {Kind::storage, "Local storage", "Local Storage/leveldb", "1", 3, 2, 900, {"https://example.com: token"}},
    };
    return profile;
}

Probe page_probe()
{
    Probe probe;
    probe.hops = {{"https://example.com/", 302, "https://example.com/login?state=...", {"session", "csrf"}},
                  {"https://example.com/login?state=...", 200, "", {}}};
    probe.final_url = "https://example.com/login?state=...";
    probe.status = 200;
    probe.server_date_skew_s = -2;
    return probe;
}

Probe refusing_probe()
{
    Probe probe;
    probe.hops = {{"https://example.com/api", 401, "", {}}};
    probe.final_url = "https://example.com/api";
    probe.status = 401;
    probe.challenges = parse_challenges(
        {"Bearer realm=\"api\", error=\"invalid_token\", error_description=\"The access token expired\""},
        probe.final_url);
    probe.server_date_skew_s = 4000;
    probe.correlation = {{"x-request-id", "7f3a"}, {"cf-ray", "8d1-FRA"}};
    probe.attempts = 3;
    return probe;
}

Report fix_report()
{
    Report report;
    report.command = "fix";
    report.site = "example.com";
    report.target = "https://example.com/";
    report.run = "20261124T030000Z-a1b2";
    report.begun_at = 1795489200;
    report.profiles = {chrome_profile()};
    report.problems = {{Code::locked, "/home/user/.config/google-chrome/Profile 2",
                        "Google Chrome is running and has this profile open", "close it, or add --close"}};
    report.before = page_probe();
    report.before->asked_at = 1795489201;
    report.after = page_probe();
    report.after->asked_at = 1795489207;
    conclude_fix(report, {report.before, report.after, {}, 16, 15, false});
    return report;
}

Report dry_run_report()
{
    Report report;
    report.command = "fix";
    report.site = "example.com";
    report.dry_run = true;
    report.profiles = {chrome_profile()};
    for (StoreReport& store : report.profiles.front().stores) {
        store.removed = 0;
    }
    conclude_fix(report, {{}, {}, {}, 16, 0, true});
    return report;
}

Report not_this_browser_report()
{
    Report report;
    report.command = "fix";
    report.site = "example.com";
    report.target = "https://example.com/api";
    report.before = refusing_probe();
    conclude_fix(report, {report.before, {}, {}, 0, 0, false});
    return report;
}

Report test_report()
{
    Report report;
    report.command = "test";
    report.site = "example.com";
    report.target = "https://example.com/api";
    report.before = refusing_probe();
    conclude_test(report, *report.before, {});
    return report;
}

Report no_answer_report()
{
    Report report;
    report.command = "test";
    report.site = "example.com";
    report.target = "https://example.com/";
    Probe probe;
    probe.hops = {{"https://example.com/", 0, "", {}}};
    probe.final_url = "https://example.com/";
    probe.error_code = "dns";
    probe.error_text = "its name cannot be looked up (DNS)";
    report.before = probe;
    conclude_test(report, probe, {});
    return report;
}

Report why_report()
{
    Report report;
    report.command = "why";
    report.site = "example.com";
    report.target = "https://example.com/";
    report.profiles = {chrome_profile()};
    report.profiles.front().in_use = true;
    for (StoreReport& store : report.profiles.front().stores) {
        store.removed = 0;
    }
    report.before = page_probe();
    Finding twice;
    twice.rule = "shadowed-cookie";
    twice.confidence = Confidence::high;
    twice.where = "chrome/Default";
    twice.what = "session: stored for the site and for a part of it; the server gets both and may take the wrong one.";
    twice.evidence = {
        {"names", "session"}, {"cookie", "session of .example.com/"}, {"cookie", "session of app.example.com/"}};
    twice.fix = "unstick fix example.com --rule shadowed-cookie --browser chrome --profile Default";
    twice.items = {{0, 0, 0}, {0, 0, 1}};
    Finding clock;
    clock.rule = "wrong-clock";
    clock.confidence = Confidence::low;
    clock.where = "example.com";
    clock.what = "This computer's clock is 90 seconds behind the site's; sign-ins fail on that.";
    clock.evidence = {{"skew_s", "90"}};
    clock.advice = "set this computer's clock (let it follow the network's time)";
    report.findings = {twice, clock};
    conclude_why(report, {}, 16);
    return report;
}

Report undo_report()
{
    Report report;
    report.command = "undo";
    report.site = "example.com";
    report.run = "20261124T030000Z-a1b2";
    report.profiles = {chrome_profile()};
    report.problems = {{Code::exists, "/home/user/.config/google-chrome/Default: Local storage",
                        "https://example.com: token came back in the meantime; the newer one was kept",
                        "nothing is to be done, unless you want the older one"}};
    report.verdict = {"partly-restored", "15 of 16 items are back."};
    report.exit_code = Exit::partial;
    return report;
}

Report runs_report()
{
    Report report;
    report.command = "runs";
    report.runs = {{"20261124T030000Z-a1b2", 1795489200, "example.com", "done", 2, 15, 40960},
                   {"20261123T120000Z-0c0d", 1795435200, "login.example.org", "applying", 1, 3, 100},
                   {"20261122T120000Z-ffff", 0, "", "damaged", 0, 0, 0}};
    report.purged = 1;
    report.verdict = {"listed", "Undo one with: unstick undo RUN"};
    return report;
}

Report profiles_report()
{
    Report report;
    report.command = "profiles";
    ProfileReport free = chrome_profile();
    ProfileReport busy;
    busy.browser = "edge";
    busy.browser_label = "Microsoft Edge";
    busy.profile = "Profile 2";
    busy.path = "/home/user/.config/microsoft-edge/Profile 2";
    busy.in_use = true;
    busy.use = "process 4711 holds its lock";
    for (StoreReport& store : free.stores) {
        store.found = store.removed = store.bytes = 0;
        store.labels.clear();
    }
    report.profiles = {free, busy};
    report.verdict = {"listed", "2 profiles found."};
    return report;
}

Report doctor_report()
{
    Report report = profiles_report();
    report.command = "doctor";
    report.checks = {{"/home/user/.local/state/unstick", "journals can be kept here, 12.0 GB are free"},
                     {"Google Chrome, profile Default", "closed; 3 stores, all of forms that unstick knows"}};
    report.problems = {{Code::locked, "/home/user/.config/microsoft-edge/Profile 2",
                        "Microsoft Edge has this profile open (process 4711 holds its lock)",
                        "close it and run unstick again, or add --close"}};
    report.verdict = {"not-all-ready", "unstick cannot work on everything here; what to do is named above."};
    report.exit_code = Exit::in_use;
    return report;
}

Report problems_report()
{
    Report report;
    report.command = "fix";
    report.site = "example.com";
    ProfileReport busy = chrome_profile();
    busy.in_use = true;
    busy.use = "process 4711";
    busy.stores.clear();
    report.profiles = {busy};
    for (const Code code : {Code::usage, Code::not_found, Code::denied, Code::locked, Code::corrupt, Code::unsupported,
                            Code::changed, Code::exists, Code::io}) {
        report.problems.push_back(
            {code, "/home/user/.config/google-chrome/Default/Cookies",
             "this is a clause that is so long that it does not fit into one line of eighty columns",
             code == Code::io ? ""
                              : "and this says what to do next, at some length too, so that it has to be wrapped"});
    }
    conclude_fix(report, {{}, {}, {}, 3, 0, false});
    return report;
}

/// Every text that comes from files or servers tries to take over the terminal, or the page.
Report hostile_report()
{
    const std::string evil =
        "\x1b]0;owned\x07\x1b[2J\r\n\tx\xC2\x9B\xE2\x80\xAE\x7f\xFF\xC3</title></"
        "style>--><script>document.title='owned'"
        "</script><img src=https://evil.test/x onerror=\"document.title='owned'\">'\"&lt;{}";
    Report report = fix_report();
    report.findings = why_report().findings;
    for (Finding& finding : report.findings) {
        finding.where = finding.what = finding.fix = finding.advice = evil;
        finding.evidence = {{"names", evil}};
    }
    report.checks = {{evil, evil}};
    report.site = evil;
    report.target = evil;
    report.run = evil;
    report.before->method = "http";
    for (ProfileReport& profile : report.profiles) {
        profile.profile = profile.name = profile.path = profile.use = evil;
        for (StoreReport& store : profile.stores) {
            store.path = store.version = evil;
            store.labels = {evil};
        }
    }
    ProfileReport busy = report.profiles.front();
    busy.in_use = true;
    report.profiles.push_back(busy);
    for (auto* probe : {&report.before, &report.after}) {
        (*probe)->hops = {{evil, 401, evil, {evil}}};
        (*probe)->final_url = (*probe)->error_text = evil;
        (*probe)->challenges = parse_challenges(
            {"Bearer realm=\"" + evil + "\", error_description=\"" + evil + "\", error=\"" + evil + "\", \x1b[0m",
             evil},
            evil);
        (*probe)->correlation = {{evil, evil}};
    }
    report.verdict.text += " " + evil;
    report.problems = {{Code::io, evil, evil, evil}};
    report.next = {evil};
    report.runs = {{evil, std::numeric_limits<std::int64_t>::max(), evil, evil, 1, 1, 1}};
    return report;
}

struct Example {
    const char* name;
    Report (*make)();
};
constexpr std::array examples{
    Example{"fix", fix_report},
    Example{"dry_run", dry_run_report},
    Example{"not_this_browser", not_this_browser_report},
    Example{"test", test_report},
    Example{"no_answer", no_answer_report},
    Example{"undo", undo_report},
    Example{"why", why_report},
    Example{"runs", runs_report},
    Example{"profiles", profiles_report},
    Example{"doctor", doctor_report},
    Example{"problems", problems_report},
    Example{"hostile", hostile_report},
};

}  // namespace

TEST_CASE("text reports are as approved")
{
    for (const Example& example : examples) {
        const Report report = example.make();
        TextOptions verbose;
        verbose.verbose = true;
        check_golden(std::string(example.name) + ".txt",
                     to_text(report, {}) + "\n--- verbose ---\n" + to_text(report, verbose));
    }
}

TEST_CASE("JSON reports are as approved")
{
    for (const Example& example : examples) {
        check_golden(std::string(example.name) + ".json", without_version(to_json(example.make())));
    }
}

TEST_CASE("HTML reports are as approved")
{
    for (const Example& example : examples) {
        check_golden(std::string(example.name) + ".html", without_version(to_html(example.make())));
    }
}

TEST_CASE("every HTML report is whole: tags that belong to it, each closed, and no other")
{
    const std::set<std::string> empty{"!DOCTYPE", "meta", "br"};
    const std::set<std::string> others{"html",  "head", "title",  "style", "body", "main",  "h1",    "h2",
                                       "h3",    "p",    "strong", "code",  "bdi",  "table", "thead", "caption",
                                       "tbody", "tr",   "th",     "td",    "ul",   "li",    "footer"};
    for (const Example& example : examples) {
        const std::string html = to_html(example.make());
        std::vector<std::string> open;
        CAPTURE(example.name);
        for (std::size_t at = 0; (at = html.find('<', at)) != std::string::npos; ++at) {
            const std::size_t end = html.find_first_of(" >", at);
            const std::string tag = html.substr(at + 1, end - at - 1);
            CAPTURE(tag);
            if (tag.starts_with('/')) {
                REQUIRE_FALSE(open.empty());
                REQUIRE("/" + open.back() == tag);
                open.pop_back();
            } else if (!empty.contains(tag)) {
                REQUIRE(others.contains(tag));
                open.push_back(tag);
            }
        }
        CHECK(open.empty());
    }
}

TEST_CASE("an HTML report allows its own style and nothing else")
{
    const std::string html = to_html(fix_report());
    const std::size_t begin = html.find("<style>") + 7;
    const std::string style = html.substr(begin, html.find("</style>") - begin);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(style.data()), style.size(), digest.data());
    std::array<unsigned char, 64> hash{};
    EVP_EncodeBlock(hash.data(), digest.data(), digest.size());
    const std::string policy = "content=\"default-src 'none'; style-src 'sha256-" +
                               std::string(reinterpret_cast<const char*>(hash.data())) +
                               "'; base-uri 'none'; form-action 'none'\"";
    CHECK_THAT(html, Contains(policy));
}

TEST_CASE("an HTML report says what somebody who reads a ticket needs")
{
    const std::string html = to_html(fix_report());
    CHECK_THAT(html, Contains("<html lang=\"en\">") && Contains("<title>unstick report: example.com</title>"));
    CHECK_THAT(html, Contains("Google Chrome, profile Default (Person 1)") && Contains("<td>12</td>"));
    CHECK_THAT(html, Contains("unstick undo 20261124T030000Z-a1b2") && Contains("close it, or add --close"));
    CHECK_THAT(html, Contains("The answer before and after the removal") && Contains("2026-11-24T03:00:07Z"));
    CHECK_THAT(html, Contains("What this does not prove"));
    CHECK_THAT(to_html(test_report()), Contains("x-request-id: 7f3a") && Contains("The access token expired"));
    CHECK_THAT(to_html(why_report()), Contains("cookie</th><td><bdi>session of app.example.com/"));
}

TEST_CASE("every JSON report is one object with the same keys, in valid UTF-8")
{
    for (const Example& example : examples) {
        const Report report = example.make();
        const std::string text = to_json(report);
        CAPTURE(example.name);
        CHECK(text.ends_with("}\n"));
        const auto json = nlohmann::json::parse(text);
        for (const char* key : {"schema_version", "command", "version", "site", "target", "run", "dry_run", "profiles",
                                "findings", "retest", "verdict", "next", "problems", "exit_code"}) {
            CHECK(json.contains(key));
        }
        CHECK(json["schema_version"] == 1);
        CHECK(json["version"] == version);
        CHECK(json["exit_code"] == static_cast<int>(report.exit_code));
        CHECK(json.contains("runs") == (report.command == "runs"));
    }
}

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
    CHECK_THAT(row, Contains("日本.例え" + std::string(13, ' ') + "    15  done"));
    report.runs[1].site = "a-name-that-is-so-long.that-no-table.of-eighty-columns.has-room-for.it.example";
    const auto lines = lines_of(to_text(report, {}));
    CHECK(lines.at(0) == "20261124T030000Z-a1b2");
    CHECK(lines.at(1) == "    2026-11-24 03:00 UTC, 日本.例え, 15 items, done");
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
        const std::string text = to_text(report, {true, false, true, 80});
        return text.substr(0, text.find('m') + 1);
    };
    CHECK(color_of(Exit::ok) == "\x1b[32m");
    CHECK(color_of(Exit::nothing_found) == "\x1b[32m");
    for (const Exit bad : {Exit::internal, Exit::usage, Exit::partial, Exit::still_refused, Exit::not_this_browser,
                           Exit::unreachable, Exit::in_use, Exit::denied, Exit::cancelled}) {
        CHECK(color_of(bad) == "\x1b[31m");
    }
}

TEST_CASE("quiet leaves the verdict, the next steps and the problems")
{
    const std::string text = to_text(fix_report(), {false, false, true, 80});
    CHECK_THAT(text, Contains("15 items removed") && Contains("problem: ") && Contains("sign in again"));
    CHECK_THAT(text, !Contains("Google Chrome, profile") && !Contains("unstick undo"));
}

TEST_CASE("what was found is named only when asked for, and JSON and HTML never name it")
{
    const Report report = fix_report();
    CHECK_THAT(to_text(report, {}), !Contains("app.js"));
    CHECK_THAT(to_text(report, {false, true, false, 80}), Contains("- https://example.com/app.js"));
    CHECK_THAT(to_json(report), !Contains("app.js"));
    CHECK_THAT(to_html(report), !Contains("app.js"));
}

TEST_CASE("a refused input is one problem, not said twice")
{
    Report report;
    report.command = "undo";
    report.problems = {{Code::not_found, "undo", "there is no run that can be undone", "unstick runs"}};
    report.verdict = {"refused-input", "there is no run that can be undone"};
    report.exit_code = Exit::usage;
    CHECK(to_text(report, {}) == "problem: undo: there is no run that can be undone\n  -> unstick runs\n");
}
