#include "cli/option_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/text.h"

namespace unstick {

namespace {

/// How many letters are one more, one less, another, or exchanged with the next.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::vector<std::size_t>> of(a.size() + 1, std::vector<std::size_t>(b.size() + 1));  // beginnings
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                of[i][j] = i + j;
                continue;
            }
            of[i][j] =
                std::min({of[i - 1][j] + 1, of[i][j - 1] + 1, of[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                of[i][j] = std::min(of[i][j], of[i - 2][j - 2] + 1);
            }
        }
    }
    return of[a.size()][b.size()];
}

/// Do the values hold something that excludes this option?
bool excludes(const Values& values, std::string_view option)
{
    return std::any_of(values.begin(), values.end(), [&](const auto& value) {
        return contradict(option, value.first) && is_on(values, value.first);
    });
}

/// "a, b or c"
std::string listed(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    }
    return text;
}

/// What a line of the configuration file should be that begins with this name.
std::string config_hint(const std::string& name)
{
    if (const Option* const option = option_named(name)) {
        return fmt::format("a line is like `{}={}`", name, option->argument.empty() ? "1" : option->argument);
    }
    const std::string meant = suggestion("--" + name, option_names());
    return meant.empty() ? "a line is like `dry-run=1` or `browser=chrome`; unstick --help lists the options"
                         : meant + " A line is like `dry-run=1`, without dashes in front.";
}

}  // namespace

std::string variable_of(const Option& option)
{
    std::string name = "UNSTICK_";
    for (const char c : option.name) {
        name += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
    }
    return name;
}

bool contradict(std::string_view option, std::string_view other)
{
    return std::any_of(contradictions.begin(), contradictions.end(), [&](const Contradiction& pair) {
        return (pair.option == option && pair.other == other) || (pair.option == other && pair.other == option);
    });
}

const Option* option_named(std::string_view name)
{
    const auto* const found =
        std::find_if(options.begin(), options.end(), [&](const Option& option) { return option.name == name; });
    return found == options.end() ? nullptr : found;
}

bool is_off(std::string_view value)
{
    return value.empty() || value == "0" || value == "no" || value == "false";
}

bool is_on(const Values& values, std::string_view name)
{
    const auto found = values.find(name);
    const Option* const option = option_named(name);
    return found != values.end() && option != nullptr && (!option->argument.empty() || !is_off(found->second.back()));
}

std::vector<std::string> option_names()
{
    std::vector<std::string> names{"--help", "--version"};
    for (const Option& option : options) {
        names.push_back("--" + std::string(option.name));
    }
    return names;
}

std::string words_of(const Allowed& values)
{
    std::vector<std::string> words;
    for (const auto& [word, meaning] : values.words) {
        words.emplace_back(word);
    }
    return listed(words);
}

std::string help_text(const Option& option)
{
    std::vector<std::string> words;
    for (const auto& [word, meaning] : option.values.words) {
        words.push_back(meaning.empty() ? std::string(word) : fmt::format("{} ({})", word, meaning));
    }
    return std::string(option.help) + (words.empty() ? "" : ": " + listed(words));
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known)
{
    const std::size_t letters = word.size() - std::min(word.find_first_not_of('-'), word.size());
    const auto cut_off =
        std::find_if(known.begin(), known.end(), [&](const auto& name) { return name.starts_with(word); });
    if (letters >= 3 && cut_off != known.end()) {
        return "did you mean " + *cut_off + "?";
    }
    const auto best = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
        return edit_distance(word, a) < edit_distance(word, b);
    });
    const bool near = best != known.end() && edit_distance(word, *best) <= (letters < 4 ? 1U : 2U);
    return near ? "did you mean " + *best + "?" : "";
}

Result<Values> parse_config(const std::string& text, const std::string& file)
{
    Values values;
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        const std::string_view content = trimmed(line);
        if (content.empty() || content.front() == '#') {
            continue;
        }
        const std::size_t equals = content.find('=');
        const std::string name(trimmed(content.substr(0, equals)));
        if (option_named(name) == nullptr || equals == std::string::npos) {
            return fail(
                Code::usage, fmt::format("{}, line {}", file, number),
                option_named(name) == nullptr ? "there is no option of this name" : "this is not `option=value`",
                config_hint(name));
        }
        values[name].emplace_back(trimmed(content.substr(equals + 1)));
    }
    return values;
}

void fill_in(Values& values, const Values& weaker, Command command)
{
    const Values stronger = values;
    for (const Option& option : options) {
        const auto found = weaker.find(option.name);
        if (found != weaker.end() && (option.commands & bit(command)) != 0 && !excludes(stronger, option.name)) {
            values.try_emplace(std::string(option.name), found->second);
        }
    }
}

Values from_environment(const std::function<std::string(const std::string&)>& getenv)
{
    Values values;
    for (const Option& option : options) {
        if (std::string value = getenv(variable_of(option)); !value.empty()) {
            values[std::string(option.name)].push_back(std::move(value));
        }
    }
    return values;
}

}  // namespace unstick
