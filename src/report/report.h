#pragma once
// Everything a run has to say, as a value, and its three forms. Pure: nothing here prints.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "diagnosis/finding.h"
#include "journal/run_summary.h"
#include "model/kind.h"
#include "net/probe.h"
#include "net/sign_in.h"

namespace unstick {

/// Exit codes: the contract of docs/cli.md.
enum class Exit : int {
    ok = 0,
    internal = 1,
    usage = 2,
    partial = 3,
    still_refused = 4,
    not_this_browser = 5,
    unreachable = 6,
    in_use = 7,
    denied = 8,
    nothing_found = 9,
    wrong_found = 10,
    cancelled = 130,
};

struct StoreReport {
    Kind kind = Kind::cookies;
    std::string store;  ///< StoreSpec::label
    std::string path;   ///< below the profile, or absolute if it lies elsewhere
    std::string version;
    std::uint64_t found = 0;
    std::uint64_t removed = 0;              ///< undo: restored
    std::uint64_t bytes = 0;                ///< of what was found
    std::vector<std::string> labels;        ///< what was found, for --verbose and the dry run
    std::vector<std::string> newer;         ///< undo: what came back in the meantime, and was left as it is now
    std::uint64_t shared = 0;               ///< of what was found, how many the other ports of the host share
    std::vector<std::string> cookies = {};  ///< the names of those that were found
};

/// A folder of a profile, and how it was found.
struct Place {
    std::string path;
    std::string why;
};

struct ProfileReport {
    std::string browser;        ///< id: "chrome"
    std::string browser_label;  ///< "Google Chrome"
    std::string profile;        ///< directory name
    std::string name;           ///< shown name; may be empty
    std::string path;
    Place data_folder;          ///< empty path: not known any more (undo)
    std::vector<Place> caches;  ///< where its caches lie; the first one is there if any is
    bool in_use = false;
    std::string use;                  ///< how we know
    std::vector<StoreReport> stores;  ///< fix: those with something found; profiles: all that are present
    std::optional<Probe> before;      ///< --retest browser: what its own browser met
    std::optional<Probe> after;
};

/// What `doctor` looked at and found in order, or at least no fault of this computer. Faults are problems.
struct Check {
    std::string where;
    std::string what;
};

/// What emptying this computer's cache of host names (--flush-dns) has changed.
struct NameFlush {
    std::string host;                 ///< the target's
    bool emptied = false;             ///< false: a dry run, or a problem says why not
    std::vector<std::string> before;  ///< its addresses; empty: it was not looked up, or that failed
    std::vector<std::string> after;   ///< the same after a second look-up
};

/// A site that looks stuck (command scan).
struct SiteSeen {
    std::string site;
    Confidence confidence = Confidence::low;  ///< of its first finding
    std::vector<Finding> findings;            ///< the most likely first; their items are numbers of nothing here
    std::string why;                          ///< the command that tells more, and whether it is so
};

struct Verdict {
    std::string code;  ///< stable word for scripts: docs/cli.md lists them
    std::string text;  ///< one sentence, and what it does not prove
};

struct Report {
    std::string command;
    std::string site;          ///< empty for runs, profiles
    std::string target;        ///< empty without a re-test
    std::string run;           ///< id, empty if none
    std::string undo_options;  ///< what its undo needs besides: " --home DIR"
    bool dry_run = false;
    std::int64_t begun_at = 0;  ///< our clock, Unix seconds; 0 if not known
    std::vector<ProfileReport> profiles;
    std::vector<std::string> hosts;  ///< before the question: whose data is to be removed
    std::vector<Finding> findings;   ///< the most likely cause first
    std::optional<Probe> before;     ///< what a client with nothing stored met
    std::optional<Probe> after;
    /// --retest browser: what the profiles' own browsers met; of several profiles the one that is not let in.
    std::optional<Probe> browser_before;
    std::optional<Probe> browser_after;
    std::vector<CookieProbe> with_cookies;  ///< the same with a profile's cookies, for each that has readable ones
    std::optional<SignInCheck> sign_in;     ///< test --user, if a password was sent
    std::optional<NameFlush> dns;           ///< none without --flush-dns
    Verdict verdict;
    /// What to do next, in order; one sentence each. A command to be copied stands at its end, after ": ".
    std::vector<std::string> next;
    std::vector<Error> problems;
    std::vector<Error> retest_problems;  ///< why a browser could not be asked; they change no exit code
    std::vector<Check> checks;           ///< command doctor
    std::vector<RunSummary> runs;        ///< command runs: those that are left
    std::uint64_t purged = 0;            ///< command runs: how many were erased
    std::vector<SiteSeen> sites;         ///< command scan: the most likely first
    std::uint64_t sites_looked_at = 0;   ///< command scan
    std::vector<RunSummary> expired;     ///< runs that were erased because their time was over
    Exit exit_code = Exit::ok;
};

struct TextOptions {
    bool color = false;
    bool verbose = false;
    bool quiet = false;  ///< verdict and problems only; nothing if all went well
    int width = 80;
    /// How far the clock of the place is ahead of UTC at a time (Unix seconds), in seconds; nullptr: not at all.
    std::int64_t (*offset_of)(std::int64_t) = nullptr;
};

/// For people, at most `width` columns where words allow. Everything from files or servers is made printable.
std::string to_text(const Report& report, const TextOptions& options);

/// One JSON object (docs/cli.md, schema_version 1) and a newline.
std::string to_json(const Report& report);

/// One page of HTML to be attached to a ticket: complete in itself, runs and loads nothing, and names no more than the
/// JSON does.
std::string to_html(const Report& report);

/// "locked", "denied", ...: the code of a problem in JSON.
std::string_view name_of(Code code);

}  // namespace unstick
