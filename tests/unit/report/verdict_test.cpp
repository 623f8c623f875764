// What answers and removals mean, and the words for it.

#include "report/verdict.h"
#include "tests/fixtures/replies.h"

using namespace unstick;
using namespace testing::replies;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using testing::FakeHost;

TEST_CASE("what an answer means, and how it is said")
{
    using enum Answer;
    const auto [reply, expected, meaning, said] = GENERATE(table<Reply, std::optional<int>, Answer, std::string>({
        {answer(200), {}, page, "works (200)."},
        {answer(404), {}, page, "answers 404: reachable, and not a refusal."},
        {answer(200, {{"WWW-Authenticate", "Bearer"}}), {}, page, "works (200)."},
        {answer(401, {{"WWW-Authenticate", "Basic realm=x"}}), {}, challenge, "a sign-in that a browser can answer"},
        {answer(401, {{"WWW-Authenticate", "Bearer"}, {"WWW-Authenticate", "Negotiate"}}), {}, challenge, "can answer"},
        {answer(401, {{"WWW-Authenticate", "Bearer"}}), {}, refused, "no browser can sign in the way it asks for"},
        {answer(401), {}, refused, "without saying how to sign in (no WWW-Authenticate)"},
        {answer(403), {}, refused, "answers 403: access denied."},
        {answer(407), {}, unreachable, "the proxy asks for a password"},
        {answer(429), {}, unreachable, "too many requests"},
        {answer(500), {}, unreachable, "the site has a fault of its own"},
        {answer(599), {}, unreachable, "the site has a fault of its own"},
        {no_answer("dns"), {}, unreachable, "does not answer: it failed with dns."},
        {redirect(start), {}, refused, "cannot be opened: the page redirects to itself."},
        {answer(403), 403, page, "answers 403, as expected."},
        {answer(200), 403, refused, "answers 200, not the expected 403."},
        {no_answer("tls"), 200, unreachable, "does not answer: it failed with tls."},
    }));
    CAPTURE(reply.status, reply.error_code);
    ProbeOptions options;
    options.expect_status = expected;
    const Probe result = probe_of({{start, {reply}}}, options);
    CHECK(answer_of(result, expected) == meaning);
    CHECK_THAT(describe(result, expected), Contains(said) && Contains("https://example.com/"));
    CHECK(is_not_this_browser(result, expected) == (meaning == refused || meaning == unreachable));
}

TEST_CASE("test: verdict and exit code")
{
    const auto [reply, code, exit] = GENERATE(table<Reply, std::string, Exit>({
        {answer(200), "site-answers", Exit::ok},
        {answer(401, {{"WWW-Authenticate", "Basic"}}), "sign-in-challenge", Exit::ok},
        {answer(403), "refused", Exit::still_refused},
        {answer(500), "unreachable", Exit::unreachable},
        {no_answer("dns"), "unreachable", Exit::unreachable},
    }));
    const Conclusion end = conclude_test(probe_of(reply), {}, {});
    CHECK(end.verdict.code == code);
    CHECK(end.exit_code == exit);
    // What it does not prove is said wherever it could be mistaken for a proof.
    CHECK((end.verdict.text.find("sign in with your browser to be sure") != std::string::npos) == (exit == Exit::ok));
}

namespace {

struct Case {
    std::optional<Reply> before;
    std::optional<Reply> after;
    std::uint64_t found;
    std::uint64_t removed;
    bool dry_run;
    std::vector<Code> problems;
    std::string verdict;
    Exit exit;
};

Conclusion concluded(const Case& done)
{
    std::vector<Error> problems;
    for (const Code code : done.problems) {
        problems.push_back({code, "somewhere", "something", ""});
    }
    Outcome outcome;
    if (done.before) {
        outcome.before = probe_of(*done.before);
    }
    if (done.after) {
        outcome.after = probe_of(*done.after);
    }
    outcome.found = done.found;
    outcome.removed = done.removed;
    outcome.dry_run = done.dry_run;
    return conclude_fix(outcome, problems);
}

}  // namespace

