// Completions for shells, made from the option table.

#include <fmt/format.h>

#include "base/text.h"
#include "cli/help.h"
#include "cli/options.h"
#include "diagnosis/finding.h"
#include "model/kind.h"

namespace unstick {

namespace {

using What = Allowed::What;
using Names = std::vector<std::string>;

/// Prints the names of the runs that can be undone. In any shell.
constexpr std::string_view print_runs =
    R"(unstick runs --json 2>/dev/null | grep -o '"run": *"[^"]*"' | cut -d '"' -f 4)";

std::string with_blanks(const Names& words)
{
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

/// The words that can stand there, with blanks between; empty where it is not known which.
std::string words_for(const Allowed& values, const Names& browsers)
{
    Names words;
    for (const Word& word : values.words) {
        words.emplace_back(word.word);
    }
    if (values.what == What::kind) {
        for (const KindInfo& kind : kinds) {
            words.emplace_back(kind.name);
        }
    } else if (values.what == What::rule) {
        for (const RuleInfo& rule : rules()) {
            words.emplace_back(rule.id);
        }
    }
    return with_blanks(values.what == What::browser ? browsers : words);
}

std::string command_words()
{
    std::string words = "help";
    for (const CommandHelp& help : command_helps) {
        words += " " + std::string(name_of(help.command));
    }
    return words;
}

std::string options_of(Command command)
{
    std::string words = "--help";
    for (const Option& option : options) {
        if ((option.commands & bit(command)) != 0) {
            words += " --" + std::string(option.name);
        }
    }
    return words;
}

// --- bash ---

/// A command that completes $word with some of the words.
std::string bash_words(std::string_view words)
{
    return fmt::format("COMPREPLY=($(compgen -W {} -- \"$word\"))", shell_word(std::string(words)));
}

std::string bash_values(const Allowed& values, const Names& browsers)
{
    switch (values.what) {
        case What::file:
            return R"(COMPREPLY=($(compgen -f -- "$word")))";
        case What::folder:
            return R"(COMPREPLY=($(compgen -d -- "$word")))";
        case What::run:
            return fmt::format(R"reply(COMPREPLY=($(compgen -W "$({})" -- "$word")))reply", print_runs);
        default:
            break;
    }
    const std::string words = words_for(values, browsers);
    return words.empty() ? "COMPREPLY=()" : values.is_list() ? "_unstick_list " + shell_word(words) : bash_words(words);
}

std::string bash_completion(const Names& browsers)
{
    std::string commands;
    std::string arguments = fmt::format("        help) {} ;;\n", bash_words(with_blanks(help_topics())));
    std::string switches;
    for (const CommandHelp& help : command_helps) {
        const std::string_view name = name_of(help.command);
        commands += "|" + std::string(name);
        switches += fmt::format("            {}) {} ;;\n", name, bash_words(options_of(help.command)));
        if (help.values.what != What::anything) {
            arguments += fmt::format("        {}) {} ;;\n", name, bash_values(help.values, browsers));
        }
    }
    std::string values;
    for (const Option& option : options) {
        if (option.values.what != What::nothing) {
            values += fmt::format("        --{}) {}; return ;;\n", option.name, bash_values(option.values, browsers));
        }
    }
    return fmt::format(R"(# bash completion of unstick

# Completes the last of several words with commas between.
_unstick_list()
{{
    local before=
    [[ $word == *,* ]] && before=${{word%,*}},
    COMPREPLY=($(compgen -P "$before" -W "$1" -- "${{word##*,}}"))
}}

_unstick()
{{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= w
    for w in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $w in
            help{}) command=$w; break ;;
        esac
    done
    case $before in
{}    esac
    if [[ $word == -* ]]; then
        case ${{command:-fix}} in
{}        esac
        return
    fi
    case $command in
{}        '') [[ $COMP_CWORD -eq 1 ]] && {} ;;
    esac
}}
complete -F _unstick unstick
)",
                       commands, values, switches, arguments, bash_words(command_words()));
}

// --- fish ---

/// The end of a `complete` line for an argument that has to be there.
std::string fish_values(const Allowed& values, const Names& browsers)
{
    switch (values.what) {
        case What::file:
            return " -r -F";
        case What::folder:
            return " -x -a '(__fish_complete_directories)'";
        case What::run:
            return fmt::format(" -x -a {}", shell_word(fmt::format("({})", print_runs)));
        default:
            break;
    }
    const std::string words = words_for(values, browsers);
    return words.empty() ? " -x" : " -x -a " + shell_word(values.is_list() ? "(__fish_append , " + words + ")" : words);
}

std::string fish_completion(const Names& browsers)
{
    std::string text = "# fish completion of unstick\ncomplete -c unstick -f\n";
    const auto add_command = [&](std::string_view name, std::string_view summary) {
        text += fmt::format("complete -c unstick -n __fish_use_subcommand -a {} -d {}\n", name,
                            shell_word(std::string(summary)));
    };
    add_command("help", "show how it is used");
    text += fmt::format("complete -c unstick -n '__fish_seen_subcommand_from help' -x -a {}\n",
                        shell_word(with_blanks(help_topics())));
    for (const CommandHelp& help : command_helps) {
        add_command(name_of(help.command), help.summary);
        if (help.values.what != What::anything) {
            text += fmt::format("complete -c unstick -n '__fish_seen_subcommand_from {}'{}\n", name_of(help.command),
                                fish_values(help.values, browsers));
        }
    }
    for (const Option& option : options) {
        text += fmt::format("complete -c unstick -l {}", option.name);
        text += option.letter == 0 ? "" : fmt::format(" -s {}", option.letter);
        text += option.values.what == What::nothing ? "" : fish_values(option.values, browsers);
        text += " -d " + shell_word(std::string(option.help)) + "\n";
    }
    return text;
}

// --- zsh ---

/// Text inside an argument of zsh's _arguments: brackets and colons mean something there.
std::string zsh_text(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        result += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
    }
    return result;
}

