#include "cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <map>
#include <sstream>

#include "findings/finding.h"
#include "help.h"
#include "options.h"
#include "text.h"

namespace unstick {

namespace {

namespace po = boost::program_options;
using Values = std::map<std::string, std::vector<std::string>, std::less<>>;  ///< option -> values; flags: "1"

tl::unexpected<Error> usage(const std::string& where, std::string what, std::string hint = {})
{
    return fail(Code::usage, where, std::move(what), std::move(hint));
}

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row.back();
}

/// "did you mean --dry-run?" or an empty string.
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

/// nullptr if there is none of this name.
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

/// Is an option given, and not a switch that is off?
bool is_on(const Values& values, std::string_view name)
{
    const auto found = values.find(name);
    const Option* const option = option_named(name);
    return found != values.end() && option != nullptr && (!option->argument.empty() || !is_off(found->second.back()));
}

/// Two options that exclude each other.
struct Contradiction {
    std::string_view option;
    std::string_view other;
    std::string_view hint;
};
constexpr std::array contradictions{
    Contradiction{"with", "only", "--only names everything that is removed"},
    Contradiction{"escalate", "stale", "--escalate begins with what is stale"},
    Contradiction{"escalate", "rule", "--escalate begins with what is stale"},
    Contradiction{"host", "url", ""},
    Contradiction{"home", "user-data-dir", ""},
    Contradiction{"all-profiles", "profile", ""},
    Contradiction{"quiet", "verbose", ""},
};

/// Do the values hold something that excludes this option?
bool excludes(const Values& values, std::string_view option)
{
    return std::any_of(contradictions.begin(), contradictions.end(), [&](const Contradiction& pair) {
        return (pair.option == option && is_on(values, pair.other)) ||
               (pair.other == option && is_on(values, pair.option));
    });
}

std::vector<std::string> option_names()
{
    std::vector<std::string> names{"--help", "--version"};
    for (const Option& option : options) {
        names.push_back("--" + std::string(option.name));
    }
    return names;
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
                return usage(printable(name), "there is no such option", suggestion(name, option_names()));
            }
        }
        return values_of(parsed.options, positional);
    } catch (const po::error& error) {
        return usage("command line", error.what(), "unstick --help lists the options");
    }
}

std::string variable_of(const Option& option)
{
    std::string name = "UNSTICK_";
    for (const char c : option.name) {
        name += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
    }
    return name;
}

Result<Values> parse_config(const std::string& text)
{
    Values values;
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        const auto trimmed = [](std::string_view part) {
            const std::size_t begin = std::min(part.find_first_not_of(" \t\r"), part.size());
            part.remove_prefix(begin);
            return std::string(part.substr(0, part.find_last_not_of(" \t\r") + 1));
        };
        const std::string content = trimmed(line);
        if (content.empty() || content.front() == '#') {
            continue;
        }
        const std::size_t equals = content.find('=');
        const std::string name = trimmed(std::string_view(content).substr(0, equals));
        if (option_named(name) == nullptr || equals == std::string::npos) {
            return usage(fmt::format("configuration file, line {}", number), "this is not `option=value`",
                         suggestion("--" + name, option_names()));
        }
        values[name].push_back(trimmed(std::string_view(content).substr(equals + 1)));
    }
    return values;
}

/// Adds values of lower precedence, for options that belong to the command, are not set yet, and do not contradict one
/// that is.
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

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> parts;
    while (true) {
        const std::size_t comma = text.find(',');
        if (const auto part = text.substr(0, comma); !part.empty()) {
            parts.emplace_back(part);
        }
        if (comma == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(comma + 1);
    }
}

/// Typed access to the values; remembers the first error.
class Reader {
public:
    explicit Reader(const Values& values) : values_(values) {}

    bool has(std::string_view name) const { return values_.contains(name); }

    bool flag(std::string_view name)
    {
        const std::string value = text(name);
        if (is_off(value)) {
            return false;
        }
        if (value != "1" && value != "yes" && value != "true") {
            complain(name, "it is a switch: 1 or 0");
        }
        return true;
    }

    std::string text(std::string_view name)
    {
        const auto found = values_.find(name);
        if (found == values_.end()) {
            return {};
        }
        if (const Option* option = option_named(name);
            found->second.size() > 1 && option != nullptr && !option->argument.empty()) {
            complain(name, "it was given more than once");
        }
        return found->second.back();
    }

