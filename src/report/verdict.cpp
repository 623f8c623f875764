#include "report/verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "net/compare.h"
#include "net/judgement.h"
#include "report/phrases.h"

namespace unstick {

namespace {

bool has(const std::vector<Error>& problems, Code code)
{
    return std::any_of(problems.begin(), problems.end(), [&](const Error& problem) { return problem.code == code; });
}

/// What an answer does not prove.
std::string_view caveat_of(const Probe& probe)
{
    return probe.method == "browser"
               ? " This was tried by the browser itself, on a copy of the profile and without extensions; whether you "
                 "can sign in, only you can see."
               : " Checked without your cookies. Now sign in with your browser to be sure.";
}

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

std::vector<std::string> hints_of_the_site(const Probe& probe, Exit exit_code)
{
    constexpr std::int64_t clock_is_wrong_s = 300;
    std::vector<std::string> hints;
    if (probe.server_date_skew_s && std::abs(*probe.server_date_skew_s) > clock_is_wrong_s) {
        hints.push_back(
            fmt::format("Set this computer's clock: it differs from the site's by {} seconds, and "
                        "sign-ins fail on that.",
                        std::abs(*probe.server_date_skew_s)));
    }
    if (is_answered_by_network(probe)) {
        hints.emplace_back(
            "Open any page with your browser; if the network asks for a sign-in, sign in there. Then try again.");
    }
    const bool is_refused = exit_code == Exit::not_this_browser || exit_code == Exit::still_refused;
    const std::string start = page_to_start_at(probe);
    if (is_refused && probe.status == 401 && (!start.empty() || is_for_programs(probe))) {
        hints.push_back("Another page of the site may work: start at " +
                        (start.empty() ? "the page where you sign in." : start + "."));
    }
    if (is_refused) {
        hints.emplace_back(
            probe.correlation.empty()
                ? "Tell the site's administrator the address, the status and the time."
                : "Tell the site's administrator the address, the status, the time and the request ids.");
    }
    return hints;
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

/// What the rows below look at.
struct FixCase {
    const Outcome& was;
    Exit problems = Exit::ok;           ///< what the problems alone would be
    std::optional<Answer> before = {};  ///< what a client that has nothing stored was answered
    std::optional<Answer> after = {};   ///< the answer in the end
    std::string items;                  ///< "3 items", of those that were or would be removed

    bool is_let_in() const { return after == Answer::page || after == Answer::challenge; }
    bool is_untouched() const { return was.removed == 0 && !(was.dry_run && was.found > 0); }
    /// Did the browser itself answer before and after?
    bool by_browser() const { return was.after->method == "browser" && was.browser_before; }
    bool was_stuck() const { return by_browser() && is_stuck(*was.browser_before, was.expect_status).value_or(false); }
    bool was_not_stuck() const
    {
        return by_browser() && !is_stuck(*was.browser_before, was.expect_status).value_or(true);
    }
    /// What was met before anything was removed.
    const std::optional<Probe>& met() const { return was.browser_before ? was.browser_before : was.before; }

    std::string said(const Probe& probe) const { return describe(probe, was.expect_status); }
    std::string said_after() const { return said(*was.after); }
    /// " The site answers ...", where it was asked.
    std::string said_of_what_was_met() const
    {
        return met() ? fmt::format(" {}{}", said(*met()), caveat_of(*met())) : std::string();
    }
};

using NextSteps = std::vector<std::string>;

/// "Chromium is open", "Chromium and Google Chrome are open".
std::string are_open(const std::set<std::string>& labels)
{
    return fmt::format("{} {} open", fmt::join(labels, " and "), labels.size() == 1 ? "is" : "are");
}

/// A way a `fix` can end.
struct FixRow {
    bool (*when)(const FixCase&);
    std::string_view code;  ///< of the verdict
    Exit exit;              ///< without problems; they come before it
    std::string (*text)(const FixCase&);
    NextSteps (*next)(const FixCase&, Exit) = [](const FixCase&, Exit) { return NextSteps(); };
};

NextSteps next_if_untouched(const FixCase& it, Exit exit)
{
    NextSteps next = hints_of_the_site(*it.was.before, exit);
    if (!it.was.all_the_same) {
        next.emplace_back(it.was.stale ? "To remove what findings name all the same, add --yes."
                                       : "To remove the site's data all the same, add --retest none.");
    }
    return next;
}

NextSteps next_if_open(const FixCase& it, Exit)
{
    return it.was.can_be_closed
               ? NextSteps{"Close it and run unstick again, or let unstick close it and open it again with its tabs: " +
                           it.was.command + " --reopen"}
               : NextSteps{"Close it and run unstick again: " + it.was.command};
}

NextSteps next_if_let_in(const FixCase& it, Exit exit)
{
    NextSteps next{it.was.browser_runs ? "Sign in again." : "Start the browser and sign in again."};
    if (it.was.spared > 0) {
        next.push_back(fmt::format("If that fails, run the same command again: it goes a step further ({} left).",
                                   count_of(it.was.spared, "item is", "items are")));
    }
    const NextSteps hints = hints_of_the_site(*it.was.after, exit);
    next.insert(next.end(), hints.begin(), hints.end());
    return next;
}

/// One sentence, and then what the site says.
NextSteps next_and_hints(const FixCase& it, Exit exit, const char* sentence)
{
    NextSteps next{sentence};
    const NextSteps hints = hints_of_the_site(*it.was.after, exit);
    next.insert(next.end(), hints.begin(), hints.end());
    return next;
}

/// The first row that applies tells verdict, exit code and next steps.
constexpr FixRow fix_rows[] = {
    {.when = [](const FixCase& it) { return it.was.found == 0 && it.was.has_to_be_named; },
     .code = "proved",
     .exit = Exit::wrong_found,
     .text = [](const FixCase&) -> std::string {
         return "It was proved what keeps the browser out. That is removed only if you name its kind or its site, "
                "so nothing was removed.";
     }},
    // A client that has nothing stored is kept out, too, and nothing was removed.
    {.when = [](const FixCase& it) { return it.is_untouched() && it.before == Answer::refused; },
     .code = "not-this-browser",
     .exit = Exit::not_this_browser,
     .text =
         [](const FixCase& it) {
             return "It is not this browser: a client that has nothing stored is refused the same way. Nothing was "
                    "removed. " +
                    it.said(*it.was.before);
         },
     .next = next_if_untouched},
    {.when = [](const FixCase& it) { return it.is_untouched() && it.before == Answer::unreachable; },
     .code = "unreachable",
     .exit = Exit::unreachable,
     .text =
         [](const FixCase& it) {
             return "The site cannot be reached, so nothing was removed. " + it.said(*it.was.before);
         },
     .next = next_if_untouched},
    // A browser that is open is the normal case.
    {.when = [](const FixCase& it) { return it.was.found == 0 && it.was.open_items > 0; },
     .code = "in-use",
     .exit = Exit::in_use,
     .text =
         [](const FixCase& it) {
             return fmt::format("{}, so nothing {} changed: {} of this site {} in {}.", are_open(it.was.open_browsers),
                                it.was.dry_run ? "can be" : "was", count_of(it.was.open_items, "item", "items"),
                                it.was.open_items == 1 ? "is" : "are",
                                it.was.open_browsers.size() == 1 ? "it" : "them");
         },
     .next = next_if_open},
    // Nothing is there.
    {.when = [](const FixCase& it) { return it.was.found == 0 && it.was.shared_by_ports > 0; },
     .code = "nothing-found",
     .exit = Exit::nothing_found,
     .text =
         [](const FixCase& it) {
             return "Nothing was found that this port has alone; what the host's other ports share was left." +
                    it.said_of_what_was_met();
         }},
    {.when =
         [](const FixCase& it) {
             return it.was.found == 0 && it.was.browser_before &&
                    is_stuck(*it.was.browser_before, it.was.expect_status) == false;
         },
     .code = "not-stuck",
     .exit = Exit::ok,
     .text =
         [](const FixCase& it) {
             return fmt::format("The browser is not stuck, as far as can be seen: nothing was removed. {}{}",
                                it.said(*it.was.browser_before), caveat_of(*it.was.browser_before));
         }},
    {.when =
         [](const FixCase& it) {
             return it.was.found == 0 && it.was.least && it.was.browser_before &&
                    is_stuck(*it.was.browser_before, it.was.expect_status) == true;
         },
     .code = "nothing-proved",
     .exit = Exit::still_refused,
     .text =
         [](const FixCase& it) {
             return "The browser is stuck, and nothing was proved to keep it out, so nothing was removed. " +
                    it.said(*it.was.browser_before);
         },
     .next =
         [](const FixCase&, Exit) {
             return NextSteps{
                 "To remove step by step until the browser is not stuck any more, take --escalate --retest browser "
                 "instead of --least."};
         }},
    {.when = [](const FixCase& it) { return it.was.found == 0 && it.was.asked_person; },
     .code = "nothing-proved",
     .exit = Exit::still_refused,
     .text = [](const FixCase&) -> std::string {
         return "What keeps you out was not found. What was taken away meanwhile is back.";
     }},
    {.when = [](const FixCase& it) { return it.was.found == 0 && it.was.least; },
     .code = "nothing-proved",
     .exit = Exit::nothing_found,
     .text =
         [](const FixCase& it) {
             return "Whether the browser is stuck could not be told, so nothing was removed." +
                    it.said_of_what_was_met();
         },
     .next =
         [](const FixCase& it, Exit) {
             return it.was.browser_before ? NextSteps{"Say what tells: --expect-text, --expect-url or --stuck-text."}
                                          : NextSteps{"No browser could be asked; `unstick why` says what is likely."};
         }},
    {.when = [](const FixCase& it) { return it.was.found == 0 && it.was.stale; },
     .code = "nothing-stale",
     .exit = Exit::nothing_found,
     .text = [](const FixCase&) -> std::string {
         return "No finding names anything that could be removed. Nothing was changed.";
     },
     .next = [](const FixCase&,
                Exit) { return NextSteps{"To remove all that the site stored, leave out --stale and --rule."}; }},
    {.when = [](const FixCase& it) { return it.was.found == 0 && it.problems != Exit::ok; },
     .code = "nothing-found",
     .exit = Exit::nothing_found,
     .text =
         [](const FixCase& it) {
             return "Nothing of this site was found where unstick could look; what it could not read may still be "
                    "there." +
                    it.said_of_what_was_met();
         }},
    {.when = [](const FixCase& it) { return it.was.found == 0; },
     .code = "nothing-found",
     .exit = Exit::nothing_found,
     .text =
         [](const FixCase& it) {
             return "Nothing of this site is stored in any browser profile." + it.said_of_what_was_met();
         },
     .next =
         [](const FixCase& it, Exit) {
             return NextSteps{"If the login is stuck all the same, look at the site where you sign in, too: " +
                              it.was.command + " --also OTHER-SITE"};
         }},
    {.when = [](const FixCase& it) { return it.was.dry_run; },
     .code = "dry-run",
     .exit = Exit::ok,
     .text = [](const FixCase& it) { return it.items + " would be removed. Nothing was changed."; }},
    // Nobody was asked afterwards.
    {.when = [](const FixCase& it) { return !it.after && it.was.removed > 0; },
     .code = "removed",
     .exit = Exit::ok,
     .text =
         [](const FixCase& it) {
             return fmt::format("{} of this site {} removed. Whether the site lets you in now was not tested.",
                                it.items, it.was.removed == 1 ? "was" : "were");
         }},
    {.when = [](const FixCase& it) { return !it.after; },
     .code = "not-removed",
     .exit = Exit::ok,
     .text = [](const FixCase&) -> std::string { return "Nothing was removed."; }},
    // The answer decides.
    {.when = [](const FixCase& it) { return it.is_let_in() && it.was.cookies_refused; },
     .code = "still-refused",
     .exit = Exit::still_refused,
     .text =
         [](const FixCase& it) {
             return it.items +
                    " removed, but with the cookies that are left the site still refuses; without any it lets a "
                    "client in.";
         },
     .next =
         [](const FixCase& it, Exit exit) {
             return next_and_hints(it, exit,
                                   "To remove all that the site stored, leave out --stale, --rule and --keep.");
         }},
    {.when = [](const FixCase& it) { return it.is_let_in() && it.was_stuck(); },
     .code = "fixed",
     .exit = Exit::ok,
     .text =
         [](const FixCase& it) {
             return fmt::format("{} removed. The browser was stuck, and is not any more: {}{}", it.items,
                                it.said_after(), caveat_of(*it.was.after));
         },
     .next = next_if_let_in},
    {.when = [](const FixCase& it) { return it.is_let_in() && it.was_not_stuck(); },
     .code = "was-not-stuck",
     .exit = Exit::ok,
     .text =
         [](const FixCase& it) {
             return fmt::format(
                 "{} removed. The browser was not stuck before, as far as can be seen, and is not now: {}{}", it.items,
                 it.said_after(), caveat_of(*it.was.after));
         },
     .next = next_if_let_in},
    {.when = [](const FixCase& it) { return it.is_let_in() && it.by_browser(); },
     .code = "cannot-tell",
     .exit = Exit::ok,
     .text =
         [](const FixCase& it) {
             return fmt::format(
                 "{} removed. Whether the browser was stuck could not be told from what it showed: {} "
                 "Now: {}{}",
                 it.items, it.said(*it.was.browser_before), it.said_after(), caveat_of(*it.was.after));
         },
     .next = next_if_let_in},
    {.when = [](const FixCase& it) { return it.after == Answer::challenge; },
     .code = "sign-in-challenge",
     .exit = Exit::ok,
     .text =
         [](const FixCase& it) {
             return fmt::format("{} removed. {}{}", it.items, it.said_after(), caveat_of(*it.was.after));
         },
     .next = next_if_let_in},
    {.when = [](const FixCase& it) { return it.after == Answer::page; },
     .code = "site-answers",
     .exit = Exit::ok,
     .text =
         [](const FixCase& it) {
             return fmt::format("{} removed. {}{}", it.items, it.said_after(), caveat_of(*it.was.after));
         },
     .next = next_if_let_in},
    {.when = [](const FixCase& it) { return it.after == Answer::refused && it.was.all_the_same; },
     .code = "not-this-browser",
     .exit = Exit::not_this_browser,
     .text =
         [](const FixCase& it) {
             return fmt::format(
                 "{} that findings name removed, but it is not this browser: a client that has nothing "
                 "stored is refused too. {}",
                 it.items, it.said_after());
         },
     .next = [](const FixCase& it, Exit exit) { return hints_of_the_site(*it.was.after, exit); }},
    {.when = [](const FixCase& it) { return it.after == Answer::refused; },
     .code = "still-refused",
     .exit = Exit::still_refused,
     .text =
         [](const FixCase& it) {
             return fmt::format("{} removed, but the site still refuses. {}", it.items, it.said_after());
         },
     .next = [](const FixCase& it, Exit exit) { return hints_of_the_site(*it.was.after, exit); }},
    {.when = [](const FixCase&) { return true; },
     .code = "unreachable",
     .exit = Exit::unreachable,
     .text = [](const FixCase& it) { return fmt::format("{} removed. {}", it.items, it.said_after()); },
     .next = [](const FixCase& it,
                Exit exit) { return next_and_hints(it, exit, "Try again when the site can be reached."); }},
};

FixCase case_of(const Outcome& outcome, const std::vector<Error>& problems)
{
    FixCase it{.was = outcome, .items = count_of(outcome.dry_run ? outcome.found : outcome.removed, "item", "items")};
    if (outcome.before) {
        it.before = answer_of(*outcome.before, outcome.expect_status);
    }
    if (outcome.after) {
        it.after = answer_of(*outcome.after, outcome.expect_status);
    }
    // Where nothing was looked for because it is not this browser, nothing is left undone by a problem either.
    const bool was_not_to_be = outcome.before && is_not_this_browser(*outcome.before, outcome.expect_status) &&
                               it.is_untouched() && !outcome.all_the_same;
    it.problems = was_not_to_be ? Exit::ok : exit_of_problems(problems, !it.is_untouched());
    return it;
}

}  // namespace

Conclusion conclude_fix(const Outcome& outcome, const std::vector<Error>& problems)
{
    const FixCase it = case_of(outcome, problems);
    const FixRow& row =
        *std::find_if(std::begin(fix_rows), std::end(fix_rows), [&](const FixRow& one) { return one.when(it); });
    const Exit exit = it.problems != Exit::ok ? it.problems : row.exit;
    Conclusion end{{std::string(row.code), row.text(it)}, exit, row.next(it, exit)};
    if (it.problems != Exit::ok && !outcome.dry_run && outcome.found > outcome.removed) {
        end.verdict.text += fmt::format(" {} still there: the problems say why.",
                                        count_of(outcome.found - outcome.removed, "item is", "items are"));
    }
    if (outcome.open_items > 0 && row.code != "in-use") {
        const NextSteps about_open = next_if_open(it, exit);
        end.next.insert(end.next.end(), about_open.begin(), about_open.end());
    }
    return end;
}

namespace {

/// How many findings name items that are likely to be the cause, or are a hint only.
std::uint64_t removable(const std::vector<Finding>& findings, bool likely)
{
    return static_cast<std::uint64_t>(std::count_if(findings.begin(), findings.end(), [&](const Finding& finding) {
        return !finding.items.empty() && (finding.confidence != Confidence::low) == likely;
    }));
}

Conclusion wrong_found(const std::vector<Finding>& findings)
{
    if (findings.front().confidence == Confidence::proved) {
        return {{"proved", findings.front().what + " Nothing was changed."}, Exit::wrong_found};
    }
    const bool cookies_refused = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
        // Of low confidence: from a recording, that compares nothing.
        return finding.rule == "cookies-refused" && finding.confidence != Confidence::low;
    });
    return {{"wrong-found",
             (cookies_refused ? "With your browser's cookies the site refuses, without them it lets in. " : "") +
                 count_of(removable(findings, true), "likely cause was", "likely causes were") +
                 " found that unstick can remove. Nothing was changed."},
            Exit::wrong_found};
}

/// `why`, where a client that has nothing stored is kept out, too.
Conclusion kept_out(const Probe& before, const std::optional<int>& expect_status)
{
    const bool refused = answer_of(before, expect_status) == Answer::refused;
    const Exit exit = refused ? Exit::not_this_browser : Exit::unreachable;
    return {{refused ? "not-this-browser" : "unreachable",
             (refused ? "It is not this browser: a client that has nothing stored is refused the same way. "
                      : "The site cannot be reached. ") +
                 describe(before, expect_status)},
            exit,
            hints_of_the_site(before, exit)};
}

/// `why`, where the browser itself gets what a fresh one gets, or more.
Conclusion not_stuck(const WhyOutcome& outcome, Exit exit)
{
    const Probe& met = *outcome.browser_before;
    const bool is_alike = met.fresh && judge(met).state == PageState::like_fresh;
    return {
        {"not-stuck",
         (is_alike ? "Your browser gets the same page as a fresh one, so removing what the site stored would change "
                     "nothing there. "
                   : "Your browser is not stuck, as far as can be seen: nothing needs removing. ") +
             describe(met, outcome.expect_status) + std::string(caveat_of(met))},
        exit,
        {"If the trouble comes later, name the page where it shows: --url ADDRESS, or --stuck-text TEXT with words "
         "that it shows."}};
}

/// What to do where nothing is named: first what tells more, then what removes more.
std::vector<std::string> next_if_nothing_named(const WhyOutcome& outcome)
{
    std::vector<std::string> next;
    if (outcome.items == 0) {
        return next;
    }
    if (outcome.can_ask_browser && !outcome.browser_before) {
        next.push_back(fmt::format("Let the browser itself try{}, on a copy of its profile: {} --retest browser",
                                   outcome.is_open ? " when it is closed" : "", why_command(outcome.command)));
    }
    next.push_back("If the login is stuck all the same, remove all that the site stored: " + outcome.command);
    next.push_back("If you sign in at another site, take that one along: " + outcome.command + " --also OTHER-SITE");
    return next;
}

/// What of the items looked at a `fix` leaves: it asks about fewer than `why` has counted. Empty if it takes them all.
std::string left_by_fix(const WhyOutcome& outcome)
{
    std::uint64_t items = 0;
    std::vector<std::string_view> labels;
    std::vector<std::string_view> names;
    for (const auto& [kind, count] : outcome.left) {
        items += count;
        labels.push_back(info(kind).label);
        names.push_back(info(kind).name);
    }
    return items == 0 ? std::string()
                      : fmt::format(" {} of them {} unless named (--with {}): {}.", items,
                                    items == 1 ? "stays" : "stay", fmt::join(names, ","), fmt::join(labels, ", "));
}

/// `why`, where neither a finding nor the site's answer names a cause.
Conclusion nothing_likely(const WhyOutcome& outcome, Exit exit)
{
    const std::string looked_at = count_of(outcome.items, "item", "items");
    const std::uint64_t hints = removable(outcome.findings, false);
    Conclusion end{{outcome.findings.empty() ? "nothing-wrong"
                    : hints > 0              ? "only-hints"
                                             : "nothing-to-remove",
                    hints > 0 ? fmt::format("No likely cause in the {} stored for this site, only {}.", looked_at,
                                            count_of(hints, "hint", "hints"))
                    : outcome.items == 0 ? "Nothing of this site is stored in any browser profile."
                                         : fmt::format("No known fault in the {} stored for this site.", looked_at)},
                   exit};
    end.verdict.text += left_by_fix(outcome);
    if (outcome.before) {
        const Probe& met = outcome.browser_before ? *outcome.browser_before : *outcome.before;
        end.verdict.text += " " + describe(met, outcome.expect_status) + std::string(caveat_of(met));
    }
    end.next = next_if_nothing_named(outcome);
    return end;
}

}  // namespace

