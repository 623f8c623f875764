#pragma once
// Options as they were given: on the command line, in the environment, in the configuration file; and which of them
// wins.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "cli/request.h"

namespace unstick {

/// Long name of an option -> its values, in the order given. A flag has the value "1".
using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

/// The row of the option table; nullptr if there is none.
const Option* option_named(std::string_view name);

/// Does the value of a switch say no?
bool is_off(std::string_view value);

/// Is an option given, and not a switch that is off?
bool is_on(const Values& values, std::string_view name);

/// Two options that exclude each other.
struct Contradiction {
    std::string_view option;
    std::string_view other;
    std::string_view hint;
};
inline constexpr std::array contradictions{
    Contradiction{"with", "only", "--only names everything that is removed"},
    Contradiction{"escalate", "stale", "--escalate begins with what is stale"},
    Contradiction{"escalate", "rule", "--escalate begins with what is stale"},
    Contradiction{"least", "stale", "--least looks into what findings name first"},
    Contradiction{"least", "rule", "--least looks into what findings name first"},
    Contradiction{"least", "escalate", ""},
    Contradiction{"least", "whole-cache", ""},
    Contradiction{"host", "url", ""},
    Contradiction{"subdomains", "host", ""},
    Contradiction{"home", "user-data-dir",
                  "--user-data-dir alone is enough, wherever it lies: its cache is found from its path"},
    Contradiction{"all-users", "home", ""},
    Contradiction{"all-users", "user-data-dir", ""},
    Contradiction{"all-users", "state-dir", "each user's runs are kept in that user's state folder"},
    Contradiction{"all-users", "report", "--json holds the reports of all users"},
    Contradiction{"all-users", "log", "with --json all users' reports are on standard output"},
    Contradiction{"all-profiles", "profile", ""},
    Contradiction{"check", "purge", ""},
    Contradiction{"quiet", "verbose", ""},
};

/// Can these two options not be used together?
bool contradict(std::string_view option, std::string_view other);

/// "UNSTICK_DRY_RUN"
std::string variable_of(const Option& option);

/// "--dry-run" and all others, for suggestions.
std::vector<std::string> option_names();

/// The words of What::word, for people: "linux, macos or windows".
std::string words_of(const Allowed& values);

/// What the option does, and its words with what they say.
std::string help_text(const Option& option);

/// "did you mean --dry-run?" or an empty string.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

/// Lines `option=value`; empty ones and those that start with # say nothing. Error: usage, with the file's name and the
/// line's number.
Result<Values> parse_config(const std::string& text, const std::string& file);

/// Variables UNSTICK_...; empty ones say nothing.
Values from_environment(const std::function<std::string(const std::string&)>& getenv);

/// Adds values of lower precedence, for options that belong to the command, are not set yet, and do not contradict one
/// that is.
void fill_in(Values& values, const Values& weaker, Command command);

}  // namespace unstick