    std::vector<std::string> list(std::string_view name) const
    {
        const auto found = values_.find(name);
        return found == values_.end() ? std::vector<std::string>{} : found->second;
    }

    int number(std::string_view name, int otherwise, int least, int most)
    {
        if (!has(name)) {
            return otherwise;
        }
        const std::string value = text(name);
        int result = 0;
        const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), result);
        if (code != std::errc() || end != value.data() + value.size() || result < least || result > most) {
            complain(name, fmt::format("it has to be a whole number from {} to {}", least, most));
        }
        return result;
    }

    std::set<Kind> kinds(std::string_view name)
    {
        std::set<Kind> chosen;
        for (const std::string& word : split(text(name))) {
            if (const auto kind = kind_named(word)) {
                chosen.insert(*kind);
            } else {
                std::string known;
                for (const KindInfo& info : unstick::kinds) {
                    known += (known.empty() ? "" : ", ") + std::string(info.name);
                }
                complain(name, "'" + printable(word) + "' is no kind of data", "known kinds: " + known);
            }
        }
        if (has(name) && chosen.empty()) {
            complain(name, "it names no kind of data");
        }
        return chosen;
    }

    std::set<std::string> rules(std::string_view name)
    {
        std::vector<std::string> known;
        for (const RuleInfo& rule : unstick::rules()) {
            known.emplace_back(rule.id);
        }
        std::set<std::string> chosen;
        for (const std::string& word : split(text(name))) {
            if (std::find(known.begin(), known.end(), word) == known.end()) {
                complain(name, "'" + printable(word) + "' is no rule", suggestion(word, known));
            }
            chosen.insert(word);
        }
        if (has(name) && chosen.empty()) {
            complain(name, "it names no rule");
        }
        return chosen;
    }

    void refuse_contradictions()
    {
        for (const auto& [option, other, hint] : contradictions) {
            if (is_on(values_, option) && is_on(values_, other)) {
                complain(option, fmt::format("it cannot be used together with --{}", other), std::string(hint));
            }
        }
    }

    void complain(std::string_view name, std::string what, std::string hint = {})
    {
        if (!error_) {
            error_ = Error{Code::usage, "--" + std::string(name), std::move(what), std::move(hint)};
        }
    }

    const std::optional<Error>& error() const { return error_; }

private:
    const Values& values_;
    std::optional<Error> error_;
};