Conclusion conclude_why(const WhyOutcome& outcome, const std::vector<Error>& problems)
{
    const bool is_proved = !outcome.findings.empty() && outcome.findings.front().confidence == Confidence::proved;
    if (is_proved || removable(outcome.findings, true) > 0) {
        return wrong_found(outcome.findings);
    }
    const Exit problem_exit = exit_of_problems(problems, true);
    const bool others_too = outcome.before && is_not_this_browser(*outcome.before, outcome.expect_status);
    const auto stuck = outcome.browser_before ? is_stuck(*outcome.browser_before, outcome.expect_status) : std::nullopt;
    if (!others_too && stuck == true) {
        return {{"stuck", "The browser is stuck, and a client that has nothing stored is not. " +
                              describe(*outcome.browser_before, outcome.expect_status)},
                problem_exit != Exit::ok ? problem_exit : Exit::still_refused,
                {"Remove only what the browser itself, on copies of its profile, proves to keep it out: " +
                     outcome.command + " --least",
                 "Or remove all that the site stored: " + outcome.command}};
    }
    if (!others_too && stuck == false) {
        return not_stuck(outcome, problem_exit);
    }
    return others_too ? kept_out(*outcome.before, outcome.expect_status) : nothing_likely(outcome, problem_exit);
}

