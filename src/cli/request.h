#pragma once
// What the user asked for, as a value. parse.cpp makes it from arguments; app/commands/ obeys it.

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/kind.h"
#include "net/probe.h"
#include "platform/machine.h"
#include "platform/system_log.h"
#include "web/site.h"

namespace unstick {

enum class Command { fix, why, test, undo, runs, profiles, doctor, scan };

std::string_view name_of(Command command);

enum class Retest { http, browser, none };

/// A further site that the same is asked for.
struct SiteAsked {
    Site site;
    std::vector<std::string> notes;  ///< how it was read
};

struct Request {
    Command command = Command::fix;
    std::optional<Site> site;  ///< fix, why, test: always there; includes --also, --host, --subdomains, --all-ports

    std::vector<SiteAsked> more_sites;  ///< one run each, after the one of `site`

    // Where
    std::vector<std::string> browsers;   ///< adapter ids; empty = all
    std::string profile;                 ///< directory name or shown name; empty = all that hold something
    std::string browser_family;          ///< only browsers of this family; empty = all
    fs::path user_data_dir;              ///< one Chromium user data directory; empty = discover
    fs::path cache_dir;                  ///< where caches lie besides the places that are found; empty = nowhere
    fs::path home;                       ///< another home folder; empty = this one
    std::optional<Os> os;                ///< layout below `home`; only together with it
    bool all_users = false;              ///< one run for each user of this computer
    std::chrono::minutes user_time{10};  ///< with `all_users`: for each of them
    std::vector<std::string> notes;      ///< what the report says first: how SITE was read, where was looked
    fs::path state_dir;                  ///< where runs are kept; empty = the platform's place
    std::string undo_options;            ///< what `undo` of this run needs, to be typed: " --home DIR"

    // What
    std::set<Kind> kinds;
    std::vector<std::string> keep_cookies;  ///< names of cookies that stay; `*` stands for any characters
    bool whole_cache = false;     ///< with Kind::cache: the HTTP cache of all sites instead of the site's part of it
    bool only_host = false;       ///< `site` is one exact host
    bool subdomains = false;      ///< `site` has the names below a host without a registrable domain, too
    bool all_ports = false;       ///< `site` has all ports of a host that was given with one
    bool stale = false;           ///< fix: only what findings name
    std::set<std::string> rules;  ///< with `stale`: only findings of these rules; empty = all
    bool escalate = false;        ///< fix: in steps, the smallest first, until the site answers
    bool least = false;           ///< fix: only what experiments prove
    std::size_t visits = 12;      ///< with Retest::browser: of the search for what keeps the browser out; 0: none

    // How
    bool dry_run = false;
    bool yes = false;
    bool close = false;          ///< ask a browser that holds a profile to quit
    bool reopen = false;         ///< and start it again at the end
    bool ok_if_nothing = false;  ///< to find nothing of the site is success
    bool no_undo = false;        ///< erase the journal at the end
    bool flush_dns = false;      ///< empty the computer's cache of host names first
    Retest retest = Retest::http;
    fs::path har;              ///< why: what a browser met, instead of a re-test (net/har.h); empty = none
    bool send_cookies = true;  ///< with Retest::http: once more with a profile's cookies, where they can be read
    std::string user;          ///< test: whose password is to be checked; empty: nobody's
    bool password_stdin = false;
    bool plain_password = false;  ///< test: send the password by plain http too
    ProbeOptions probe;

    // undo, runs
    std::string run;       ///< run id; empty: undo the last one, runs all
    bool replace = false;  ///< undo: also in the place of what is newer
    bool check = false;    ///< look whether what runs keep is whole
    bool purge = false;
    std::chrono::seconds older_than{0};  ///< purge: only runs older than this

    // Output
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    bool no_color = false;
    fs::path report_file;                   ///< also write the report as a page of HTML to this file; empty = do not
    fs::path log;                           ///< also write everything that is shown to this file
    std::optional<SystemLog::Kind> log_to;  ///< also write one line to this log of the system
};

}  // namespace unstick
