#pragma once
// What the user asked for, as a value. cli.cpp makes it from arguments; run.cpp obeys it.

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kind.h"
#include "machine.h"
#include "probe.h"
#include "site.h"

namespace unstick {

enum class Command { fix, why, test, undo, runs, profiles, doctor };

std::string_view name_of(Command command);

enum class Retest { http, none };

struct Request {
    Command command = Command::fix;
    std::optional<Site> site;  ///< fix, why, test: always there; includes --also and --host

    // Where
    std::vector<std::string> browsers;  ///< adapter ids; empty = all
    std::string profile;                ///< directory name or shown name; empty = all that hold something
    fs::path user_data_dir;             ///< one Chromium user data directory; empty = discover
    fs::path home;                      ///< another home folder; empty = this one
    std::optional<Os> os;               ///< layout below `home`; only together with it
    bool all_users = false;             ///< one run for each user of this computer
    fs::path state_dir;                 ///< where runs are kept; empty = the platform's place

    // What
    std::set<Kind> kinds;
    bool whole_cache = false;     ///< with Kind::cache: the HTTP cache of all sites instead of the site's part of it
    bool only_host = false;       ///< `site` is one exact host
    bool stale = false;           ///< fix: only what findings name
    std::set<std::string> rules;  ///< with `stale`: only findings of these rules; empty = all
    bool escalate = false;        ///< fix: in steps, the smallest first, until the site answers

    // How
    bool dry_run = false;
    bool yes = false;
    bool close = false;    ///< ask a browser that holds a profile to quit
    bool reopen = false;   ///< and start it again at the end
    bool no_undo = false;  ///< erase the journal at the end
    Retest retest = Retest::http;
    ProbeOptions probe;

    // undo, runs
    std::string run;  ///< run id; empty = the last one
    bool purge = false;
    std::chrono::seconds older_than{0};  ///< purge: only runs older than this

    // Output
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    bool no_color = false;
    fs::path report_file;  ///< also write the report as a page of HTML to this file; empty = do not
    fs::path log;          ///< also write everything that is shown to this file
};

}  // namespace unstick
