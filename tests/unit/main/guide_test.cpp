// The guide, with played answers and runs.

#include "main/guide.h"

#include <deque>

#include "cli/parse.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;

namespace {

struct Played {
    std::deque<std::string> answers;  ///< what is typed, one a question; then the input ends
    std::vector<Report> reports;      ///< of the runs, in order
    std::vector<Request> asked = {};
    std::string said = {};

    GuideTools tools()
    {
        GuideTools tools;
        tools.ask = [this](const std::string& prompt) -> std::optional<std::string> {
            said += prompt + "\n";
            if (answers.empty()) {
                return std::nullopt;
            }
            std::string answer = answers.front();
            answers.pop_front();
            return answer;
        };
        tools.say = [this](const std::string& text) { said += text + "\n"; };
        tools.offer = [this](std::size_t number, const std::string& text) {
            said += std::to_string(number) + "  " + text + "\n";
        };
        tools.request_for = [](const std::vector<std::string>& words) -> Result<Request> {
            TRY_ASSIGN(auto parsed, parse_command_line(
                                        words, [](const std::string&) { return std::string(); }, ""));
            return std::get<Request>(parsed);
        };
        tools.run = [this](const Request& request) {
            asked.push_back(request);
            return reports.at(asked.size() - 1);
        };
        tools.show = [this](const Report& report) { said += to_text(report, {}); };
        return tools;
    }
};

Report ended(Exit code, const std::string& run = {})
{
    Report report;
    report.command = "fix";
    report.exit_code = code;
    report.run = run;
    return report;
}

Report scan_of(const std::vector<std::string>& sites)
{
    Report report = ended(Exit::wrong_found);
    for (const std::string& site : sites) {
        SiteSeen& seen = report.sites.emplace_back();
        seen.site = site;
        seen.confidence = Confidence::high;
    }
    return report;
}

Report why_with_finding()
{
    Report report = ended(Exit::wrong_found);
    Finding& finding = report.findings.emplace_back();
    finding.confidence = Confidence::high;
    finding.items = {{0, 0, 0}};
    return report;
}

/// A profile in which there are cookies of these names.
void add_profile(Report& report, const std::vector<std::string>& cookies)
{
    ProfileReport& profile = report.profiles.emplace_back();
    profile.browser_label = "Chromium";
    profile.profile = "Default";
    profile.stores.emplace_back().cookies = cookies;
}

/// `why` that names nothing in what is stored.
Report why_without_finding(const std::vector<std::string>& cookies = {})
{
    Report report = ended(Exit::ok);
    add_profile(report, cookies);
    return report;
}

}  // namespace

TEST_CASE("the guide: a number of the list, the smallest removal, and in")
{
    Played played{.answers = {"2", "", "1"},
                  .reports = {scan_of({"a.example", "b.example"}), why_with_finding(), ended(Exit::ok, "R1")}};
    CHECK(guide(played.tools()) == Exit::ok);
    REQUIRE(played.asked.size() == 3);
    CHECK(played.asked[1].command == Command::why);
    CHECK(played.asked[1].site->name() == "b.example");
    CHECK(played.asked[2].command == Command::fix);
    CHECK(played.asked[2].stale);
    CHECK_FALSE(played.asked[2].yes);
    CHECK_THAT(played.said, Contains("1  a.example") && Contains("unstick undo R1"));
}

TEST_CASE("the guide: nothing named, a step further, and back")
{
    Played played{
        .answers = {"https://c.example/login", "1", "2", "1", "3"},
        .reports = {scan_of({}), why_without_finding(), ended(Exit::ok, "R1"), ended(Exit::ok, "R2"), ended(Exit::ok)}};
    CHECK(guide(played.tools()) == Exit::ok);
    REQUIRE(played.asked.size() == 5);
    CHECK(played.asked[2].least);
    CHECK_FALSE(played.asked[3].least);
    CHECK_FALSE(played.asked[3].stale);
    CHECK(played.asked[4].command == Command::undo);
    CHECK(played.asked[4].run == "R2");
    CHECK(played.asked[4].yes);
    CHECK_THAT(played.said, !Contains("Remove only what is named above"));
}

