#include "main/guide.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "base/text.h"
#include "report/phrases.h"

namespace unstick {

namespace {

constexpr std::size_t most_listed = 9;
constexpr int most_tries = 3;  ///< of typing something that is understood

/// One of the things that can be done, the smallest first.
struct Way {
    std::string_view label;
    std::string_view option;  ///< of `fix`; empty: none
};

constexpr std::array ways{
    Way{"Remove only what is named above.", "--stale"},
    Way{"Let the browser itself try, on a copy of its profile, and remove only what it proves to be in the way.",
        "--least"},
    Way{"Remove what the site stored in the browser: its cookies, cached files, storage, and the sign-ins that the "
        "browser sends by itself.",
        ""},
};

/// The number that a single digit is; 0 if it is none.
std::size_t digit_of(std::string_view word)
{
    return word.size() == 1 && is_number(word) ? static_cast<std::size_t>(word.front() - '0') : 0;
}

/// Numbered lines, and the number that is typed, from 1 on; 1 if nothing is typed. std::nullopt: the end of input, or
/// too much that is no number.
std::optional<std::size_t> choose(const GuideTools& tools, const std::vector<std::string>& choices)
{
    for (std::size_t i = 0; i < choices.size(); ++i) {
        tools.offer(i + 1, choices[i]);
    }
    for (int tries = 0; tries < most_tries; ++tries) {
        const auto typed = tools.ask("Number [1]: ");
        if (!typed) {
            return std::nullopt;
        }
        const std::string word(trimmed(*typed));
        const std::size_t number = word.empty() ? 1 : digit_of(word);
        if (number >= 1 && number <= choices.size()) {
            return number;
        }
        tools.say(fmt::format("Type a number from 1 to {}.", choices.size()));
    }
    return std::nullopt;
}

/// The sites that look stuck, as far as they fit on a screen.
std::vector<std::string> show_likely(const GuideTools& tools, const Report& scan)
{
    std::vector<std::string> names;
    for (const SiteSeen& seen : scan.sites) {
        if (seen.confidence != Confidence::low && names.size() < most_listed) {
            names.push_back(seen.site);
        }
    }
    if (!names.empty()) {
        tools.say("These sites look stuck:");
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        tools.offer(i + 1, printable(names[i]));
    }
    return names;
}

/// What was typed for a site: its address, or its number in the list.
std::string address_typed(const std::string& typed, const std::vector<std::string>& likely)
{
    const std::string word(trimmed(typed));
    const std::size_t number = digit_of(word);
    return number >= 1 && number <= likely.size() ? likely[number - 1] : word;
}

struct Chosen {
    std::string site;
    Request why;
};

std::optional<Chosen> choose_site(const GuideTools& tools, const std::vector<std::string>& likely)
{
    tools.say(likely.empty() ? "At which site does the login not work? Paste its address, as the browser shows it."
                             : "Type the number of one, or paste the address of any other, as the browser shows it.");
    for (int tries = 0; tries < most_tries; ++tries) {
        const auto typed = tools.ask("Site: ");
        if (!typed) {
            return std::nullopt;
        }
        const std::string site = address_typed(*typed, likely);
        if (site.empty()) {
            continue;
        }
        // Behind "--" nothing that was pasted is an option.
        if (auto why = tools.request_for({"why", "--", site})) {
            return Chosen{site, std::move(*why)};
        } else {
            tools.say(printable(why.error().where + ": " + why.error().what));
            tools.say(printable(why.error().hint));
        }
    }
    return std::nullopt;
}

/// A report without commands to type: the guide offers what can be done.
Report led(Report report)
{
    for (Finding& finding : report.findings) {
        finding.fix.clear();
    }
    std::erase_if(report.next, [](const std::string& step) { return step.find(": unstick ") != step.npos; });
    return report;
}

/// The names of cookies by which the site may know this computer again, so that it asks for no second factor.
std::set<std::string> trusted_device_cookies(const Report& why)
{
    constexpr std::array<std::string_view, 6> words{"trust", "device", "mfa", "2fa", "twofactor", "two_factor"};
    std::set<std::string> names;
    for (const ProfileReport& profile : why.profiles) {
        for (const StoreReport& store : profile.stores) {
            std::copy_if(store.cookies.begin(), store.cookies.end(), std::inserter(names, names.end()),
                         [&](const std::string& name) {
                             return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
                                 return lower(name).find(word) != std::string::npos;
                             });
                         });
        }
    }
    return names;
}

bool names_something(const Report& why)
{
    return std::any_of(why.findings.begin(), why.findings.end(), [](const Finding& finding) {
        return !finding.items.empty() && finding.confidence != Confidence::low;
    });
}

/// What the answer to "are you in?" is.
enum class Then { is_in, go_on, put_back, stop };

