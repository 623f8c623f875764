#include "cli/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <sstream>

#include "base/text.h"
#include "base/version.h"
#include "cli/help.h"
#include "cli/option_values.h"
#include "cli/request_reader.h"
#include "web/suffix_list.h"

namespace unstick {

namespace {

namespace po = boost::program_options;

tl::unexpected<Error> usage(const std::string& where, std::string what, std::string hint = {})
{
    return fail(Code::usage, where, std::move(what), std::move(hint));
}

std::string described(const Option& option)
{
    return option.letter == 0 ? std::string(option.name) : fmt::format("{},{}", option.name, option.letter);
}

po::options_description boost_options()
{
    po::options_description description;
    auto add = description.add_options();
    add("help,h", "")("version,V", "");
    for (const Option& option : options) {
        if (option.argument.empty()) {
            add(described(option).c_str(), "");
        } else {
            add(described(option).c_str(), po::value<std::vector<std::string>>(), "");
        }
    }
    return description;
}

Values values_of(const std::vector<po::option>& parsed, std::vector<std::string>& positional)
{
    Values values;
    for (const po::option& option : parsed) {
        if (option.position_key >= 0) {
            positional.insert(positional.end(), option.value.begin(), option.value.end());
        } else {
            auto& list = values[option.string_key];
            list.insert(list.end(), option.value.begin(), option.value.end());
            if (option.value.empty()) {
                list.emplace_back("1");
            }
        }
    }
    return values;
}

std::string suggestion_or(const std::string& word, const std::vector<std::string>& known, const std::string& otherwise)
{
    const std::string meant = suggestion(word, known);
    return meant.empty() ? otherwise : meant;
}

/// Parses with Boost and says its errors in our words.
Result<Values> parse_arguments(const std::vector<std::string>& arguments, std::vector<std::string>& positional)
{
    try {
        const auto description = boost_options();
        po::positional_options_description everything;
        everything.add("argument", -1);
        using namespace po::command_line_style;
        const auto parsed = po::command_line_parser(arguments)
                                .options(description)
                                .positional(everything)
                                .style(default_style & ~allow_guessing)
                                .allow_unregistered()
                                .run();
        for (const po::option& option : parsed.options) {
            if (option.unregistered) {
                const std::string word = option.original_tokens.empty() ? option.string_key : option.original_tokens[0];
                const std::string name = word.substr(0, word.find('='));
                return usage(printable(name), "there is no such option",
                             suggestion_or(name, option_names(), "unstick --help lists all options"));
            }
        }
        return values_of(parsed.options, positional);
    } catch (const po::invalid_command_line_syntax& error) {
        const bool wants_value = error.kind() == po::invalid_syntax::missing_parameter ||
                                 error.kind() == po::invalid_syntax::empty_adjacent_parameter;
        return usage(error.get_option_name(), wants_value ? "it needs a value" : "it is a switch and takes no value",
                     "unstick --help lists the options and their values");
    } catch (const po::error& error) {
        return usage("command line", error.what(), "unstick --help lists the options");
    }
}

std::vector<std::string> command_names()
{
    std::vector<std::string> names{"help"};
    for (const CommandHelp& help : command_helps) {
        names.emplace_back(name_of(help.command));
    }
    return names;
}

/// What people type for a command that other tools call so.
struct OtherName {
    std::string_view typed;
    std::string_view meant;
};
constexpr std::array other_names{
    OtherName{"clear", "fix"},     OtherName{"clean", "fix"},    OtherName{"remove", "fix"},
    OtherName{"delete", "fix"},    OtherName{"reset", "fix"},    OtherName{"repair", "fix"},
    OtherName{"check", "why"},     OtherName{"diagnose", "why"}, OtherName{"explain", "why"},
    OtherName{"list", "profiles"}, OtherName{"ls", "profiles"},  OtherName{"browsers", "profiles"},
    OtherName{"history", "runs"},  OtherName{"log", "runs"},     OtherName{"logs", "runs"},
    OtherName{"restore", "undo"},  OtherName{"revert", "undo"},  OtherName{"rollback", "undo"},
    OtherName{"status", "doctor"}, OtherName{"info", "doctor"},  OtherName{"version", "--version"},
    OtherName{"usage", "--help"},  OtherName{"?", "--help"},     OtherName{"/?", "--help"},
    OtherName{"/h", "--help"},     OtherName{"/help", "--help"},
};

/// "did you mean ...?" for a word that stands where a command may, if it is nearly one or another name of one.
std::string command_suggestion(const std::string& word)
{
    const auto* const other = std::find_if(other_names.begin(), other_names.end(),
                                           [&](const OtherName& name) { return name.typed == lower(word); });
    return other == other_names.end() ? suggestion(word, command_names())
                                      : fmt::format("did you mean unstick {}?", other->meant);
}

bool needs_site(Command command)
{
    return command == Command::fix || command == Command::why || command == Command::test;
}

std::optional<Command> command_named(std::string_view name)
{
    for (const CommandHelp& help : command_helps) {
        if (name_of(help.command) == name) {
            return help.command;
        }
    }
    return std::nullopt;
}

/// `unstick help TOPIC`; without one, everything.
Result<std::variant<Request, ImmediateOutput>> help_about(const std::string& topic,
                                                          const std::vector<std::string>& browsers, int width)
{
    if (topic.empty() || topic == "help") {
        return ImmediateOutput{general_help(width)};
    }
    if (topic == "man") {
        return ImmediateOutput{man_page()};
    }
    if (const auto text = completion_for(topic, browsers); !text.empty()) {
        return ImmediateOutput{text};
    }
    if (const auto command = command_named(topic)) {
        return ImmediateOutput{help_of(*command, width)};
    }
    return usage(printable(topic), "there is no such command",
                 suggestion_or(topic, help_topics(), "unstick --help lists the commands"));
}

Result<void> check_options_belong(const Values& values, Command command)
{
    for (const auto& [name, ignored] : values) {
        const Option* const option = option_named(name);
        if (option != nullptr && (option->commands & bit(command)) == 0) {
            return usage("--" + name, fmt::format("it does not belong to `unstick {}`", name_of(command)),
                         fmt::format("unstick {} --help lists what does", name_of(command)));
        }
    }
    return {};
}

/// The sites of --sites-from: one a line; empty lines and those that begin with # are left out.
Result<std::vector<std::string>> sites_in(const std::string& file, const ReadFile& read_file)
{
    constexpr std::size_t most = 10'000;
    if (!read_file) {
        return usage("--sites-from", "no file can be read here");
    }
    auto content = read_file(file);
    if (!content) {
        return usage("--sites-from " + printable(file), content.error().what, "name a file with one site on each line");
    }
    std::vector<std::string> sites;
    std::istringstream lines(*content);
    for (std::string line; std::getline(lines, line);) {
        if (const std::string_view site = trimmed(line); !site.empty() && site.front() != '#') {
            sites.emplace_back(site);
        }
    }
    if (sites.empty() || sites.size() > most) {
        return usage("--sites-from " + printable(file), sites.empty() ? "it names no site" : "it names too many sites",
                     "one site on each line, 10,000 at most");
    }
    return sites;
}

/// As many arguments as the command takes? `is_named`: the command was typed, it is not the one that is meant without.
Result<void> check_arguments(const std::vector<std::string>& arguments, Command command, bool is_named)
{
    const std::string name(name_of(command));
    const bool takes_run = command == Command::undo || command == Command::runs;
    const std::size_t most = needs_site(command) ? arguments.size() : takes_run ? 1 : 0;
    if (needs_site(command) && arguments.empty()) {
        return usage("SITE", "no site was given",
                     fmt::format("for example: unstick {}example.com (unstick --help lists all commands)",
                                 is_named ? name + " " : ""));
    }
    // A word that is another name of a command, or nearly one, is more likely that than the name of a computer.
    for (std::size_t i = is_named ? 1 : 0; needs_site(command) && i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        const bool is_word = word.find_first_of(".:") == std::string::npos;
        if (i > 0 && command_named(word)) {
            return usage(printable(word), "a command stands before the sites",
                         fmt::format("unstick {} {}", word, printable(arguments.front())));
        }
        if (const std::string hint = is_word ? command_suggestion(word) : ""; !hint.empty()) {
            return usage(printable(word), "there is no such command", hint);
        }
    }
    if (arguments.size() > most) {
        return usage(printable(arguments[most]), "there is an argument too many",
                     "unstick " + name + " --help says what belongs to it");
    }
    return {};
}

/// An error names its option as it is typed: says where it stands if nobody typed it.
Error with_origin(Error error, const Values& typed, const Values& variables, const std::string& config_name)
{
    const Option* const option = error.where.starts_with("--") ? option_named(error.where.substr(2)) : nullptr;
    if (option != nullptr && !typed.contains(option->name)) {
        error.where =
            variables.contains(option->name) ? variable_of(*option) : fmt::format("{}, {}", config_name, option->name);
    }
    return error;
}

}  // namespace

OutputPreference output_preference_of(const std::vector<std::string>& arguments,
                                      const std::function<std::string(const std::string&)>& getenv,
                                      const std::string& config)
{
    Values values;
    if (std::find(arguments.begin(), arguments.end(), "--json") != arguments.end()) {
        values["json"] = {"1"};
    }
    for (const Values& weaker : {from_environment(getenv), parse_config(config, "").value_or(Values())}) {
        values.insert(weaker.begin(), weaker.end());
    }
    OutputPreference asker{Command::fix, is_on(values, "json")};
    for (const std::string& word : arguments) {
        if (const auto command = command_named(word)) {
            asker.command = *command;
            break;
        }
    }
    return asker;
}

NamedPlaces named_places(const std::vector<std::string>& arguments,
                         const std::function<std::string(const std::string&)>& getenv)
{
    std::vector<std::string> positional;
    Values values = parse_arguments(arguments, positional).value_or(Values());
    const Values variables = from_environment(getenv);
    values.insert(variables.begin(), variables.end());
    const auto place = [&](std::string_view option) {
        const auto found = values.find(option);
        return found == values.end() ? fs::path() : fs::path(found->second.back());
    };
    return {place("home"), place("user-data-dir"), place("state-dir"), is_on(values, "all-users")};
}

Result<std::variant<Request, ImmediateOutput>> parse_command_line(
    const std::vector<std::string>& arguments, const std::function<std::string(const std::string&)>& getenv,
    const std::string& config, const std::string& config_name, const std::vector<std::string>& browsers,
    const ReadFile& read_file, int help_width)
{
    std::vector<std::string> positional;
    TRY_ASSIGN(auto values, parse_arguments(arguments, positional));
    if (values.contains("version")) {
        return ImmediateOutput{version_text() + to_text(suffix_list()) + "\n"};
    }
    if (!positional.empty() && positional.front() == "help") {
        return help_about(positional.size() > 1 ? positional[1] : "", browsers, help_width);
    }
    const std::optional<Command> command = command_named(positional.empty() ? "" : positional.front());
    if (values.contains("help")) {
        const bool is_short = std::find(arguments.begin(), arguments.end(), "--help") == arguments.end();
        return ImmediateOutput{is_short ? (command ? short_help(*command) : short_help())
                                        : (command ? help_of(*command, help_width) : general_help(help_width))};
    }
    Request request;
    if (command) {
        request.command = *command;
        positional.erase(positional.begin());
    }
    TRY(check_options_belong(values, request.command));
    TRY_ASSIGN(const auto configured, parse_config(config, config_name));
    const Values typed = values;
    const Values variables = from_environment(getenv);
    fill_in(values, variables, request.command);
    fill_in(values, configured, request.command);

    if (const auto from = values.find("sites-from"); from != values.end()) {
        TRY_ASSIGN(const auto listed, sites_in(from->second.back(), read_file));
        positional.insert(positional.end(), listed.begin(), listed.end());
    }
    TRY(check_arguments(positional, request.command, command.has_value()));
    std::vector<std::string> sites;
    if (needs_site(request.command)) {
        sites = positional;
    } else if (!positional.empty()) {
        request.run = positional.front();
    }
    if (auto read = read_request(values, sites, request); !read) {
        Error error = with_origin(read.error(), typed, variables, config_name);
        if (error.hint.empty()) {
            error.hint = fmt::format("unstick {} --help lists the options and their values", name_of(request.command));
        }
        return tl::unexpected<Error>(std::move(error));
    }
    return request;
}

}  // namespace unstick
