// Completions for shells, made from the option table.

#include <fmt/format.h>

#include "findings/finding.h"
#include "help.h"
#include "kind.h"
#include "options.h"

namespace unstick {

namespace {

/// What can follow an option, for completion: fixed words, or a file or folder.
struct Values {
    std::string words;
    bool is_path = false;
};

Values values_of(const Option& option)
{
    if (option.argument == "KINDS") {
        std::string words;
        for (const KindInfo& kind : kinds) {
            words += (words.empty() ? "" : " ") + std::string(kind.name);
        }
        return {words, false};
    }
    if (option.argument == "RULES") {
        std::string words;
        for (const RuleInfo& rule : rules()) {
            words += (words.empty() ? "" : " ") + std::string(rule.id);
        }
        return {words, false};
    }
    if (option.name == "os") {
        return {"linux macos windows", false};
    }
    if (option.name == "retest") {
        return {"http none", false};
    }
    return {"", option.argument == "FILE" || option.argument == "DIR"};
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

std::string bash_completion()
{
    std::string text =
        "# bash completion of unstick\n_unstick()\n{\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=fix w\n"
        "    for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n        case $w in\n            ";
    std::string alternatives;
    for (const CommandHelp& help : command_helps) {
        alternatives += (alternatives.empty() ? "" : "|") + std::string(name_of(help.command));
    }
    text += alternatives + ") command=$w; break ;;\n        esac\n    done\n    case $before in\n";
    for (const Option& option : options) {
        const auto [words, is_path] = values_of(option);
        if (!words.empty()) {
            text += fmt::format("        --{}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n", option.name,
                                words);
        } else if (is_path) {
            text += fmt::format("        --{}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", option.name);
        } else if (!option.argument.empty()) {
            text += fmt::format("        --{}) return ;;\n", option.name);
        }
    }
    text += "    esac\n    if [[ $word == -* ]]; then\n        case $command in\n";
    for (const CommandHelp& help : command_helps) {
        text += fmt::format("            {}) COMPREPLY=($(compgen -W '{}' -- \"$word\")) ;;\n", name_of(help.command),
                            options_of(help.command));
    }
    return text + "        esac\n    elif [[ $COMP_CWORD -eq 1 ]]; then\n        COMPREPLY=($(compgen -W '" +
           command_words() + "' -- \"$word\"))\n    fi\n}\ncomplete -F _unstick unstick\n";
}

/// Text inside single quotes of a shell.
std::string in_quotes(std::string_view text)
{
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return result + "'";
}

std::string fish_completion()
{
    std::string text = "# fish completion of unstick\ncomplete -c unstick -f\n";
    for (const CommandHelp& help : command_helps) {
        text += fmt::format("complete -c unstick -n __fish_use_subcommand -a {} -d {}\n", name_of(help.command),
                            in_quotes(help.summary));
    }
    for (const Option& option : options) {
        text += fmt::format("complete -c unstick -l {}", option.name);
        text += option.letter == 0 ? "" : fmt::format(" -s {}", option.letter);
        const auto [words, is_path] = values_of(option);
        text += option.argument.empty() ? "" : is_path ? " -r -F" : " -x";
        text += words.empty() ? "" : " -a " + in_quotes(words);
        text += " -d " + in_quotes(option.help) + "\n";
    }
    return text;
}

/// Text inside an argument of zsh's _arguments: brackets and colons mean something there.
std::string zsh_text(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        result += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
    }
    return result;
}

std::string zsh_completion()
{
    std::string text = "#compdef unstick\n_arguments -S \\\n";
    for (const Option& option : options) {
        std::string spec = fmt::format("--{}[{}]", option.name, zsh_text(option.help));
        const auto [words, is_path] = values_of(option);
        if (!option.argument.empty()) {
            spec += fmt::format(":{}:{}", option.argument,
                                is_path         ? "_files"
                                : words.empty() ? " "
                                                : "(" + words + ")");
        }
        text += fmt::format("    {}{} \\\n", option.repeated ? "'*'" : "", in_quotes(spec));
    }
    return text + "    '--help[show help]' \\\n    '1:site or command:(" + command_words() +
           ")' \\\n    '*:argument: '\n";
}

}  // namespace

std::string completion_for(std::string_view shell)
{
    return shell == "bash"   ? bash_completion()
           : shell == "fish" ? fish_completion()
           : shell == "zsh"  ? zsh_completion()
                             : std::string();
}

}  // namespace unstick
