// What a person is asked about pages that do not tell, and what a command that repeats the visits needs.

#include "app/prove.h"

#include "net/judgement.h"
#include "tests/fixtures/catch.h"
#include "tests/fixtures/fake_host.h"

using namespace unstick;

namespace {

Probe page_of(std::size_t text, std::uint32_t fingerprint)
{
    Probe probe;
    probe.method = "browser";
    probe.hops = {{"https://app.test/", 200, "", {}}};
    probe.final_url = "https://app.test/";
    probe.status = 200;
    probe.page = PageSeen{.text = text, .fingerprint = fingerprint, .first_line = "Loading...\x1b[31m"};
    return probe;
}

Probe beside(Probe visit, Probe fresh)
{
    visit.fresh = std::make_shared<const Probe>(std::move(fresh));
    return visit;
}

/// Asks about these visits, and answers; what was asked.
std::vector<std::string> asked_about(Visits& visits, bool answer)
{
    std::vector<std::string> questions;
    Console console;
    console.ask = [&](const std::string& question) {
        questions.push_back(question);
        return answer;
    };
    const Request request;
    testing::FakeHost host;
    Stages stages(console);
    ask_about_pages({.request = request, .host = host, .adapters = {}, .console = console, .stages = stages}, visits);
    return questions;
}

}  // namespace

TEST_CASE("only a page that does not tell is asked about, made printable")
{
    Visits visits;
    visits.each.emplace(0, beside(page_of(10, 5), page_of(100, 6)));
    visits.each.emplace(1, beside(page_of(7, 3), page_of(7, 3)));  // as a fresh one's: it is not stuck
    visits.each.emplace(2, beside(page_of(0, 9), page_of(7, 3)));  // without text: it is
    visits.decisive = visits.each.at(1);
    SECTION("yes")
    {
        const auto questions = asked_about(visits, true);
        REQUIRE(questions.size() == 1);
        CHECK(questions[0].starts_with("Your browser shows: \"Loading..."));
        CHECK(questions[0].find('\x1b') == std::string::npos);
        CHECK(visits.each.at(0).said_stuck);
        CHECK(is_stuck(visits.each.at(0), {}) == true);
        CHECK(visits.decisive->said_stuck);
    }
    SECTION("no")
    {
        CHECK(asked_about(visits, false).size() == 1);
        CHECK_FALSE(is_stuck(visits.each.at(0), {}).has_value());
        CHECK_FALSE(visits.decisive->said_stuck);
    }
    CHECK(not_stuck(visits, {}) == std::set<std::size_t>{1});
}

TEST_CASE("a command that repeats the visits gets what opened the browser, and what was expected")
{
    Request request;
    CHECK(visit_options(request).empty());
    request.probe.browser = {"/opt/my browser", {"--no-sandbox"}, "Sign out", "", "Loading"};
    request.probe.expect_status = 200;
    CHECK(visit_options(request) ==
          " --browser-program \"/opt/my browser\" --browser-argument=--no-sandbox --expect-text \"Sign out\" "
          "--stuck-text "
          "Loading --expect-status 200");
}
