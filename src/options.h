#pragma once
// The option table: the one source of parsing, --help and the manual page.

#include <array>
#include <string>
#include <string_view>

#include "request.h"

namespace unstick {

/// One bit for each command, so that an option can say where it belongs.
constexpr unsigned bit(Command command)
{
    return 1U << static_cast<unsigned>(command);
}

struct Option {
    std::string_view name;      ///< long name without "--"
    char letter;                ///< short name, or 0
    std::string_view argument;  ///< placeholder of its value; empty for a flag
    unsigned commands;          ///< bits of the commands it belongs to
    std::string_view group;
    std::string_view help;
    bool repeated = false;
};

struct CommandHelp {
    Command command;
    std::string_view usage;
    std::string_view summary;
    std::string_view text;
};

inline constexpr unsigned on_fix = bit(Command::fix);
inline constexpr unsigned on_look = bit(Command::fix) | bit(Command::why);
inline constexpr unsigned on_probe = on_look | bit(Command::test);
inline constexpr unsigned on_profiles = on_look | bit(Command::profiles) | bit(Command::doctor);
inline constexpr unsigned on_changes = bit(Command::fix) | bit(Command::undo);
inline constexpr unsigned on_runs = bit(Command::runs);
inline constexpr unsigned on_report = on_probe | bit(Command::undo) | bit(Command::doctor);
inline constexpr unsigned on_all = 127;

inline constexpr std::array command_helps{
    CommandHelp{
        Command::fix, "unstick [fix] SITE [options]", "remove what one site left behind, and test the site again",
        "Looks into every browser profile on this computer, shows what SITE (a name or an address) left there, asks, "
        "removes it, and tests the site before and after. Everything else in the profiles stays as it is, and "
        "`unstick undo` puts everything back for 7 days. The browser has to be closed."},
    CommandHelp{
        Command::why, "unstick why SITE [options]", "find out what keeps the login stuck; change nothing",
        "Tests the site, looks into every browser profile, and names what is wrong, the most likely cause first, each "
        "with the command that removes just that. Nothing is changed; a browser may be open, but what it has not "
        "written yet is not seen."},
    CommandHelp{
        Command::test, "unstick test URL [options]", "test the site only: redirects, status, how to sign in",
        "Opens URL the way a browser with nothing stored would, and explains the answer. No profile is opened."},
    CommandHelp{Command::undo, "unstick undo [RUN] [options]", "put back what a run removed (the last one if no RUN)",
                "Puts everything back that a run removed. What came back in the meantime is left as it is, and named."},
    CommandHelp{Command::runs, "unstick runs [options]", "list the runs that can be undone, or erase them",
                "Lists the runs of the last 7 days. Their journals hold what was removed, secrets included; --purge "
                "erases them."},
    CommandHelp{Command::profiles, "unstick profiles [options]", "list the browsers and profiles found",
                "Lists every browser profile that was found, and whether a browser has it open."},
    CommandHelp{Command::doctor, "unstick doctor [options]", "say whether unstick can work on this computer",
                "Looks at rights, locks, formats, disk space, the clock and runs that were cut off, and says what to "
                "do about each fault. Nothing is changed, and no site is asked."},
};

inline constexpr std::array options{
    Option{"browser", 0, "NAMES", on_profiles, "Where", "only these browsers: chrome,edge,brave,..."},
    Option{"profile", 0, "NAME", on_profiles, "Where",
           "only this profile (its folder's name or the name shown in the browser)"},
    Option{"all-profiles", 0, "", on_look, "Where", "all profiles that hold data of the site (this is the default)"},
    Option{"user-data-dir", 0, "DIR", on_profiles, "Where", "only this browser data folder, wherever it lies"},
    Option{"home", 0, "DIR", on_profiles, "Where",
           "look into another home folder; root does so with the rights of its owner"},
    Option{"all-users", 0, "", on_all & ~bit(Command::test), "Where",
           "for each user of this computer, with that user's rights (only root can)"},
    Option{"os", 0, "NAME", on_profiles, "Where", "with --home: its layout, linux, macos or windows"},

    Option{"only", 0, "KINDS", on_fix, "What", "remove just these kinds of data (see below)"},
    Option{"with", 0, "KINDS", on_fix, "What", "remove these kinds besides the default ones"},
    Option{"keep", 0, "KINDS", on_fix, "What", "do not remove these kinds"},
    Option{
        "whole-cache", 0, "", on_fix, "What",
        "remove the whole HTTP cache, of all sites, of each profile: also one that is damaged or of an unknown kind"},
    Option{"stale", 0, "", on_fix, "What", "remove only what findings name (unstick why lists them)"},
    Option{"rule", 0, "RULES", on_fix, "What", "remove only what findings of these rules name"},
    Option{"escalate", 0, "", on_fix, "What", "go in steps, the smallest first, until the site answers"},
    Option{"host", 0, "", on_look, "What", "only this exact host, not the whole site"},
    Option{"also", 0, "SITE", on_look, "What", "take this site's data too, for example the sign-in provider's", true},

    Option{"dry-run", 'n', "", on_fix, "How", "show what would be removed, and stop"},
    Option{"yes", 'y', "", on_changes, "How", "do not ask"},
    Option{"close", 0, "", on_changes, "How", "ask a browser that has a profile open to quit, and wait for it"},
    Option{"reopen", 0, "", on_changes, "How", "as --close, and start the browser again at the end, with its tabs"},
    Option{"no-undo", 0, "", on_fix, "How", "erase at the end what undo would need"},

    Option{"retest", 0, "HOW", on_look, "Re-test", "http (default) or none"},
    Option{"url", 0, "URL", on_look, "Re-test", "test this address instead of SITE"},
    Option{"retries", 0, "N", on_probe, "Re-test", "further tries after a passing fault (default 2)"},
    Option{"timeout", 0, "SECONDS", on_probe, "Re-test", "for one request (default 15)"},
    Option{"proxy", 0, "URL", on_probe, "Re-test", "use this proxy"},
    Option{"cacert", 0, "FILE", on_probe, "Re-test", "trust the certificate authorities in this file"},
    Option{"expect-status", 0, "N", on_probe, "Re-test", "the status that counts as success"},
    Option{"resolve", 0, "HOST:PORT:ADDR", on_probe, "Re-test", "use this address for this host, as curl does", true},

    Option{"purge", 0, "", on_runs, "Runs", "erase runs: they can then not be undone any more"},
    Option{"older-than", 0, "AGE", on_runs, "Runs", "with --purge: only runs older than 7d, 12h, 30m"},

    Option{"json", 0, "", on_all, "Output", "one JSON object on standard output"},
    Option{"quiet", 'q', "", on_all, "Output", "only the verdict and problems"},
    Option{"verbose", 'v', "", on_all, "Output", "name every item"},
    Option{"no-color", 0, "", on_all, "Output", "no colours (also: the variable NO_COLOR)"},
    Option{"report", 0, "FILE", on_report, "Output",
           "also write the report as one page of HTML, to be attached to a ticket; a file that is there is replaced"},
    Option{"log", 0, "FILE", on_all, "Output", "also append the report as JSON to this file"},
    Option{"state-dir", 0, "DIR", on_all, "Output", "keep runs here instead of the user's state folder"},
};

}  // namespace unstick
