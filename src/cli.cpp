#include "cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>

#include "help.h"
#include "option_values.h"
#include "request_reader.h"
#include "text.h"
#include "version.h"

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
    add("help,h", "")("version", "");
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
        const bool wants_value = error.kind() == po::invalid_syntax::missing_parameter;
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

std::optional<Command> command_named(std::string_view name)
{
    for (const CommandHelp& help : command_helps) {
        if (name_of(help.command) == name) {
            return help.command;
        }
    }
    return std::nullopt;
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

Asker asker_of(const std::vector<std::string>& arguments, const std::function<std::string(const std::string&)>& getenv,
               const std::string& config)
{
    Values values;
    if (std::find(arguments.begin(), arguments.end(), "--json") != arguments.end()) {
        values["json"] = {"1"};
    }
    for (const Values& weaker : {from_environment(getenv), parse_config(config, "").value_or(Values())}) {
        values.insert(weaker.begin(), weaker.end());
    }
    Asker asker{Command::fix, is_on(values, "json")};
    for (const std::string& word : arguments) {
        if (const auto command = command_named(word)) {
            asker.command = *command;
            break;
        }
    }
    return asker;
}

Result<std::variant<Request, Show>> parse_command_line(const std::vector<std::string>& arguments,
                                                       const std::function<std::string(const std::string&)>& getenv,
                                                       const std::string& config, const std::string& config_name)
{
    std::vector<std::string> positional;
    auto values = parse_arguments(arguments, positional);
    if (!values) {
        return tl::unexpected<Error>(values.error());
    }
    std::optional<Command> command = command_named(positional.empty() ? "" : positional.front());
    if (values->contains("version")) {
        return Show{version_text()};
    }
    if (values->contains("help") || (!positional.empty() && positional.front() == "help")) {
        const std::size_t topic = !positional.empty() && positional.front() == "help" ? 1 : 0;
        if (topic < positional.size() && positional[topic] == "man") {
            return Show{man_page()};
        }
        if (const auto text = completion_for(topic < positional.size() ? positional[topic] : ""); !text.empty()) {
            return Show{text};
        }
        command = topic < positional.size() ? command_named(positional[topic]) : std::nullopt;
        if (topic == 1 && positional.size() > 1 && !command) {
            return usage(printable(positional[1]), "there is no such command",
                         suggestion_or(positional[1], command_names(), "unstick --help lists the commands"));
        }
        return Show{command ? help_of(*command) : general_help()};
    }
    Request request;
    if (command) {
        request.command = *command;
        positional.erase(positional.begin());
    }
    const std::string name(name_of(request.command));
    for (const auto& [option_name, ignored] : *values) {
        const Option* const option = option_named(option_name);
        if (option != nullptr && (option->commands & bit(request.command)) == 0) {
            return usage("--" + option_name, "it does not belong to `unstick " + name + "`",
                         "unstick " + name + " --help lists what does");
        }
    }
    const auto configured = parse_config(config, config_name);
    if (!configured) {
        return tl::unexpected<Error>(configured.error());
    }
    const Values typed = *values;
    const Values variables = from_environment(getenv);
    fill_in(*values, variables, request.command);
    fill_in(*values, *configured, request.command);

    const bool needs_site =
        request.command == Command::fix || request.command == Command::why || request.command == Command::test;
    const std::size_t most = needs_site || request.command == Command::undo ? 1 : 0;
    if (needs_site && positional.empty()) {
        const std::string words = command ? name + " " : "";
        return usage("SITE", "no site was given",
                     "for example: unstick " + words + "example.com (unstick --help lists all commands)");
    }
    if (positional.size() > most) {
        return usage(printable(positional[most]), "there is an argument too many",
                     needs_site ? "one SITE at a time; --also adds another one"
                                : "unstick " + name + " --help says what belongs to it");
    }
    std::optional<std::string> site;
    if (needs_site) {
        site = positional.front();
        // A single word that is nearly a command is more likely that than the name of a computer.
        const bool is_word = site->find_first_of(".:") == std::string::npos;
        const std::string hint = is_word && !command ? suggestion(*site, command_names()) : "";
        if (!hint.empty()) {
            return usage(printable(*site), "there is no such command", hint);
        }
    } else if (!positional.empty()) {
        request.run = positional.front();
    }
    if (auto read = read_request(*values, site, request); !read) {
        Error error = with_origin(read.error(), typed, variables, config_name);
        if (error.hint.empty()) {
            error.hint = "unstick " + name + " --help lists the options and their values";
        }
        return tl::unexpected<Error>(std::move(error));
    }
    return request;
}

}  // namespace unstick
