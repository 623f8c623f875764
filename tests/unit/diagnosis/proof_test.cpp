// From what experiments showed to a finding.

#include "diagnosis/proof.h"

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;
using Catch::Matchers::Contains;

namespace {

Probe page_of(std::size_t text, std::uint32_t fingerprint)
{
    Probe probe = answer("https://example.com/", 200);
    probe.method = "browser";
    probe.page = PageSeen{.text = text, .fingerprint = fingerprint};
    return probe;
}

Probe beside_fresh(Probe visit)
{
    visit.fresh = std::make_shared<const Probe>(page_of(7, 1));
    return visit;
}

Finding naming(std::string_view rule, std::vector<ItemRef> items)
{
    Finding finding;
    finding.rule = rule;
    finding.confidence = Confidence::high;
    finding.what = "Two cookies of one name.";
    finding.items = std::move(items);
    return finding;
}

std::vector<ProfilePlan> three_cookies()
{
    return {plan_of({cookie("a", "example.com"), cookie("sid", ".example.com"), cookie("sid", "example.com")})};
}

Proof proof_of_second()
{
    return {.profile = 0,
            .end = SearchEnd::proved,
            .items = {{0, 0, 1}},
            .names = {"sid of .example.com"},
            .kinds = {},
            .elsewhere = {},
            .trail = {{0, Shown::stuck, "pages that go in circles"},
                      {3, Shown::in, "a page with text"},
                      {1, Shown::in, "a page with text"}}};
}

}  // namespace

TEST_CASE("what a visit without some items shows")
{
    Probe circles = beside_fresh(page_of(0, 0));
    circles.error_code = "loop";
    CHECK(shown_of(circles, circles, {}) == Shown::stuck);
    CHECK(shown_of(beside_fresh(page_of(7, 1)), circles, {}) == Shown::in);
    CHECK(shown_of(beside_fresh(page_of(900, 5)), circles, {}) == Shown::in);          // no sign of trouble any more
    CHECK(shown_of(beside_fresh(page_of(30, 5)), circles, {}) == Shown::cannot_tell);  // or another error
    Probe spinner = beside_fresh(page_of(10, 6));
    spinner.page->exceptions = 1;
    CHECK(shown_of(beside_fresh(page_of(10, 6)), spinner, {}) == Shown::stuck);  // the same page without it
    Probe form = page_of(100, 2);
    form.page->password = true;
    Probe alike = form;
    alike.fresh = std::make_shared<const Probe>(form);
    CHECK(shown_of(alike, circles, {}) == Shown::in);  // a fresh browser gets no more

    Probe said = beside_fresh(page_of(30, 8));
    said.said_stuck = true;
    CHECK(shown_of(beside_fresh(page_of(30, 8)), said, {}) == Shown::stuck);  // the page that the person means
    CHECK(shown_of(beside_fresh(page_of(7, 1)), said, {}) == Shown::in);
    CHECK(shown_of(beside_fresh(page_of(900, 5)), said, {}) == Shown::cannot_tell);

    Probe expecting = beside_fresh(page_of(900, 5));
    expecting.shows_text = false;
    CHECK(shown_of(expecting, circles, {}) == Shown::stuck);
    expecting.page = page_of(7, 1).page;  // but what a fresh browser gets is all that a removal can bring
    CHECK(shown_of(expecting, circles, {}) == Shown::in);
    CHECK(shown_of(expecting, expecting, {}) == Shown::stuck);
    Probe waits = beside_fresh(page_of(7, 1));
    waits.status = 429;
    CHECK(shown_of(waits, circles, {}) == Shown::no_answer);
    Probe robot = beside_fresh(page_of(7, 1));
    robot.robot_check = true;
    CHECK(shown_of(robot, circles, {}) == Shown::cannot_tell);
}

TEST_CASE("items are searched one by one, but for those that are named for their amount")
{
    const auto plans = three_cookies();
    const std::vector<Finding> findings{naming("abandoned-login-cookies", {{0, 0, 0}, {0, 0, 2}}),
                                        naming("shadowed-cookie", {{0, 0, 1}, {0, 0, 2}}), naming("wrong-clock", {})};
    const auto atoms = atoms_of(plans[0], 0, findings);
    REQUIRE(atoms.size() == 2);
    CHECK(atoms[0] == Atom{{0, 0, 0}, {0, 0, 2}});
    CHECK(atoms[1] == Atom{{0, 0, 1}});
    const SearchInput input = search_among(atoms, plans[0], findings, 9);
    CHECK(input.items == 2);
    CHECK(input.visits == 9);
    CHECK(input.stores == std::vector<std::size_t>{0, 0});
    CHECK(input.hypotheses == std::vector<Items>{{0}, {0, 1}});

    // Without findings: what sounds like a sign-in, if that is few.
    const auto more = std::vector<ProfilePlan>{
        plan_of({cookie("theme", "a.test"), cookie("appSession.0", "a.test"), cookie("region", "a.test")})};
    CHECK(search_among(atoms_of(more[0], 0, {}), more[0], {}, 9).hypotheses == std::vector<Items>{{1}});
}

