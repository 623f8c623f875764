#pragma once
// Everything a run has to say, as a value, and its three forms. Pure: nothing here prints.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "findings/finding.h"
#include "kind.h"
#include "probe.h"
#include "result.h"

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
    std::uint64_t removed = 0;        ///< undo: restored
    std::uint64_t bytes = 0;          ///< of what was found
    std::vector<std::string> labels;  ///< what was found, for --verbose and the dry run
};

struct ProfileReport {
    std::string browser;        ///< id: "chrome"
    std::string browser_label;  ///< "Google Chrome"
    std::string profile;        ///< directory name
    std::string name;           ///< shown name; may be empty
    std::string path;
    bool in_use = false;
    std::string use;                  ///< how we know
    std::vector<StoreReport> stores;  ///< fix: those with something found; profiles: all that are present
};

/// What `doctor` looked at and found in order, or at least no fault of this computer. Faults are problems.
struct Check {
    std::string where;
    std::string what;
};

struct RunSummary {
    std::string id;
    std::int64_t when = 0;  ///< Unix seconds
    std::string site;
    std::string state;  ///< "done", "interrupted", "undone"
    std::uint64_t profiles = 0;
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;  ///< of the run's folder
};

struct Verdict {
    std::string code;  ///< stable word for scripts: docs/cli.md lists them
    std::string text;  ///< one sentence, and what it does not prove
};

struct Report {
    std::string command;
    std::string site;    ///< empty for runs, profiles
    std::string target;  ///< empty without a re-test
    std::string run;     ///< id, empty if none
    bool dry_run = false;
    std::int64_t begun_at = 0;  ///< our clock, Unix seconds; 0 if not known
    std::vector<ProfileReport> profiles;
    std::vector<Finding> findings;  ///< the most likely cause first
    std::optional<Probe> before;
    std::optional<Probe> after;
    Verdict verdict;
    std::vector<std::string> next;  ///< what to do next, in order; one sentence each
    std::vector<Error> problems;
    std::vector<Check> checks;     ///< command doctor
    std::vector<RunSummary> runs;  ///< command runs: those that are left
    std::uint64_t purged = 0;      ///< command runs: how many were erased
    Exit exit_code = Exit::ok;
};

struct TextOptions {
    bool color = false;
    bool verbose = false;
    bool quiet = false;  ///< verdict and problems only
    int width = 80;
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