TEST_CASE("fix: verdict and exit code")
{
    const Reply page = answer(200);
    const Reply denied = answer(403);
    const Reply fault = answer(503);
    const Reply sign_in = answer(401, {{"WWW-Authenticate", "Basic"}});
    const Case done = GENERATE_REF(values<Case>({
        // It was not this browser: nothing is removed.
        {denied, {}, 0, 0, false, {}, "not-this-browser", Exit::not_this_browser},
        {fault, {}, 0, 0, false, {}, "unreachable", Exit::unreachable},
        // Removed.
        {page, page, 3, 3, false, {}, "site-answers", Exit::ok},
        {page, sign_in, 3, 3, false, {}, "sign-in-challenge", Exit::ok},
        {page, denied, 3, 3, false, {}, "still-refused", Exit::still_refused},
        {page, fault, 3, 3, false, {}, "unreachable", Exit::unreachable},
        {{}, {}, 3, 3, false, {}, "removed", Exit::ok},
        // Nothing there.
        {page, {}, 0, 0, false, {}, "nothing-found", Exit::nothing_found},
        {{}, {}, 0, 0, false, {}, "nothing-found", Exit::nothing_found},
        {page, {}, 0, 0, false, {Code::locked}, "nothing-found", Exit::in_use},
        {page, {}, 0, 0, false, {Code::denied}, "nothing-found", Exit::denied},
        {page, {}, 0, 0, false, {Code::denied, Code::locked}, "nothing-found", Exit::in_use},
        {page, {}, 0, 0, false, {Code::corrupt}, "nothing-found", Exit::partial},
        // Problems on the way.
        {page, page, 3, 2, false, {Code::io}, "site-answers", Exit::partial},
        {page, page, 3, 2, false, {Code::locked}, "site-answers", Exit::partial},
        {page, denied, 3, 2, false, {Code::io}, "still-refused", Exit::partial},
        {page, {}, 3, 0, false, {Code::locked}, "not-removed", Exit::in_use},
        {page, {}, 3, 0, false, {Code::denied}, "not-removed", Exit::denied},
        {page, {}, 3, 0, false, {Code::io}, "not-removed", Exit::partial},
        {{}, {}, 3, 1, false, {Code::io}, "removed", Exit::partial},
        // Dry run.
        {page, {}, 3, 0, true, {}, "dry-run", Exit::ok},
        {{}, {}, 3, 0, true, {Code::corrupt}, "dry-run", Exit::partial},
        {page, {}, 3, 0, true, {Code::locked}, "dry-run", Exit::partial},  // as the run itself would end
        {page, {}, 0, 0, true, {}, "nothing-found", Exit::nothing_found},
        {denied, {}, 0, 0, true, {}, "not-this-browser", Exit::not_this_browser},
    }));
    CAPTURE(done.found, done.removed, done.problems.size());
    const Conclusion end = concluded(done);
    CHECK(end.verdict.code == done.verdict);
    CHECK(end.exit_code == done.exit);
    CHECK_FALSE(end.verdict.text.empty());
}

TEST_CASE("fix: a browser that is open is told as what it is, with what is in it and what to type")
{
    const std::vector<Error> open{{Code::locked, "somewhere", "Chromium has this profile open", ""}};
    Outcome outcome{.before = probe_of(answer(200)),
                    .open_browsers = {"Chromium"},
                    .open_items = 9,
                    .command = "unstick fix example.com --least"};
    const Conclusion end = conclude_fix(outcome, open);
    CHECK(end.verdict.code == "in-use");
    CHECK(end.exit_code == Exit::in_use);
    CHECK(end.verdict.text == "Chromium is open, so nothing was changed: 9 items of this site are in it.");
    CHECK_THAT(end.next.at(0), EndsWith(": unstick fix example.com --least --reopen"));
    outcome.dry_run = true;
    outcome.open_browsers.insert("Google Chrome");
    CHECK_THAT(conclude_fix(outcome, open).verdict.text,
               StartsWith("Chromium and Google Chrome are open, so nothing can"));
    outcome.can_be_closed = false;
    CHECK(conclude_fix(outcome, open).next ==
          std::vector<std::string>{"Close it and run unstick again: unstick fix example.com --least"});
    // Another profile was closed: what was done there is the verdict, and the open one is among what to do.
    outcome = {.found = 3, .removed = 3, .open_browsers = {"Chromium"}, .open_items = 1, .command = "unstick fix x"};
    const Conclusion other = conclude_fix(outcome, open);
    CHECK(other.verdict.code == "removed");
    CHECK(other.exit_code == Exit::partial);
    CHECK_THAT(other.next.back(), EndsWith("unstick fix x --reopen"));
    // Kept out like anybody: nothing was looked for.
    outcome = {.before = probe_of(answer(403)), .open_browsers = {"Chromium"}, .open_items = 1};
    CHECK(conclude_fix(outcome, {}).verdict.code == "not-this-browser");
}

TEST_CASE("why: what to do next is a whole command that tells more or removes more")
{
    WhyOutcome outcome{.before = probe_of(answer(200)),
                       .items = 9,
                       .command = "unstick fix example.com --home /h",
                       .can_ask_browser = true};
    auto next = conclude_why(outcome, {}).next;
    REQUIRE(next.size() == 3);
    CHECK_THAT(next[0], EndsWith(": unstick why example.com --home /h --retest browser"));
    CHECK_THAT(next[1], EndsWith(": unstick fix example.com --home /h"));
    CHECK_THAT(next[2], EndsWith(": unstick fix example.com --home /h --also OTHER-SITE"));
    outcome.is_open = true;
    CHECK_THAT(conclude_why(outcome, {}).next.at(0), Contains("when it is closed"));
    outcome.can_ask_browser = false;
    CHECK(conclude_why(outcome, {}).next.size() == 2);
    outcome.items = 0;
    CHECK(conclude_why(outcome, {}).next.empty());
}

