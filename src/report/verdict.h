#pragma once
// What a run proves, in one sentence, and its exit code. Pure.

#include <map>
#include <optional>
#include <set>

#include "report/report.h"

namespace unstick {

/// What a `fix` has seen and done.
struct Outcome {
    std::optional<Probe> before = {};  ///< what a client with nothing stored met; none: --retest none
    std::optional<Probe> after = {};   ///< what was met in the end: by the browser, if it could be asked
    std::optional<int> expect_status = {};
    std::uint64_t found = 0;
    std::uint64_t shared_by_ports = 0;  ///< items that were left because the host's other ports share them
    std::uint64_t removed = 0;
    bool dry_run = false;
    bool stale = false;            ///< only what findings name was looked for
    bool least = false;            ///< only what experiments prove was to be removed
    bool asked_person = false;     ///< who was at the terminal said after each step whether they were in
    bool has_to_be_named = false;  ///< that was proved, and is of a kind that has to be named, or another site's
    std::uint64_t spared = 0;      ///< --escalate: items that were not to be removed any more
    bool cookies_refused = false;  ///< with the cookies that are left, the site refuses
    bool all_the_same = false;     ///< it is not this browser, but what findings name was to be removed all the same
    bool browser_runs = false;     ///< it was started again
    std::optional<Probe> browser_before = {};  ///< --retest browser: what the browser met
    std::set<std::string> open_browsers = {};  ///< labels of those that were left alone as they are open
    std::uint64_t open_items = 0;              ///< what of the site is in them
    bool can_be_closed = true;                 ///< all of them can be asked to quit
    std::string command = "unstick fix SITE";  ///< what was asked for, to be typed again
};

/// What a `why` has seen.
struct WhyOutcome {
    std::optional<Probe> before = {};  ///< as Outcome::before
    std::optional<Probe> browser_before = {};
    std::optional<int> expect_status = {};
    std::vector<Finding> findings = {};
    std::uint64_t items = 0;                   ///< how many were looked at
    std::map<Kind, std::uint64_t> left = {};   ///< how many of them `command` leaves, because their kind is not named
    std::string command = "unstick fix SITE";  ///< how a `fix` of the same site starts
    bool can_ask_browser = false;              ///< a browser that has something of the site can be opened on a copy
    bool is_open = false;                      ///< it is open: it has to be closed before
};

/// What an `undo` has done, in items.
struct UndoOutcome {
    std::string run;
    std::uint64_t items = 0;
    std::uint64_t restored = 0;                ///< are back
    std::uint64_t newer = 0;                   ///< came back in the meantime, and were kept
    std::set<std::string> open_browsers = {};  ///< labels of those that something goes back to, and that are open
    bool complete = false;                     ///< there was no problem with it
};

/// How a run ends.
struct Conclusion {
    Verdict verdict = {};
    Exit exit_code = Exit::ok;
    std::vector<std::string> next = {};  ///< after the next steps that the stages name
};

// From what a command has seen and done, and from all of its problems.

/// Precedence of exit codes: an internal error (1) and refused input (2) are set elsewhere and stay. Then, if nothing
/// was removed, a profile in use (7) and a denied permission (8) come before everything else: the work could not be
/// done. Any other problem is 3. Without problems the site's answer decides: 0, 4, 5, 6, or 9 if there was nothing.
Conclusion conclude_fix(const Outcome& outcome, const std::vector<Error>& problems);

/// `why`: 10 if findings of high or medium confidence name items: those of low confidence are in healthy profiles too,
/// and a script that watches for 10 must not be called for them. Else 5 or 6 as the site answered; else as problems
/// say, or 0. Findings that nothing can be removed for change no exit code.
Conclusion conclude_why(const WhyOutcome& outcome, const std::vector<Error>& problems);

/// `test`: 0 the site answers, 4 it refuses, 6 it cannot be reached; 3 it answers, but there are problems.
Conclusion conclude_test(const Probe& probe, const std::optional<int>& expect_status,
                         const std::vector<Error>& problems);

/// 0 the password is taken, 4 it is not (or taken, and the user has no right to the page), 6 there was no answer. None:
/// the user gave no password (130).
Conclusion conclude_sign_in(const std::optional<SignInCheck>& sent, const std::string& site,
                            const std::vector<Error>& problems);

Conclusion conclude_undo(const UndoOutcome& outcome, const std::vector<Error>& problems);

/// The whole command cannot be done, and this is why.
Conclusion conclude_refused(const Error& error);

/// The user was asked whether to go on: nobody was there, or what was shown is not true any more (the error), or the
/// answer is no (130).
Conclusion conclude_declined(const Result<bool>& answer);

/// There is no browser profile at all: if nothing else went wrong, that is the verdict (9).
Conclusion or_no_profiles(Conclusion end, const std::optional<Probe>& before, const std::optional<int>& expect_status);

/// A report of everything that was seen and done, with its end.
Report concluded(Report report, Conclusion end);

/// A report that ends because the whole command cannot be done: the error is its problem, too.
Report refused(Report report, const Error& error);

/// The journal of a run cannot be read any more: what was done until then is in the report (3).
Report cut_off(Report report, const Error& unreadable);

/// Is there no point in removing anything: a client that has nothing stored is refused too, or gets no answer?
bool is_not_this_browser(const Probe& before, const std::optional<int>& expect_status);

/// The code for problems alone: 0 if there are none.
Exit exit_of_problems(const std::vector<Error>& problems, bool anything_done);

}  // namespace unstick
