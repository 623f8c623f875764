#include "verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "text.h"

namespace unstick {

namespace {

bool has(const std::vector<Error>& problems, Code code)
{
    return std::any_of(problems.begin(), problems.end(), [&](const Error& problem) { return problem.code == code; });
}

constexpr const char* only_your_browser =
    " This was tried with a client that has nothing stored; whether you can sign in, only your own browser shows.";

Exit exit_of_answer(Answer answer)
{
    switch (answer) {
        case Answer::page:
        case Answer::challenge:
            return Exit::ok;
        case Answer::refused:
            return Exit::still_refused;
        case Answer::unreachable:
            break;
    }
    return Exit::unreachable;
}

/// The verdict of an answer met when nothing (more) is to be removed.
Verdict verdict_of_answer(const Probe& probe, const std::optional<int>& expect_status)
{
    const std::string said = describe(probe, expect_status);
    switch (answer_of(probe, expect_status)) {
        case Answer::page:
            return {"site-answers", said};
        case Answer::challenge:
            return {"sign-in-challenge", said};
        case Answer::refused:
            return {"refused", said};
        case Answer::unreachable:
            break;
    }
    return {"unreachable", said};
}

void add_hints_of_the_site(Report& report, const Probe& probe)
{
    constexpr std::int64_t clock_is_wrong_s = 300;
    if (probe.server_date_skew_s && std::abs(*probe.server_date_skew_s) > clock_is_wrong_s) {
        report.next.push_back(
            fmt::format("Set this computer's clock: it differs from the site's by {} seconds, and "
                        "sign-ins fail on that.",
                        std::abs(*probe.server_date_skew_s)));
    }
    if (report.exit_code == Exit::not_this_browser || report.exit_code == Exit::still_refused) {
        report.next.push_back(
            probe.correlation.empty()
                ? "Tell the site's administrator the address, the status and the time."
                : "Tell the site's administrator the address, the status, the time and the request ids.");
    }
}

}  // namespace

bool is_not_this_browser(const Probe& before, const std::optional<int>& expect_status)
{
    const Answer answer = answer_of(before, expect_status);
    return answer == Answer::refused || answer == Answer::unreachable;
}

Exit exit_of_problems(const std::vector<Error>& problems, bool anything_done)
{
    if (problems.empty()) {
        return Exit::ok;
    }
    if (!anything_done && has(problems, Code::locked)) {
        return Exit::in_use;
    }
    if (!anything_done && has(problems, Code::denied)) {
        return Exit::denied;
    }
    return Exit::partial;
}

namespace {

/// A client that has nothing stored is refused too, and nothing was removed.
void conclude_untouched(Report& report, const Outcome& outcome)
{
    const bool refused = answer_of(*outcome.before, outcome.expect_status) == Answer::refused;
    report.exit_code = refused ? Exit::not_this_browser : Exit::unreachable;
    report.verdict = refused
                         ? Verdict{"not-this-browser",
                                   "It is not this browser: a client that has nothing stored is refused the same way. "
                                   "Nothing was removed. " +
                                       describe(*outcome.before, outcome.expect_status)}
                         : Verdict{"unreachable", "The site cannot be reached, so nothing was removed. " +
                                                      describe(*outcome.before, outcome.expect_status)};
    if (outcome.all_the_same && !report.problems.empty()) {
        report.exit_code = exit_of_problems(report.problems, false);
    }
    add_hints_of_the_site(report, *outcome.before);
    if (!outcome.all_the_same) {
        report.next.emplace_back(outcome.stale ? "To remove what findings name all the same, add --yes."
                                               : "To remove the site's data all the same, add --retest none.");
    }
}

}  // namespace

void conclude_fix(Report& report, const Outcome& outcome)
{
    const auto& last = outcome.after ? outcome.after : outcome.before;
    const bool anything_done = outcome.removed > 0 || (outcome.dry_run && outcome.found > 0);
    const Exit problem_exit = exit_of_problems(report.problems, anything_done);
    const bool other_cause = outcome.before && is_not_this_browser(*outcome.before, outcome.expect_status);
    if (other_cause && outcome.removed == 0 && !(outcome.dry_run && outcome.found > 0)) {
        conclude_untouched(report, outcome);
        return;
    }
    if (outcome.found == 0 && outcome.stale) {
        report.exit_code = problem_exit != Exit::ok ? problem_exit : Exit::nothing_found;
        report.verdict = {"nothing-stale", "No finding names anything that could be removed. Nothing was changed."};
        report.next.emplace_back("To remove all that the site stored, leave out --stale and --rule.");
        return;
    }
    if (outcome.found == 0) {
        report.exit_code = problem_exit != Exit::ok ? problem_exit : Exit::nothing_found;
        report.verdict = {"nothing-found", problem_exit == Exit::ok
                                               ? "Nothing of this site is stored in any browser profile."
                                               : "Nothing of this site was found where unstick could look."};
        if (last) {
            report.verdict.text += " " + describe(*last, outcome.expect_status) + only_your_browser;
        }
        if (problem_exit == Exit::ok) {
            report.next.emplace_back(
                "If the login is stuck all the same, look at the sign-in provider's site: name it "
                "with --also.");
        }
        return;
    }
    const std::string items = count_of(outcome.dry_run ? outcome.found : outcome.removed, "item", "items");
    if (outcome.dry_run) {
        report.exit_code = problem_exit;
        report.verdict = {"dry-run", items + " would be removed. Nothing was changed."};
        return;
    }
    if (!outcome.after) {
        report.exit_code = problem_exit;
        report.verdict = {outcome.removed > 0 ? "removed" : "not-removed",
                          items + " of this site " + (outcome.removed == 1 ? "was" : "were") + " removed."};
        if (outcome.removed > 0) {
            report.verdict.text += " Whether the site lets you in now was not tested.";
        }
        return;
    }
    report.verdict = verdict_of_answer(*outcome.after, outcome.expect_status);
    const Exit answered = exit_of_answer(answer_of(*outcome.after, outcome.expect_status));
    report.exit_code = problem_exit != Exit::ok ? problem_exit : answered;
    if (answered == Exit::ok) {
        report.verdict.text = fmt::format("{} removed. {}{}", items, report.verdict.text, only_your_browser);
        report.next.emplace_back(outcome.browser_runs ? "Sign in again." : "Start the browser and sign in again.");
        if (outcome.spared > 0) {
            report.next.push_back(
                fmt::format("If that fails, run the same command again: it goes a step further ({} left).",
                            count_of(outcome.spared, "item is", "items are")));
        }
    } else if (answered == Exit::still_refused && outcome.all_the_same) {
        report.exit_code = problem_exit != Exit::ok ? problem_exit : Exit::not_this_browser;
        report.verdict.code = "not-this-browser";
        report.verdict.text = fmt::format(
            "{} that findings name removed, but it is not this browser: a client that has nothing stored is refused "
            "too. {}",
            items, report.verdict.text);
    } else if (answered == Exit::still_refused) {
        report.verdict.code = "still-refused";
        report.verdict.text = fmt::format("{} removed, but the site still refuses. {}", items, report.verdict.text);
    } else {
        report.verdict.text = fmt::format("{} removed. {}", items, report.verdict.text);
        report.next.emplace_back("Try again when the site can be reached.");
    }
    add_hints_of_the_site(report, *outcome.after);
}

void conclude_why(Report& report, const std::optional<int>& expect_status, std::uint64_t items)
{
    const auto removable = std::count_if(report.findings.begin(), report.findings.end(),
                                         [](const Finding& finding) { return !finding.items.empty(); });
    if (removable > 0) {
        report.exit_code = Exit::wrong_found;
        report.verdict = {"wrong-found",
                          count_of(static_cast<std::uint64_t>(removable), "likely cause was", "likely causes were") +
                              " found that `unstick fix` can remove. Nothing was changed."};
        return;
    }
    const Exit problem_exit = exit_of_problems(report.problems, true);
    if (report.before && is_not_this_browser(*report.before, expect_status)) {
        const bool refused = answer_of(*report.before, expect_status) == Answer::refused;
        report.exit_code = refused ? Exit::not_this_browser : Exit::unreachable;
        report.verdict = {
            refused ? "not-this-browser" : "unreachable",
            (refused ? "It is not this browser: a client that has nothing stored is refused the same way. "
                     : "The site cannot be reached. ") +
                describe(*report.before, expect_status)};
        add_hints_of_the_site(report, *report.before);
        return;
    }
    report.exit_code = problem_exit;
    report.verdict = {report.findings.empty() ? "nothing-wrong" : "nothing-to-remove",
                      fmt::format("Nothing that is wrong and could be removed was found among {} of this site.",
                                  count_of(items, "item", "items"))};
    if (report.before) {
        report.verdict.text += " " + describe(*report.before, expect_status) + only_your_browser;
    }
    if (items > 0) {
        report.next.emplace_back("If the login is stuck all the same, `unstick fix` removes all that the site stored.");
    }
}

void conclude_test(Report& report, const Probe& probe, const std::optional<int>& expect_status)
{
    report.verdict = verdict_of_answer(probe, expect_status);
    report.exit_code = exit_of_answer(answer_of(probe, expect_status));
    if (report.exit_code == Exit::ok) {
        report.verdict.text += only_your_browser;
    }
    add_hints_of_the_site(report, probe);
}

}  // namespace unstick
