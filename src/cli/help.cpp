#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/version.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "cli/parse.h"
#include "diagnosis/finding.h"
#include "model/kind.h"

namespace unstick {

namespace {

struct ExitHelp {
    int code;
    std::string_view meaning;
};
constexpr std::array exit_helps{
    ExitHelp{0, "done; the site answers (a page, or a sign-in that a browser can do)"},
    ExitHelp{1, "an internal error of unstick"},
    ExitHelp{2, "wrong use, refused input, or nobody there to confirm; nothing changed"},
    ExitHelp{3, "some things could not be removed, restored or written; the rest was"},
    ExitHelp{4, "done, but the site still refuses"},
    ExitHelp{5,
             "not this browser: a client with nothing stored is refused too; nothing removed unless findings say so"},
    ExitHelp{6, "the site cannot be reached"},
    ExitHelp{7, "a profile that was to be changed is in use; nothing changed in it"},
    ExitHelp{8, "permission denied; nothing changed there"},
    ExitHelp{9,
             "nothing of this site was found (what an open browser has not written yet is not seen), or no browser "
             "profile at all"},
    ExitHelp{10, "why, scan: something wrong was found that fix can remove"},
    ExitHelp{130, "cancelled"},
};

struct Example {
    std::string_view line;
    std::string_view does;
};
constexpr std::array examples{
    Example{"unstick example.com --dry-run", "what is there of the site; changes nothing"},
    Example{"unstick example.com", "show it, ask, remove it, test the site"},
    Example{"unstick why https://app.example.com/login --report report.html", "what is wrong, as a page for a ticket"},
    Example{"unstick fix example.com --browser chrome --profile Default --yes --json",
            "for scripts: one profile, no question"},
    Example{"unstick undo", "put everything back that the last run removed"},
};

std::string option_head(const Option& option)
{
    return fmt::format("{}--{}{}{}", option.letter == 0 ? "    " : fmt::format("-{}, ", option.letter), option.name,
                       option.argument.empty() ? "" : " ", option.argument);
}

std::string option_list(unsigned commands, int width)
{
    const int column = width < 80 ? 6 : 30;
    std::string text;
    std::string_view group;
    for (const Option& option : options) {
        if ((option.commands & commands) == 0) {
            continue;
        }
        if (option.group != group) {
            group = option.group;
            text += fmt::format("\n{}:\n", group);
        }
        const std::string head = "  " + option_head(option);
        text += static_cast<int>(head.size()) + 2 > column
                    ? head + "\n" + std::string(static_cast<std::size_t>(column), ' ')
                    : fmt::format("{:<{}}", head, column);
        text += wrapped(help_text(option), width, column).substr(static_cast<std::size_t>(column)) + "\n";
    }
    return text;
}

std::string kind_list()
{
    std::string text = "\nKinds of data:\n";
    for (const KindInfo& kind : kinds) {
        text += fmt::format("  {:<14}{}{}\n", kind.name, kind.label, kind.by_default ? "" : "  (only when named)");
    }
    return text;
}

std::string rule_list(int width)
{
    std::string text = "\nRules:\n";
    for (const auto& [id, about] : rules()) {
        text += fmt::format("  {}\n{}\n", id, wrapped(about, width, 6));
    }
    return text;
}

std::string exit_list(int width)
{
    std::string text = "\nExit codes:\n";
    for (const auto& [code, meaning] : exit_helps) {
        text += wrapped(meaning, width, 6).replace(0, 6, fmt::format("  {:<4}", code)) + "\n";
    }
    return text;
}

const CommandHelp& help_for(Command command)
{
    return *std::find_if(command_helps.begin(), command_helps.end(),
                         [&](const CommandHelp& help) { return help.command == command; });
}

/// Text for man(7): backslashes, dashes, and dots at the start of a line mean something there.
std::string man_text(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '\\') {
            result += "\\e";
        } else if (c == '-') {
            result += "\\-";
        } else {
            result += c;
        }
    }
    return result.starts_with('.') || result.starts_with('\'') ? "\\&" + result : result;
}

}  // namespace

std::string short_help()
{
    return "unstick fixes a login that is stuck in the browser, for one site, and leaves\n"
           "everything else in the browser as it is.\n"
           "\n"
           "  unstick                        step by step, on a terminal: start here\n"
           "  unstick example.com            show what the site left, ask, remove it, test\n"
           "  unstick example.com --least    remove only what the browser proves to be wrong\n"
           "  unstick example.com --dry-run  show what would be removed, and stop\n"
           "  unstick why example.com        say what is wrong, change nothing\n"
           "  unstick scan                   list the sites that look stuck\n"
           "  unstick undo                   put back what was removed last, for 7 days\n"
           "  unstick profiles               list the browsers and profiles found\n"
           "  unstick doctor                 say whether unstick can work here\n"
           "  unstick --help                 all commands and options\n"
           "\n"
           "A browser has to be closed while something is removed; unstick offers to close\n"
           "it, and to open it again with its tabs.\n";
}