Conclusion conclude_test(const Probe& probe, const std::optional<int>& expect_status,
                         const std::vector<Error>& problems)
{
    Conclusion end{verdict_of_answer(probe, expect_status), exit_of_answer(answer_of(probe, expect_status))};
    if (end.exit_code == Exit::ok) {
        end.verdict.text += caveat_of(probe);
        end.exit_code = exit_of_problems(problems, true);
    }
    end.next = hints_of_the_site(probe, end.exit_code);
    return end;
}

Conclusion conclude_sign_in(const std::optional<SignInCheck>& sent, const std::string& site,
                            const std::vector<Error>& problems)
{
    if (!sent) {
        return {{"cancelled", "Cancelled. No password was sent."}, Exit::cancelled};
    }
    const SignInCheck& check = *sent;
    const std::string by = fmt::format(" ({}, {})", check.scheme, check.probe.status);
    if (check.taken) {
        return {{"password-taken", "The site takes this name and password" + by +
                                       ". If the browser does not get in, what it has saved or stored is different."},
                exit_of_problems(problems, true),
                {"Find out what is stored: unstick why " + shell_word(site)}};
    }
    if (check.probe.status == 401) {
        return {{"password-refused", "The site does not take this name and password" + by +
                                         ". It is not the browser, unless a letter was typed wrong."},
                Exit::still_refused,
                {"Look whether Caps Lock is on; whether the password was changed or has run out; and ask the site's "
                 "administrator."}};
    }
    if (check.probe.status == 403) {
        return {{"password-no-right",
                 "The site answers 403" + by + ": it may know this name and password, but does not let it in here."},
                Exit::still_refused,
                {"Ask the site's administrator for the right to this page."}};
    }
    const bool no_answer = check.probe.status == 0;
    return {
        {no_answer ? "unreachable" : "refused", describe(check.probe, {})},
        no_answer || check.probe.status >= 500 || check.probe.status == 429 ? Exit::unreachable : Exit::still_refused};
}