std::chrono::seconds age_of(Reader& reader)
{
    const std::string text = reader.text("older-than");
    long number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(end, text.data() + text.size());
    const std::map<std::string, long> units{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    if (code != std::errc() || number <= 0 || number > 100000 || !units.contains(unit)) {
        reader.complain("older-than", "it has to be an age like 7d, 12h or 30m");
        return {};
    }
    return std::chrono::seconds(number * units.at(unit));
}

void read_kinds(Reader& reader, Request& request)
{
    request.kinds = reader.has("only") ? reader.kinds("only") : default_kinds();
    request.kinds.merge(reader.kinds("with"));
    for (const Kind kind : reader.kinds("keep")) {
        request.kinds.erase(kind);
    }
    if (request.kinds.empty()) {
        reader.complain("keep", "nothing is left that could be removed");
    }
    request.whole_cache = reader.flag("whole-cache");
    if (request.whole_cache && !request.kinds.contains(Kind::cache)) {
        reader.complain("whole-cache", "the cache is not among what is to be removed",
                        "leave out --keep cache, or add cache to --only");
    }
}

Result<void> read_sites(Reader& reader, const std::vector<std::string>& positional, Request& request)
{
    auto site = Site::parse(positional.front());
    if (!site) {
        return tl::unexpected<Error>(site.error());
    }
    if (reader.has("url")) {
        auto target = Site::parse(reader.text("url"));
        if (!target) {
            return tl::unexpected<Error>(target.error());
        }
        site->set_target(target->target());
    }
    request.only_host = reader.flag("host");
    if (request.only_host) {
        site = site->only_host();
    }
    for (const std::string& also : reader.list("also")) {
        const auto other = Site::parse(also);
        if (!other) {
            return tl::unexpected<Error>(other.error());
        }
        site->add(*other);
    }
    request.site = std::move(*site);
    return {};
}

void read_options(Reader& reader, Request& request)
{
    reader.refuse_contradictions();
    request.browsers = split(reader.text("browser"));
    request.profile = reader.text("profile");
    request.user_data_dir = reader.text("user-data-dir");
    request.home = reader.text("home");
    request.state_dir = reader.text("state-dir");
    request.log = reader.text("log");
    if (reader.has("os")) {
        request.os = os_named(reader.text("os"));
        if (!request.os) {
            reader.complain("os", "it has to be linux, macos or windows");
        }
        if (!reader.has("home")) {
            reader.complain("os", "it needs --home", "--os says how the home folder given with --home is laid out");
        }
    }
    read_kinds(reader, request);
    request.rules = reader.rules("rule");
    request.stale = reader.flag("stale") || !request.rules.empty();
    request.escalate = reader.flag("escalate");
    request.dry_run = reader.flag("dry-run");
    request.yes = reader.flag("yes");
    request.close = reader.flag("close");
    request.no_undo = reader.flag("no-undo");
    if (const std::string how = reader.text("retest"); how == "none") {
        request.retest = Retest::none;
    } else if (!how.empty() && how != "http") {
        reader.complain("retest", "it has to be http or none");
    }
    if (request.escalate && request.retest == Retest::none) {
        reader.complain("escalate", "it cannot be used together with --retest none",
                        "only the re-test says when to stop");
    }
    request.probe.retries = reader.number("retries", request.probe.retries, 0, 20);
    request.probe.http.timeout = std::chrono::seconds(reader.number("timeout", 15, 1, 3600));
    request.probe.http.proxy = reader.text("proxy");
    request.probe.http.cacert = reader.text("cacert");
    request.probe.http.resolve = reader.list("resolve");
    if (reader.has("expect-status")) {
        request.probe.expect_status = reader.number("expect-status", 200, 100, 599);
    }
    request.purge = reader.flag("purge");
    if (reader.has("older-than")) {
        request.older_than = age_of(reader);
        if (!request.purge) {
            reader.complain("older-than", "it needs --purge");
        }
    }
    request.json = reader.flag("json");
    request.quiet = reader.flag("quiet");
    request.verbose = reader.flag("verbose");
    request.no_color = reader.flag("no-color");
    (void)reader.flag("all-profiles");  // it is what happens anyway; a wrong value is an error all the same
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

}  // namespace

const char* const version = UNSTICK_VERSION;

Result<std::variant<Request, Show>> parse_command_line(const std::vector<std::string>& arguments,
                                                       const std::function<std::string(const std::string&)>& getenv,
                                                       const std::string& config)
{
    std::vector<std::string> positional;
    auto values = parse_arguments(arguments, positional);
    if (!values) {
        return tl::unexpected<Error>(values.error());
    }
    std::optional<Command> command = command_named(positional.empty() ? "" : positional.front());
    if (values->contains("version")) {
        return Show{fmt::format("unstick {}\n", version)};
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
        return Show{command ? help_of(*command) : general_help()};
    }
    if (positional.empty() && values->empty()) {
        return Show{short_help()};
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
    const auto configured = parse_config(config);
    if (!configured) {
        return tl::unexpected<Error>(configured.error());
    }
    fill_in(*values, from_environment(getenv), request.command);
    fill_in(*values, *configured, request.command);

    const bool needs_site =
        request.command == Command::fix || request.command == Command::why || request.command == Command::test;
    const std::size_t most = needs_site || request.command == Command::undo ? 1 : 0;
    if (needs_site && positional.empty()) {
        return usage("SITE", "no site was given", "for example: unstick " + name + " example.com");
    }
    if (positional.size() > most) {
        return usage(printable(positional[most]), "there is an argument too many",
                     needs_site ? "one SITE at a time; --also adds another one" : "");
    }
    Reader reader(*values);
    read_options(reader, request);
    if (needs_site) {
        // A single word that is nearly a command is more likely that than the name of a computer.
        const bool is_word = positional.front().find_first_of(".:") == std::string::npos;
        const std::string hint = is_word && !command ? suggestion(positional.front(), command_names()) : "";
        if (!hint.empty()) {
            return usage(printable(positional.front()), "there is no such command", hint);
        }
        if (auto read = read_sites(reader, positional, request); !read) {
            return tl::unexpected<Error>(read.error());
        }
    } else if (!positional.empty()) {
        request.run = positional.front();
    }
    if (reader.error()) {
        return tl::unexpected<Error>(*reader.error());
    }
    return request;
}

}  // namespace unstick