std::string short_help(Command command)
{
    const CommandHelp& help = help_for(command);
    return fmt::format("Usage: {}\n\n{}\n\nAll its options: unstick {} --help\n", help.usage, wrapped(help.text, 79, 0),
                       name_of(command));
}

std::string general_help(int width)
{
    std::string text = wrapped(
                           "Fixes a stuck login: removes what one site left in the browsers' profiles (stale cookies, "
                           "cached answers, site storage, saved sign-ins), can put it back, and tests the site again. "
                           "What all other sites left stays as it is.",
                           width, 0) +
                       "\n\nCommands:\n";
    for (const CommandHelp& help : command_helps) {
        text += fmt::format("  {}\n{}\n", help.usage, wrapped(help.summary, width, 6));
    }
    text +=
        "  unstick help COMMAND\n      the options of one command\n"
        "  unstick help bash|fish|powershell|zsh|man\n" +
        wrapped("completions for a shell, or the manual page", width, 6) + "\n";
    text += option_list(on_all, width);
    text += kind_list();
    text += exit_list(width);
    text += "\n" +
            wrapped(
                "Every option can also be given as a variable (UNSTICK_DRY_RUN=1) or as a line of the configuration "
                "file (dry-run=1); the command line wins, then the variable.",
                width, 0) +
            "\n\nExamples:\n";
    for (const Example& example : examples) {
        text += fmt::format("  {}\n{}\n", example.line, wrapped(example.does, width, 6));
    }
    return text;
}

std::string help_of(Command command, int width)
{
    const CommandHelp& help = help_for(command);
    std::string text = fmt::format("Usage: {}\n\n{}\n", help.usage, wrapped(help.text, width, 0));
    text += option_list(bit(command), width);
    if (command == Command::fix) {
        text += kind_list();
    }
    if (command == Command::why) {
        text += rule_list(width);
    }
    return text + exit_list(width);
}

std::string man_page()
{
    std::string page = fmt::format(
        ".TH UNSTICK 1 \"{}\" \"unstick {}\" \"User Commands\"\n.SH NAME\n"
        "unstick \\- fix a stuck login, one site at a time\n.SH SYNOPSIS\n",
        source_date, version);
    for (const CommandHelp& help : command_helps) {
        page += fmt::format("{}.B {}\n", &help == command_helps.data() ? "" : ".br\n", man_text(help.usage));
    }
    page += ".SH COMMANDS\n";
    for (const CommandHelp& help : command_helps) {
        page += fmt::format(".TP\n.B {}\n{}\n", name_of(help.command), man_text(help.text));
    }
    page += ".SH OPTIONS\n";
    std::string_view group;
    for (const Option& option : options) {
        if (option.group != group) {
            group = option.group;
            page += fmt::format(".SS {}\n", group);
        }
        const std::string head = option_head(option);
        page += fmt::format(".TP\n.B {}\n{}\n", man_text(head.substr(head.find_first_not_of(' '))),
                            man_text(help_text(option)));
    }
    page += ".SH KINDS OF DATA\n";
    for (const KindInfo& kind : kinds) {
        page += fmt::format(".TP\n.B {}\n{}{}\n", kind.name, man_text(kind.label),
                            kind.by_default ? "" : " (only when named)");
    }
    page += ".SH RULES\n";
    for (const auto& [id, about] : rules()) {
        page += fmt::format(".TP\n.B {}\n{}\n", man_text(id), man_text(about));
    }
    page += ".SH EXAMPLES\n";
    for (const Example& example : examples) {
        page += fmt::format(".TP\n.B {}\n{}\n", man_text(example.line), man_text(example.does));
    }
    page += ".SH EXIT STATUS\n";
    for (const auto& [code, meaning] : exit_helps) {
        page += fmt::format(".TP\n.B {}\n{}\n", code, man_text(meaning));
    }
    page +=
        ".SH FILES\n.TP\n.I ~/.local/state/unstick/runs\nJournals of the last 7 days (XDG_STATE_HOME is honoured; on "
        "macOS ~/Library/Application Support/unstick/runs). They hold what was removed, secrets included; "
        "only their owner can read them.\n"
        ".TP\n.I ~/.config/unstick/config\nOptions as lines of the form option=value (XDG_CONFIG_HOME is honoured; on "
        "macOS ~/Library/Application Support/unstick/config).\n"
        ".SH ENVIRONMENT\n.TP\n.B UNSTICK_...\nEach option as a variable: UNSTICK_DRY_RUN=1.\n"
        ".TP\n.B NO_COLOR\nNo colours. TERM=dumb and CLICOLOR=0 do the same; FORCE_COLOR=1 or CLICOLOR_FORCE=1 "
        "colour files and pipes, too.\n";
    return page;
}

}  // namespace unstick
