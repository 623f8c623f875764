#pragma once
// The option table: the one source of parsing, --help, the manual page and completions.

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "cli/request.h"

namespace unstick {

/// One bit for each command, so that an option can say where it belongs.
constexpr unsigned bit(Command command)
{
    return 1U << static_cast<unsigned>(command);
}

/// A word that an option takes.
struct Word {
    std::string_view word;
    std::string_view meaning;  ///< may be empty
};

/// What can stand where an argument is.
struct Allowed {
    enum class What { nothing, anything, word, browser, kind, rule, run, file, folder };
    What what = What::anything;
    std::span<const Word> words = {};  ///< of What::word: no others are taken

    /// Several of them, with commas between?
    constexpr bool is_list() const { return what == What::browser || what == What::kind || what == What::rule; }
};

struct Option {
    std::string_view name;      ///< long name without "--"
    char letter;                ///< short name, or 0
    std::string_view argument;  ///< placeholder of its value; empty for a flag
    Allowed values;
    unsigned commands;  ///< bits of the commands it belongs to
    std::string_view group;
    std::string_view help;  ///< what `values` says of words comes after it
    bool repeated = false;
};

struct CommandHelp {
    Command command;
    std::string_view usage;
    std::string_view summary;
    std::string_view text;
    Allowed values = {};  ///< of its argument
};

inline constexpr Allowed a_switch{Allowed::What::nothing};
inline constexpr Allowed anything{};
inline constexpr Allowed browser_names{Allowed::What::browser};
inline constexpr Allowed kind_names{Allowed::What::kind};
inline constexpr Allowed rule_names{Allowed::What::rule};
inline constexpr Allowed run_names{Allowed::What::run};
inline constexpr Allowed a_file{Allowed::What::file};
inline constexpr Allowed a_folder{Allowed::What::folder};

inline constexpr std::array systems{Word{"linux", ""}, Word{"macos", ""}, Word{"windows", ""}};
inline constexpr std::array families{Word{"chromium", ""}, Word{"gecko", ""}};
inline constexpr std::array retests{
    Word{"http", "the default: also with the browser's cookies, where it keeps them readable"},
    Word{"clean", "never with them"},
    Word{"browser", "also by each profile's own browser, on a private copy of the profile"},
    Word{"person", "with --least: you say after each step whether you are in"},
    Word{"none", ""},
};

inline constexpr std::array system_logs{Word{"journal", "systemd's"}, Word{"syslog", ""},
                                        Word{"eventlog", "of Windows"}};

inline constexpr unsigned on_fix = bit(Command::fix);
inline constexpr unsigned on_look = bit(Command::fix) | bit(Command::why);
inline constexpr unsigned on_probe = on_look | bit(Command::test);
inline constexpr unsigned on_profiles = on_probe | bit(Command::profiles) | bit(Command::doctor) | bit(Command::scan);
inline constexpr unsigned on_test = bit(Command::test);
inline constexpr unsigned on_changes = bit(Command::fix) | bit(Command::undo);
inline constexpr unsigned on_runs = bit(Command::runs);
inline constexpr unsigned on_report = on_probe | bit(Command::undo) | bit(Command::doctor) | bit(Command::scan);
inline constexpr unsigned on_all = 255;

inline constexpr std::array command_helps{
    CommandHelp{
        Command::fix, "unstick [fix] SITE... [options]", "remove what one site left behind, and test the site again",
        "Looks into every browser profile on this computer, shows what SITE (a name or an address) left there, asks, "
        "removes it, and tests the site before and after. Everything else in the profiles stays as it is, and "
        "`unstick undo` puts everything back for 7 days. The browser has to be closed."},
    CommandHelp{
        Command::why, "unstick why SITE... [options]", "find out what keeps the login stuck; change nothing",
        "Tests the site, looks into every browser profile, and names what is wrong, the most likely cause first, each "
        "with the command that removes just that. Nothing is changed; a browser may be open, but what it has not "
        "written yet is not seen."},
    CommandHelp{
        Command::test, "unstick test URL [options]", "test the site only: redirects, status, how to sign in",
        "Opens URL the way a browser with nothing stored would, and explains the answer. No profile is opened; with "
        "--retest browser, each profile that holds something of the site is copied, and its browser opened on the "
        "copy. With --user it says whether the site takes that user's password where it asks for one itself (HTTP "
        "Basic "
        "or Digest)."},
    CommandHelp{
        Command::undo, "unstick undo [RUN] [options]", "put back what a run removed (the last one if no RUN)",
        "Puts everything back that a run removed, after a look whether all of it is still whole. What came back "
        "in the meantime is left as it is, and counted.",
        run_names},
    CommandHelp{Command::runs, "unstick runs [RUN] [options]", "list the runs that can be undone, check or erase them",
                "Lists the runs of the last 7 days, or one. Their journals hold what was removed, secrets included; "
                "--purge erases them. Runs that were cut off or are damaged are erased only if RUN names them.",
                run_names},
    CommandHelp{Command::profiles, "unstick profiles [options]", "list the browsers and profiles found",
                "Lists every browser profile that was found, and whether a browser has it open."},
    CommandHelp{Command::doctor, "unstick doctor [options]", "say whether unstick can work on this computer",
                "Looks at rights, locks, formats, disk space, the clock and runs that were cut off, and says what to "
                "do about each fault. Nothing is changed, and no site is asked."},
    CommandHelp{Command::scan, "unstick scan [options]", "list the sites of this computer that look stuck",
                "Looks once into every browser profile, applies all rules that need no network to every site that is "
                "stored there, and lists the sites that look stuck, the most likely first. Nothing is changed, and no "
                "site is asked."},
};

inline constexpr std::array options{
    Option{"browser", 0, "NAMES", browser_names, on_profiles, "Where", "only these browsers: chrome,edge,brave,..."},
    Option{"profile", 0, "NAME", anything, on_profiles, "Where",
           "only this profile (its folder's name or the name shown in the browser)"},
    Option{"all-profiles", 0, "", a_switch, on_look, "Where",
           "all profiles that hold data of the site (this is the default)"},
    Option{"user-data-dir", 0, "DIR", a_folder, on_profiles, "Where",
           "only this browser data folder, wherever it lies; or one profile's own folder"},
    Option{"cache-dir", 0, "DIR", a_folder, on_profiles, "Where",
           "look for caches here, too: the folder that --disk-cache-dir names to the browser, or one profile's caches"},
    Option{"browser-family", 0, "NAME", Allowed{Allowed::What::word, families}, on_profiles, "Where",
           "only browsers of this family; with --user-data-dir, the folder of one that unstick does not know"},
    Option{"home", 0, "DIR", a_folder, on_profiles | bit(Command::undo) | bit(Command::runs), "Where",
           "look into another home folder; root does so with the rights of its owner"},
    Option{"all-users", 0, "", a_switch, on_all & ~bit(Command::test), "Where",
           "for each user of this computer, with that user's rights (only root can)"},
    Option{"user-minutes", 0, "N", anything, on_all & ~bit(Command::test), "Where",
           "with --all-users: how long each user's run may take before it is ended (default 10)"},
    Option{"os", 0, "NAME", Allowed{Allowed::What::word, systems}, on_profiles, "Where", "with --home, its layout"},

    Option{"only", 0, "KINDS", kind_names, on_fix, "What", "remove just these kinds of data (see below)"},
    Option{"with", 0, "KINDS", kind_names, on_fix, "What", "remove these kinds besides the default ones"},
    Option{"keep", 0, "KINDS", kind_names, on_fix, "What", "do not remove these kinds"},
    Option{"keep-cookie", 0, "NAME", anything, on_fix, "What",
           "keep the cookies of this name, for example of a trusted device; * stands for any characters", true},
    Option{
        "whole-cache", 0, "", a_switch, on_fix, "What",
        "remove the whole HTTP cache, of all sites, of each profile: also one that is damaged or of an unknown kind"},
    Option{"stale", 0, "", a_switch, on_fix, "What", "remove only what findings name (unstick why lists them)"},
    Option{"rule", 0, "RULES", rule_names, on_fix, "What", "remove only what findings of these rules name"},
    Option{"escalate", 0, "", a_switch, on_fix, "What", "go in steps, the smallest first, until the site answers"},
    Option{
        "least", 0, "", a_switch, on_fix, "What",
        "remove only what the browser itself, on copies of the profile, proves to keep it out; with --retest http, the "
        "cookies that a client with this browser's cookies proves to be refused"},
    Option{"host", 0, "", a_switch, on_look, "What", "only this exact host, not the whole site"},
    Option{"subdomains", 0, "", a_switch, on_look, "What",
           "of a name without a registrable domain (localhost, corp): all names below it, too"},
    Option{"all-ports", 0, "", a_switch, on_look, "What",
           "of localhost, an IP address or a single label with a port: all its ports, and the cookies they share"},
    Option{"also", 0, "SITE", anything, on_look, "What",
           "take this site's data too, for example the sign-in provider's", true},
    Option{"sites-from", 0, "FILE", a_file, on_probe, "What",
           "also the sites in this file, one a line (-: standard input); each has a run of its own"},

    Option{"dry-run", 'n', "", a_switch, on_fix, "How", "show what would be removed, and stop"},
    Option{"yes", 'y', "", a_switch, on_changes | on_runs, "How", "do not ask"},
    Option{"close", 0, "", a_switch, on_changes, "How",
           "ask a browser that has a profile open to quit, and wait for it"},
    Option{"reopen", 0, "", a_switch, on_changes, "How",
           "as --close, and start the browser again at the end, with its tabs"},
    Option{"replace", 0, "", a_switch, bit(Command::undo), "How",
           "put the older ones back also where something newer is there now; a run of its own keeps that"},
    Option{"ok-if-nothing", 0, "", a_switch, on_look, "How",
           "end with 0, not 9, if nothing of the site is there: for scripts"},
    Option{"no-undo", 0, "", a_switch, on_fix, "How", "erase at the end what undo would need"},
    Option{"flush-dns", 0, "", a_switch, on_probe, "How",
           "empty this computer's cache of host names first (needs the right to)"},

    Option{"retest", 0, "HOW", Allowed{Allowed::What::word, retests}, on_probe, "Re-test", "how the site is tested"},
    Option{"browser-program", 0, "FILE", a_file, on_probe, "Re-test", "with --retest browser: the browser's program"},
    Option{"browser-argument", 0, "ARG", anything, on_probe, "Re-test",
           "with --retest browser: a further argument for the browser, as in --browser-argument=--no-sandbox", true},
    Option{"url", 0, "URL", anything, on_look, "Re-test", "test this address instead of SITE"},
    Option{"har", 0, "FILE", a_file, bit(Command::why), "Re-test",
           "judge what a browser recorded (HAR, saved from its developer tools) instead of asking the site"},
    Option{"retries", 0, "N", anything, on_probe, "Re-test", "further tries after a passing fault (default 2)"},
    Option{"timeout", 0, "SECONDS", anything, on_probe, "Re-test", "for one address and where it leads (default 15)"},
    Option{"proxy", 0, "URL", anything, on_probe, "Re-test", "use this proxy"},
    Option{"cacert", 0, "FILE", a_file, on_probe, "Re-test", "trust the certificate authorities in this file"},
    Option{"expect-status", 0, "N", anything, on_probe, "Re-test", "the status that counts as success"},
    Option{"expect-text", 0, "TEXT", anything, on_probe, "Re-test",
           "with --retest browser: success is a page that shows this, for example \"Sign out\""},
    Option{"expect-url", 0, "URL", anything, on_probe, "Re-test",
           "with --retest browser: success is a page at this address, or below it"},
    Option{"stuck-text", 0, "TEXT", anything, on_probe, "Re-test",
           "with --retest browser: a page that shows this is the trouble, for example \"Loading\""},
    Option{"visits", 0, "N", anything, on_look, "Re-test",
           "open the page, or ask for it, at most so often to find what keeps the browser out "
           "(default 12)"},
    Option{"resolve", 0, "HOST:PORT:ADDRESS", anything, on_probe, "Re-test",
           "use this address for this host, as curl does", true},
    Option{"user", 0, "NAME", anything, on_test, "Sign-in",
           "check this user's password; it is asked for on the terminal"},
    Option{"password-stdin", 0, "", a_switch, on_test, "Sign-in", "read the password from standard input instead"},
    Option{"plain-http", 0, "", a_switch, on_test, "Sign-in", "send it by plain http too, where others can read it"},

    Option{"check", 0, "", a_switch, on_runs, "Runs", "look whether all that runs keep is whole; change nothing"},
    Option{"purge", 0, "", a_switch, on_runs, "Runs", "erase runs: they can then not be undone any more"},
    Option{"older-than", 0, "AGE", anything, on_runs, "Runs", "with --purge: only runs older than 7d, 12h, 30m"},

    Option{"json", 0, "", a_switch, on_all, "Output", "one JSON object on standard output"},
    Option{"quiet", 'q', "", a_switch, on_all, "Output", "only the verdict and problems; nothing if all went well"},
    Option{"verbose", 'v', "", a_switch, on_all, "Output", "name every item"},
    Option{"no-color", 0, "", a_switch, on_all, "Output", "no colours (also: the variable NO_COLOR)"},
    Option{"report", 0, "FILE", a_file, on_report, "Output",
           "also write the report as one page of HTML, to be attached to a ticket; a file that is there is replaced"},
    Option{"log", 0, "FILE", a_file, on_all, "Output", "also append the report as JSON to this file"},
    Option{"log-to", 0, "WHERE", Allowed{Allowed::What::word, system_logs}, on_all, "Output",
           "also write one line about the run to a log of this system, without names of cookies and without paths"},
    Option{"state-dir", 0, "DIR", a_folder, on_all, "Output", "keep runs here instead of the user's state folder"},
};

}  // namespace unstick