/// What completes, as _arguments takes it.
std::string zsh_values(const Allowed& values, const Names& browsers)
{
    switch (values.what) {
        case What::file:
            return "_files";
        case What::folder:
            return "_files -/";
        default:
            break;
    }
    const std::string words = words_for(values, browsers);
    return words.empty() ? " " : values.is_list() ? "_values -s , name " + words : "(" + words + ")";
}

std::string zsh_completion(const Names& browsers)
{
    std::string arguments = fmt::format("        help) compadd -- {} ;;\n", with_blanks(help_topics()));
    for (const CommandHelp& help : command_helps) {
        if (help.values.what == What::run) {
            arguments += fmt::format("        {}) compadd -- $({}) ;;\n", name_of(help.command), print_runs);
        }
    }
    std::string specs;
    for (const Option& option : options) {
        std::string spec = fmt::format("--{}[{}]", option.name, zsh_text(option.help));
        if (option.values.what != What::nothing) {
            spec += fmt::format(":{}:{}", zsh_text(option.argument), zsh_values(option.values, browsers));
        }
        specs += fmt::format("    {}{} \\\n", option.repeated ? "'*'" : "", shell_word(spec));
    }
    return fmt::format(R"(#compdef unstick

_unstick_argument()
{{
    case $words[2] in
{}    esac
}}

_arguments -S \
{}    '--help[show help]' \
    '1:site or command:({})' \
    '*:argument:_unstick_argument'
)",
                       arguments, specs, command_words());
}

// --- PowerShell ---

/// A line of a table of PowerShell's. The words hold no quotes.
std::string powershell_row(std::string_view key, std::string_view words)
{
    return fmt::format("        '{}' = '{}'\n", key, words);
}

/// The values of the option or argument `key`; no row where it is not known which. Files and folders are what
/// PowerShell itself offers where nothing else is.
std::string powershell_values(std::string_view key, const Allowed& values, const Names& browsers)
{
    if (values.what == What::run) {
        return fmt::format("        '{}' = {{ (unstick runs --json 2>$null | ConvertFrom-Json).runs.run }}\n", key);
    }
    const std::string words = words_for(values, browsers);
    return words.empty() ? "" : powershell_row(key, words);
}

std::string powershell_completion(const Names& browsers)
{
    std::string of_command;
    std::string values = powershell_row("help", with_blanks(help_topics()));
    for (const CommandHelp& help : command_helps) {
        of_command += powershell_row(name_of(help.command), options_of(help.command));
        values += powershell_values(name_of(help.command), help.values, browsers);
    }
    for (const Option& option : options) {
        values += powershell_values("--" + std::string(option.name), option.values, browsers);
    }
    return fmt::format(R"(# PowerShell completion of unstick: a line of $PROFILE
#     unstick help powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName @('unstick', 'unstick.exe') -ScriptBlock {{
    param($word, $ast, $position)
    $options = @{{
{}    }}
    $values = @{{
{}    }}
    $before = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object {{ "$_" }})
    if ($word -ne '') {{ $before = @($before | Select-Object -SkipLast 1) }}
    $command = $before | Where-Object {{ $_ -eq 'help' -or $options.ContainsKey($_) }} | Select-Object -First 1
    $kept = ''
    if ($before.Count -gt 0 -and $before[-1] -like '--*' -and $values.ContainsKey($before[-1])) {{
        $words = $values[$before[-1]]
        if ($word -match '^(.*,)') {{ $kept = $Matches[1] }}
    }} elseif ($word -like '-*') {{
        if ($command) {{ $words = $options[$command] }} else {{ $words = $options['fix'] }}
    }} elseif ($command) {{
        $words = $values[$command]
    }} elseif ($before.Count -eq 0) {{
        $words = '{}'
    }}
    if ($words -is [scriptblock]) {{ $words = & $words }}
    $words = -split "$words" | Where-Object {{ $_ -ne '' }} | ForEach-Object {{ $kept + $_ }}
    $words | Where-Object {{ $_ -like "$word*" }} | ForEach-Object {{
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }}
}}
)",
                       of_command, values, command_words());
}

}  // namespace

std::vector<std::string> help_topics()
{
    std::vector<std::string> topics;
    for (const CommandHelp& help : command_helps) {
        topics.emplace_back(name_of(help.command));
    }
    topics.insert(topics.end(), {"bash", "fish", "powershell", "zsh", "man"});
    return topics;
}

std::string completion_for(std::string_view shell, const std::vector<std::string>& browsers)
{
    return shell == "bash"         ? bash_completion(browsers)
           : shell == "fish"       ? fish_completion(browsers)
           : shell == "powershell" ? powershell_completion(browsers)
           : shell == "zsh"        ? zsh_completion(browsers)
                                   : std::string();
}

}  // namespace unstick