Conclusion conclude_undo(const UndoOutcome& outcome, const std::vector<Error>& problems)
{
    const std::uint64_t restored = outcome.restored;
    const std::string all = count_of(outcome.items, "item", "items");
    Conclusion end{.exit_code = exit_of_problems(problems, restored > 0)};
    if (restored == 0 && !outcome.open_browsers.empty()) {
        end.verdict = {"not-restored", "Nothing was put back: " + are_open(outcome.open_browsers) + "."};
    } else if (!outcome.complete) {
        end.verdict = {restored > 0 ? "partly-restored" : "not-restored",
                       fmt::format("{} of {} are back.", restored, all)};
    } else if (outcome.newer == 0) {
        end.verdict = {"restored", fmt::format("Everything is back: {}.", count_of(restored, "item", "items"))};
    } else {
        end.verdict = {"restored", fmt::format("{} of {} are back, {} newer kept.", restored, all, outcome.newer)};
    }
    if (outcome.newer > 0) {
        end.next.push_back("To put the older ones in their place: unstick undo " + outcome.run + " --replace");
    }
    return end;
}

Conclusion conclude_refused(const Error& error)
{
    const Exit exit = error.code == Code::usage || error.code == Code::not_found ? Exit::usage
                      : error.code == Code::locked                               ? Exit::in_use
                      : error.code == Code::denied                               ? Exit::denied
                                                                                 : Exit::partial;
    return {{"refused-input", error.what}, exit};
}