Then ask_then(const GuideTools& tools)
{
    tools.say("Now sign in with your browser. Are you in?");
    const auto number = choose(tools, {"Yes.", "No: go one step further.", "No: put it back."});
    return !number ? Then::stop : *number == 1 ? Then::is_in : *number == 2 ? Then::go_on : Then::put_back;
}

Exit put_back(const GuideTools& tools, const std::string& run)
{
    const auto undo = tools.request_for({"undo", run, "--yes"});
    if (!undo) {
        return Exit::usage;
    }
    const Report report = tools.run(*undo);
    tools.show(report);
    return report.exit_code;
}

/// The ways from `first` on, and the number that is typed: one behind the last is to stop.
std::optional<std::size_t> choose_way(const GuideTools& tools, std::size_t first)
{
    std::vector<std::string> labels;
    for (std::size_t i = first; i < ways.size(); ++i) {
        labels.emplace_back(ways[i].label);
    }
    labels.emplace_back("Stop here.");
    tools.say("What is to be done? Nothing is removed before you are asked once more.");
    const auto number = choose(tools, labels);
    return number ? std::optional(first + *number - 1) : std::nullopt;
}

/// Are these to stay where all is removed?
bool keeps(const GuideTools& tools, const std::set<std::string>& cookies)
{
    if (cookies.empty()) {
        return false;
    }
    tools.say(
        printable(fmt::format("By these cookies the site may know this computer as one that you trust: {}. "
                              "Without them it may ask for a code from your telephone again.",
                              fmt::join(cookies, ", "))));
    return choose(tools, {"Keep them.", "Remove them, too."}) == std::size_t{1};
}

std::vector<std::string> fix_words(const Chosen& chosen, const Way& way, const std::set<std::string>& kept)
{
    std::vector<std::string> words{"fix"};
    if (!way.option.empty()) {
        words.emplace_back(way.option);
    }
    for (const std::string& name : kept) {
        words.push_back("--keep-cookie=" + name);
    }
    words.insert(words.end(), {"--", chosen.site});
    return words;
}

/// From the smallest removal on, until the user is in or stops. Of `trusted` it is asked whether they stay, where a way
/// would take them without need.
Exit go_through(const GuideTools& tools, const Chosen& chosen, std::size_t first, std::set<std::string> trusted)
{
    Exit last = Exit::cancelled;
    while (true) {
        const auto way = choose_way(tools, first);
        if (!way || *way == ways.size()) {
            tools.say(last == Exit::cancelled ? "Nothing was changed." : "Nothing more was changed.");
            return last;
        }
        first = *way;
        const bool takes_all = ways[first].option.empty();
        if (takes_all && !keeps(tools, trusted)) {
            trusted.clear();
        }
        const auto fix =
            tools.request_for(fix_words(chosen, ways[first], takes_all ? trusted : std::set<std::string>()));
        if (!fix) {
            tools.say(printable(fix.error().what));
            return Exit::usage;
        }
        const Report report = tools.run(*fix);
        tools.show(led(report));
        if (report.run.empty()) {  // nothing was removed: another way may be taken
            continue;
        }
        last = report.exit_code;
        switch (ask_then(tools)) {
            case Then::put_back:
                return put_back(tools, report.run);
            case Then::go_on:
                if (!takes_all || trusted.empty()) {
                    ++first;
                }
                trusted = takes_all ? std::set<std::string>() : trusted;  // kept so far: a step further is without them
                break;
            default:
                tools.say(how_to_undo(report));
                return last;
        }
        if (first == ways.size()) {
            tools.say(
                "What the site stored is gone. If you sign in at another site, take that one along: unstick fix " +
                shell_word(printable(chosen.site)) + " --also OTHER-SITE");
            return last;
        }
    }
}

}  // namespace

Exit guide(const GuideTools& tools)
{
    tools.say(
        "unstick finds out what keeps a login stuck in your browser, and removes only that. Nothing is changed before "
        "you say so. Ctrl-C leaves at any time; `unstick --help` shows the commands.");
    tools.say("");
    std::vector<std::string> likely;
    if (const auto scan = tools.request_for({"scan"})) {
        likely = show_likely(tools, tools.run(*scan));
    }
    const auto chosen = choose_site(tools, likely);
    if (!chosen) {
        tools.say("Nothing was changed.");
        return Exit::cancelled;
    }
    const Report why = tools.run(chosen->why);
    tools.show(led(why));
    const bool is_helped = why.exit_code == Exit::ok || why.exit_code == Exit::wrong_found ||
                           why.exit_code == Exit::still_refused || why.exit_code == Exit::partial;
    if (!is_helped || (why.profiles.empty() && why.findings.empty())) {  // nothing is stored: nothing can be removed
        tools.say("Nothing was changed.");
        return why.exit_code;
    }
    tools.say("");
    return go_through(tools, *chosen, names_something(why) ? 0 : 1, trusted_device_cookies(why));
}

}  // namespace unstick