TEST_CASE("the guide: what it offers is not said once more as commands")
{
    Report why = why_with_finding();
    why.findings.front().what = "Two cookies of one name.";
    why.findings.front().fix = "unstick fix a.example --stale";
    why.next = {"Remove all that the site stored: unstick fix a.example", "Look at the clock of this computer."};
    Played played{.answers = {"a.example", "4"}, .reports = {scan_of({}), why}};
    CHECK(guide(played.tools()) == Exit::cancelled);
    CHECK_THAT(played.said,
               Contains("Two cookies of one name.") && Contains("Look at the clock") && !Contains("unstick fix"));
}

TEST_CASE("the guide: cookies of a trusted device stay if that is wished, and go with the next step")
{
    Played played{.answers = {"a.example", "2", "1", "2", "1", "1"},
                  .reports = {scan_of({}), why_without_finding({"session", "TrustedDevice", "mfa_remember"}),
                              ended(Exit::ok, "R1"), ended(Exit::ok, "R2")}};
    CHECK(guide(played.tools()) == Exit::ok);
    REQUIRE(played.asked.size() == 4);
    CHECK(played.asked[2].keep_cookies == std::vector<std::string>{"TrustedDevice", "mfa_remember"});
    CHECK(played.asked[3].keep_cookies.empty());
    CHECK_THAT(played.said, Contains("TrustedDevice, mfa_remember") && !Contains("session,"));
}

TEST_CASE("the guide: a smaller removal asks of no trusted device")
{
    Report why = why_with_finding();
    add_profile(why, {"trusted"});
    Played played{.answers = {"a.example", "1", "1"}, .reports = {scan_of({}), why, ended(Exit::ok, "R1")}};
    CHECK(guide(played.tools()) == Exit::ok);
    CHECK_THAT(played.said, !Contains("as one that you trust"));
}

TEST_CASE("the guide: whoever stops has changed nothing")
{
    SECTION("at the site")
    {
        Played played{.answers = {}, .reports = {scan_of({})}};
        CHECK(guide(played.tools()) == Exit::cancelled);
        CHECK_THAT(played.said, Contains("Nothing was changed."));
    }
    SECTION("at the choice")
    {
        Played played{.answers = {"a.example", "4"}, .reports = {scan_of({}), why_with_finding()}};
        CHECK(guide(played.tools()) == Exit::cancelled);
        CHECK(played.asked.size() == 2);
        CHECK_THAT(played.said, Contains("Nothing was changed."));
    }
    SECTION("nothing of the site is stored")
    {
        Played played{.answers = {"a.example"}, .reports = {scan_of({}), ended(Exit::ok)}};
        CHECK(guide(played.tools()) == Exit::ok);
        CHECK(played.asked.size() == 2);
        CHECK_THAT(played.said, Contains("Nothing was changed."));
    }
    SECTION("it is not this browser")
    {
        Played played{.answers = {"a.example"}, .reports = {scan_of({}), ended(Exit::not_this_browser)}};
        CHECK(guide(played.tools()) == Exit::not_this_browser);
        CHECK(played.asked.size() == 2);
    }
    SECTION("a run that removed nothing leads back to the choice")
    {
        Played played{.answers = {"a.example", "1", "3"},
                      .reports = {scan_of({}), why_without_finding(), ended(Exit::in_use)}};
        CHECK(guide(played.tools()) == Exit::cancelled);
    }
    SECTION("what is no site, no number, and an option that was pasted")
    {
        Played played{.answers = {"co.uk", "--yes", "a.example", "x", "9", "4"},
                      .reports = {scan_of({}), why_with_finding()}};
        CHECK(guide(played.tools()) == Exit::cancelled);
        CHECK_THAT(played.said, Contains("public suffix") && Contains("Type a number from 1 to 4."));
    }
}