Conclusion conclude_declined(const Result<bool>& answer)
{
    return answer ? Conclusion{{"cancelled", "Cancelled. Nothing was changed."}, Exit::cancelled}
                  : conclude_refused(answer.error());
}

Conclusion or_no_profiles(Conclusion end, const std::optional<Probe>& before, const std::optional<int>& expect_status)
{
    if (end.exit_code != Exit::ok && end.exit_code != Exit::nothing_found) {
        return end;
    }
    return {{"no-profiles", "No browser profile was found, so there was nothing to look into." +
                                (before ? " " + describe(*before, expect_status) : std::string())},
            Exit::nothing_found,
            {"Is the browser's data at another place? Name its folder with --user-data-dir DIR.",
             "Does another user have the profile? Name that user's home folder with --home DIR."}};
}

Report concluded(Report report, Conclusion end)
{
    report.verdict = std::move(end.verdict);
    report.exit_code = end.exit_code;
    report.next.insert(report.next.end(), std::make_move_iterator(end.next.begin()),
                       std::make_move_iterator(end.next.end()));
    return report;
}

Report refused(Report report, const Error& error)
{
    report.problems.push_back(error);
    return concluded(std::move(report), conclude_refused(error));
}

Report cut_off(Report report, const Error& unreadable)
{
    Error& problem = report.problems.emplace_back(unreadable);
    problem.hint = "run `unstick undo` once the disk is well: what was not done can still be put back";
    const std::string_view code = report.command == "undo" ? "not-restored" : "not-removed";
    return concluded(std::move(report),
                     {{std::string(code), "The run was cut off: its journal cannot be read."}, Exit::partial});
}

}  // namespace unstick
