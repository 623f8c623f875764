// A report in a line, for the system's log.

#include "report/log_facts.h"

#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;

namespace {

Report fixed()
{
    Report report;
    report.command = "fix";
    report.site = "stuck.test";
    report.run = "20261125T174302Z-0000";
    report.verdict = {.code = "site-answers", .text = "The site answers."};
    StoreReport cookies;
    cookies.found = 3;
    cookies.removed = 2;
    cookies.labels = {"session"};
    StoreReport storage;
    storage.found = 4;
    storage.removed = 4;
    ProfileReport profile;
    profile.path = "/home/ann/.config/google-chrome/Default";
    profile.stores = {cookies, storage};
    report.profiles = {profile, profile};
    return report;
}

}  // namespace

TEST_CASE("a run in one line")
{
    Report report = fixed();
    CHECK_THAT(line_of(log_facts(report)),
               Contains("command=fix site=stuck.test exit_code=0 verdict=site-answers profiles=2 found=14 removed=12 "
                        "run=20261125T174302Z-0000 version="));
    report.command = "undo";
    report.dry_run = true;
    CHECK_THAT(line_of(log_facts(report)), Contains("restored=12 dry_run=1 "));
}

TEST_CASE("problems by their codes, findings by their rules, each once")
{
    Report report = fixed();
    const Error locked{Code::locked, "/home/ann/p", "Ann's browser has it open", "close it"};
    report.problems = {locked, {Code::denied, "/home/ann", "no", ""}, locked};
    report.findings.resize(3);
    report.findings[0].rule = report.findings[2].rule = "stale-hsts";
    report.findings[1].rule = "dead-token";
    report.exit_code = Exit::partial;
    const std::string line = line_of(log_facts(report));
    CHECK_THAT(line, Contains(" findings=dead-token,stale-hsts problems=denied,locked "));
    CHECK_THAT(line, Contains("exit_code=3"));
}

TEST_CASE("neither names of items nor paths, and one line whatever the site's name")
{
    Report report = fixed();
    report.site = "stuck.test\nPRIORITY=0";
    const std::string line = line_of(log_facts(report));
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find("session") == std::string::npos);
    CHECK(line.find("/home") == std::string::npos);
}

TEST_CASE("what somebody has to look at")
{
    for (const Exit fine : {Exit::ok, Exit::nothing_found, Exit::wrong_found}) {
        CHECK_FALSE(is_fault(fine));
    }
    for (const Exit fault :
         {Exit::internal, Exit::usage, Exit::partial, Exit::still_refused, Exit::in_use, Exit::denied}) {
        CHECK(is_fault(fault));
    }
}