TEST_CASE("the rule that explains it is proved, with what was seen; the others become hints")
{
    const auto plans = three_cookies();
    std::vector<Finding> findings{naming("outlived-cookie", {{0, 0, 0}}),
                                  naming("shadowed-cookie", {{0, 0, 1}, {0, 0, 2}})};
    take_in(proof_of_second(), plans, "unstick fix example.com", " --expect-text Hi", findings);
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].rule == "shadowed-cookie");
    CHECK(findings[0].confidence == Confidence::proved);
    CHECK(findings[0].items == std::vector<ItemRef>{{0, 0, 1}});
    CHECK(
        findings[0].what ==
        "Removing 1 cookie (sid of .example.com) lets your browser in; leaving it keeps it out. Seen in 3 visits. The "
        "cause: Two cookies of one name.");
    CHECK_THAT(findings[0].fix,
               Contains("unstick fix example.com --least --browser ") && Contains(" --expect-text Hi"));
    CHECK(findings[0].evidence.front().second == "nothing away: pages that go in circles");
    CHECK(findings[1].confidence == Confidence::low);
    CHECK(name_of(Confidence::proved) == "proved");
}

TEST_CASE("that all of them are refused says nothing more where it is known which")
{
    const auto plans = three_cookies();
    std::vector<Finding> findings{naming("cookies-refused", {{0, 0, 0}, {0, 0, 1}, {0, 0, 2}}),
                                  naming("shadowed-cookie", {{0, 0, 1}, {0, 0, 2}})};
    SECTION("a rule explains it") {}
    SECTION("none does")
    {
        findings.pop_back();
    }
    const std::string rule(findings.back().rule);
    take_in(proof_of_second(), plans, "unstick fix example.com", "", findings);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].rule == rule);
    CHECK(findings[0].items == std::vector<ItemRef>{{0, 0, 1}});
}

TEST_CASE("what no rule explains is a finding of its own")
{
    const auto plans = three_cookies();
    Proof proof = proof_of_second();
    std::vector<Finding> findings{naming("outlived-cookie", {{0, 0, 0}})};
    SECTION("cookies")
    {
        take_in(proof, plans, "unstick fix example.com", "", findings);
        CHECK(findings[0].rule == "proved-by-visits");
        CHECK(findings[0].where == plans[0].profile.browser + "/" + plans[0].profile.id);
    }
    SECTION("items of another site, or of a kind that has to be named")
    {
        proof.items.clear();
        proof.only_cookies = false;
        proof.names = {"sid of provider.test", "Site setting"};
        proof.elsewhere = {"provider.test"};
        proof.kinds = {Kind::permissions};
        take_in(proof, plans, "unstick fix example.com", "", findings);
        CHECK_THAT(findings[0].what,
                   Contains("Removing 2 items (sid of provider.test, Site setting) lets your browser in; "
                            "leaving them keeps it out."));
        CHECK_THAT(findings[0].fix,
                   Contains("unstick fix example.com --also provider.test --least --with permissions "));
        REQUIRE(notes_of(proof, "unstick fix example.com", "").size() == 1);
        CHECK(has_to_be_named(proof));
    }
    SECTION("items of such a kind that were looked at: whoever types the command has to name it")
    {
        auto orders = plans;
        StoreSpec spec = *orders[0].stores[0].spec;
        spec.kind = Kind::network;
        orders[0].stores[0].spec = &spec;
        take_in(proof, orders, "unstick fix example.com", "", findings);
        CHECK_THAT(findings[0].fix, Contains("unstick fix example.com --least --with network "));
        CHECK_FALSE(has_to_be_named(proof));
    }
}

TEST_CASE("what was not proved is said, and changes no finding but where it was disproved")
{
    const auto plans = three_cookies();
    Proof proof = proof_of_second();
    for (const SearchEnd end : {SearchEnd::budget, SearchEnd::not_steady, SearchEnd::no_answer, SearchEnd::cannot_tell,
                                SearchEnd::not_here}) {
        proof.end = end;
        std::vector<Finding> findings{naming("outlived-cookie", {{0, 0, 0}})};
        take_in(proof, plans, "unstick fix example.com", "", findings);
        CHECK(findings.size() == 1);
        CHECK(findings[0].confidence == (end == SearchEnd::not_here ? Confidence::low : Confidence::high));
        CHECK(notes_of(proof, "unstick fix example.com", "").size() == 1);
    }
    proof.end = SearchEnd::proved;
    CHECK(notes_of(proof, "unstick fix example.com", "").empty());
}

TEST_CASE("a browser that is not stuck makes hints of what names its items, and of nothing else")
{
    std::vector<Finding> findings{naming("shadowed-cookie", {{0, 0, 1}}), naming("shadowed-cookie", {{1, 0, 1}}),
                                  naming("wrong-clock", {})};
    make_hints(findings, {0});
    CHECK(findings[0].items.front().profile == 1);
    CHECK(findings[0].confidence == Confidence::high);
    CHECK(findings[1].rule == "wrong-clock");
    CHECK(findings[2].confidence == Confidence::low);
}
