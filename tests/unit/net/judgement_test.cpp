// Is a browser stuck? What it shows beside what a fresh one shows.

#include "net/judgement.h"

#include "tests/fixtures/catch.h"

using namespace unstick;

namespace {

Probe visit_of(PageSeen page, int status = 200)
{
    Probe probe;
    probe.method = "browser";
    probe.hops = {{"https://app.test/", status, "", {}}};
    probe.final_url = "https://app.test/";
    probe.status = status;
    probe.page = std::move(page);
    return probe;
}

PageSeen text_page(std::size_t text, std::uint32_t fingerprint)
{
    return {.text = text, .fingerprint = fingerprint, .title = "App"};
}

PageSeen form()
{
    return {.text = 120, .fingerprint = 1, .password = true};
}

Probe beside(Probe visit, Probe fresh)
{
    visit.fresh = std::make_shared<const Probe>(std::move(fresh));
    return visit;
}

using Told = std::pair<PageState, std::optional<bool>>;

Told told(const Probe& visit)
{
    const Judgement judgement = judge(visit);
    return {judgement.state, judgement.stuck};
}

constexpr std::nullopt_t cannot_tell = std::nullopt;

Challenge basic()
{
    Challenge challenge;
    challenge.scheme = "Basic";
    challenge.usable_by_browser = true;
    return challenge;
}

}  // namespace

TEST_CASE("the same page as a fresh browser's keeps nobody out; a form for a password may")
{
    CHECK(told(beside(visit_of(text_page(7, 3)), visit_of(text_page(7, 3)))) == Told{PageState::like_fresh, false});
    CHECK(told(beside(visit_of(text_page(900, 3)), visit_of(text_page(930, 4)))) == Told{PageState::like_fresh, false});
    Probe without_frame = visit_of(text_page(7, 3));  // both keep a frame from its cookies
    without_frame.signs.without_cookies = {"app.framed.test"};
    CHECK(told(beside(without_frame, without_frame)) == Told{PageState::like_fresh, cannot_tell});
    CHECK(told(beside(visit_of(text_page(900, 3)), visit_of(text_page(1300, 4)))) == Told{PageState::own, cannot_tell});
    CHECK(told(beside(visit_of(form()), visit_of(form()))) == Told{PageState::sign_in_form, cannot_tell});
    CHECK(told(beside(visit_of(form()), visit_of(text_page(900, 3)))) == Told{PageState::sign_in_form, cannot_tell});
}

TEST_CASE("a page from which one can sign out is one of somebody who is in")
{
    PageSeen page = text_page(500, 9);
    page.sign_out = true;
    page.exceptions = 3;
    CHECK(told(beside(visit_of(page), visit_of(form()))) == Told{PageState::signed_in, false});
}

TEST_CASE("without text, or with little and things that failed: broken; but not where a fresh one has no more")
{
    CHECK(told(beside(visit_of(text_page(0, 7)), visit_of(form()))) == Told{PageState::broken, true});
    CHECK(told(beside(visit_of(text_page(0, 7)), visit_of(text_page(0, 7)))) == Told{PageState::like_fresh, false});
    PageSeen failing = text_page(10, 8);
    failing.exceptions = 1;
    CHECK(told(beside(visit_of(failing), visit_of(form()))) == Told{PageState::broken, true});
    failing.exceptions = 0;
    failing.failed = {{"https://app.test/api", "419"}};
    CHECK(told(beside(visit_of(failing), visit_of(text_page(7, 3)))) == Told{PageState::broken, true});
    PageSeen small = text_page(100, 9);  // a small app of somebody who is signed in, perhaps
    small.exceptions = 1;
    CHECK(told(beside(visit_of(small), visit_of(form()))) == Told{PageState::own, cannot_tell});
    CHECK(told(beside(visit_of(small), visit_of(text_page(150, 3)))) == Told{PageState::broken, true});
    Probe refused = visit_of(small);
    refused.signs.refused = {{"https://id.test/token", "400"}};
    CHECK(told(beside(refused, visit_of(form()))) == Told{PageState::broken, true});
    failing.text = 5000;  // an app with content, of which something fails: as many do
    CHECK(told(beside(visit_of(failing), visit_of(form()))) == Told{PageState::own, cannot_tell});
    CHECK(told(beside(visit_of(text_page(10, 8)), visit_of(form()))) == Told{PageState::own, cannot_tell});
    Probe hangs = visit_of({});
    hangs.page.reset();
    CHECK(told(beside(hangs, visit_of(form()))) == Told{PageState::broken, true});
}

