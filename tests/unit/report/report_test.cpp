// What every report keeps to, in whatever form.

#include <nlohmann/json.hpp>
#include <set>

#include "base/version.h"
#include "report/verdict.h"
#include "tests/fixtures/reports.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace testing::reports;
using Catch::Matchers::Contains;

TEST_CASE("what the browser itself met decides")
{
    Report report = fixed_report();
    CHECK(report.verdict.code == "fixed");
    CHECK(report.exit_code == Exit::ok);

    Outcome outcome{.before = report.before, .after = report.browser_after, .found = 16, .removed = 15};
    outcome.browser_before = page_probe();
    outcome.browser_before->method = "browser";
    Conclusion end = conclude_fix(outcome, {});
    CHECK(end.verdict.code == "cannot-tell");  // it showed a page, which was compared with nothing
    const auto welcome = report.browser_after;
    outcome.browser_before = welcome;
    end = conclude_fix(outcome, {});
    CHECK(end.verdict.code == "was-not-stuck");
    CHECK(conclude_why({.before = report.before, .browser_before = welcome}, {}).verdict.code == "not-stuck");
    CHECK(conclude_fix({.before = report.before, .found = 0, .stale = true, .browser_before = welcome}, {})
              .verdict.code == "not-stuck");

    outcome.after = outcome.browser_before = stuck_probe();
    end = conclude_fix(outcome, {});
    CHECK(end.verdict.code == "still-refused");
    CHECK(end.exit_code == Exit::still_refused);

    // Nobody was asked afterwards but a client that has nothing stored: it proves no more than ever.
    outcome.after = page_probe();
    end = conclude_fix(outcome, {});
    CHECK(end.verdict.code == "site-answers");

    CHECK(proved_report().verdict.code == "proved");
    CHECK(proved_report().exit_code == Exit::wrong_found);
    Outcome least{.before = report.before, .found = 0, .least = true, .browser_before = stuck_probe()};
    CHECK(conclude_fix(least, {}).verdict.code == "nothing-proved");
    CHECK(conclude_fix(least, {}).exit_code == Exit::still_refused);
    least.browser_before = page_probe();
    CHECK(conclude_fix(least, {}).verdict.code == "nothing-proved");
    CHECK(conclude_fix(least, {}).exit_code == Exit::nothing_found);
    least.browser_before = welcome;
    CHECK(conclude_fix(least, {}).verdict.code == "not-stuck");
    CHECK(conclude_fix(least, {}).exit_code == Exit::ok);
    least.browser_before.reset();
    least.asked_person = true;
    CHECK(conclude_fix(least, {}).exit_code == Exit::still_refused);
    least.has_to_be_named = true;
    CHECK(conclude_fix(least, {}).verdict.code == "proved");
    CHECK(conclude_fix(least, {}).exit_code == Exit::wrong_found);

    report = stuck_report();
    CHECK(report.verdict.code == "stuck");
    CHECK(report.exit_code == Exit::still_refused);
    report.before = refusing_probe();
    CHECK(conclude_why(why_outcome(report), {}).verdict.code == "not-this-browser");
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
                                "findings", "retest", "dns", "verdict", "next", "problems", "exit_code"}) {
            CHECK(json.contains(key));
        }
        CHECK(text.find("SECRET title") == std::string::npos);
        CHECK(text.find("SECRET words") == std::string::npos);
        CHECK(json["schema_version"] == 1);
        CHECK(json["version"] == version);
        CHECK(json["exit_code"] == static_cast<int>(report.exit_code));
        CHECK(json.contains("runs") == (report.command == "runs"));
    }
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