TEST_CASE("why: counts what a fix leaves, too, and says so")
{
    WhyOutcome outcome{.items = 14, .left = {{Kind::network, 1}, {Kind::permissions, 2}}};
    CHECK(conclude_why(outcome, {}).verdict.text ==
          "No known fault in the 14 items stored for this site. 3 of them stay unless named (--with "
          "network,permissions): network memory (HSTS, Alt-Svc), site settings.");
    outcome.left.clear();
    CHECK(conclude_why(outcome, {}).verdict.text == "No known fault in the 14 items stored for this site.");
}

TEST_CASE("fix: what could not be removed is told as still there")
{
    const std::vector<Error> denied{{Code::denied, "somewhere", "Permission denied", ""}};
    CHECK(conclude_fix({.found = 3}, denied).verdict.text ==
          "Nothing was removed. 3 items are still there: the problems say why.");
    CHECK_THAT(conclude_fix({.found = 3, .removed = 2}, denied).verdict.text, Contains("1 item is still there"));
    CHECK_THAT(conclude_fix({.found = 3, .removed = 3}, denied).verdict.text, !Contains("still there"));
    CHECK_THAT(conclude_fix({.found = 0}, denied).verdict.text, Contains("may still be there"));
}

TEST_CASE("undo: a browser that is open is why nothing was put back")
{
    const std::vector<Error> open{{Code::locked, "somewhere", "Chromium has this profile open", ""}};
    const Conclusion end = conclude_undo({.run = "r", .open_browsers = {"Chromium"}}, open);
    CHECK(end.verdict.code == "not-restored");
    CHECK(end.verdict.text == "Nothing was put back: Chromium is open.");
    CHECK(end.exit_code == Exit::in_use);
}

TEST_CASE("fix: the words say what happened and what it does not prove")
{
    const Reply page = answer(200);
    const auto text = [](const Case& done) { return concluded(done).verdict.text; };
    CHECK_THAT(text({page, page, 1, 1, false, {}, "", Exit::ok}),
               Contains("1 item removed.") && Contains("sign in with your browser to be sure"));
    CHECK_THAT(text({page, answer(403), 2, 2, false, {}, "", Exit::ok}),
               Contains("2 items removed, but the site still refuses.") && !Contains("to be sure"));
    CHECK_THAT(text({answer(403), {}, 0, 0, false, {}, "", Exit::ok}),
               Contains("It is not this browser") && Contains("Nothing was removed."));
    CHECK_THAT(text({{}, {}, 1, 1, false, {}, "", Exit::ok}),
               Contains("1 item of this site was removed.") && Contains("was not tested"));
    CHECK_THAT(text({{}, {}, 2, 0, true, {}, "", Exit::ok}),
               Contains("2 items would be removed. Nothing was changed."));
    CHECK_THAT(text({{}, {}, 0, 0, false, {Code::corrupt}, "", Exit::ok}), Contains("where unstick could look"));
}

TEST_CASE("fix: the next steps fit the outcome")
{
    const auto next = [](const Case& done) {
        std::string all;
        for (const std::string& step : concluded(done).next) {
            all += step + "\n";
        }
        return all;
    };
    const Reply page = answer(200);
    CHECK_THAT(next({page, page, 1, 1, false, {}, "", Exit::ok}), Contains("sign in again"));
    CHECK_THAT(next({page, answer(503), 1, 1, false, {}, "", Exit::ok}), Contains("can be reached"));
    CHECK_THAT(next({page, {}, 0, 0, false, {}, "", Exit::ok}), Contains("--also"));
    CHECK_THAT(next({answer(403), {}, 0, 0, false, {}, "", Exit::ok}),
               Contains("the address, the status and the time.") && Contains("--retest none"));
    CHECK_THAT(next({answer(403, {{"cf-ray", "1"}}), {}, 0, 0, false, {}, "", Exit::ok}), Contains("request ids"));

    Reply wrong_clock = page;
    wrong_clock.date = FakeHost().clock + 301;
    CHECK_THAT(next({page, wrong_clock, 1, 1, false, {}, "", Exit::ok}), Contains("differs from the site's by 301"));
    wrong_clock.date = FakeHost().clock - 300;
    CHECK_THAT(next({page, wrong_clock, 1, 1, false, {}, "", Exit::ok}), !Contains("clock"));
}