TEST_CASE("errors count where a fresh browser meets none")
{
    CHECK(told(beside(visit_of(text_page(7, 3), 403), visit_of(text_page(7, 3)))) == Told{PageState::refused, true});
    CHECK(told(beside(visit_of(text_page(7, 3), 500), visit_of(text_page(7, 3)))) == Told{PageState::error, true});
    CHECK(told(beside(visit_of(text_page(7, 3), 403), visit_of(text_page(7, 3), 403))) ==
          Told{PageState::like_fresh, cannot_tell});
    Probe asks = visit_of(text_page(7, 3), 401);
    asks.challenges.push_back(basic());
    CHECK(told(beside(asks, asks)) == Told{PageState::like_fresh, cannot_tell});
    CHECK(told(beside(visit_of(text_page(7, 3), 403), asks)) == Told{PageState::refused, true});
    CHECK(told(beside(asks, visit_of(text_page(7, 3)))) == Told{PageState::refused, cannot_tell});
    CHECK(told(beside(visit_of(text_page(7, 3)), asks)) == Told{PageState::own, cannot_tell});
}

TEST_CASE("circles, no answer, a check for robots")
{
    Probe circles = visit_of({});
    circles.page.reset();
    circles.error_code = "loop";
    CHECK(told(beside(circles, visit_of(form()))) == Told{PageState::circles, true});
    Probe nothing = visit_of({}, 0);
    nothing.error_code = "tls";
    CHECK(told(beside(nothing, visit_of(form()))) == Told{PageState::no_answer, true});
    CHECK(told(beside(nothing, nothing)) == Told{PageState::no_answer, cannot_tell});
    Probe robot = visit_of(text_page(7, 3), 403);
    robot.robot_check = true;
    CHECK(told(beside(robot, visit_of(form()))) == Told{PageState::own, cannot_tell});
}

TEST_CASE("what a worker gives is a fault only where the site gives what a fresh browser gets")
{
    Probe visit = beside(visit_of(text_page(30, 8)), visit_of(text_page(7, 3)));
    visit.from = From::worker;
    visit.direct = std::make_shared<const Probe>(visit_of(text_page(7, 3)));
    CHECK(told(visit) == Told{PageState::kept, true});
    CHECK(answer_of(visit, {}) == Answer::refused);
    visit.direct = std::make_shared<const Probe>(visit_of(text_page(30, 8)));  // the same without it: no fault
    CHECK(told(visit) == Told{PageState::own, cannot_tell});
    CHECK(answer_of(visit, {}) == Answer::page);
    Probe asks = visit_of(text_page(7, 3), 401);
    asks.challenges.push_back(basic());
    visit.fresh = visit.direct = std::make_shared<const Probe>(asks);
    CHECK(told(visit) == Told{PageState::kept, true});  // it hides the question for the password
}

TEST_CASE("what the user says comes before what is compared")
{
    Probe visit = beside(visit_of(text_page(0, 7)), visit_of(form()));
    CHECK(answer_of(visit, {}) == Answer::refused);
    visit.shows_text = true;
    CHECK(answer_of(visit, {}) == Answer::page);
    visit.at_expected_url = false;
    CHECK(answer_of(visit, {}) == Answer::refused);
    visit.at_expected_url = true;
    visit.shows_stuck_text = true;
    CHECK(answer_of(visit, {}) == Answer::refused);
    Probe fine = beside(visit_of(text_page(7, 3)), visit_of(text_page(7, 3)));
    fine.said_stuck = true;
    CHECK(answer_of(fine, {}) == Answer::refused);
}

TEST_CASE("both pages in words, never 'got in'")
{
    PageSeen blank = text_page(0, 7);
    blank.exceptions = 2;
    CHECK(
        describe(beside(visit_of(blank), visit_of(form())), {}) ==
        "https://app.test/ shows a page without text, 2 script errors; a fresh browser gets a page with a field for a "
        "password.");
    CHECK(describe(beside(visit_of(form()), visit_of(form())), {}) ==
          "https://app.test/ shows a page with a field for a password; a fresh browser gets the same.");
    CHECK(describe(beside(visit_of(text_page(7, 3)), visit_of(text_page(7, 3))), {}) ==
          "https://app.test/ shows a page with little text (7 characters), the same as to a fresh browser.");
}
