#pragma once
// argv -> Request. The only file that includes Boost is parse.cpp.

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/request.h"

namespace unstick {

/// Text to print on stdout before exiting with 0 (`--help`, `--version`).
struct ImmediateOutput {
    std::string text;
};

/// The text of a file, or of standard input ("-").
using ReadFile = std::function<Result<std::string>(const std::string& file)>;

/// `arguments` without the program's name; `getenv` gives an environment variable or an empty string; `config` is the
/// text of the configuration file (`option=value` lines, # for comments), empty if there is none, and `config_name`
/// what errors in it are shown with; `browsers` is what --browser takes, for completions; `read_file` is for
/// --sites-from; `help_width` is how many columns a help text may have. Precedence: arguments, then
/// UNSTICK_... variables, then the configuration file; what contradicts a stronger option is left out. Errors:
/// Code::usage with a hint ("did you mean --dry-run?").
Result<std::variant<Request, ImmediateOutput>> parse_command_line(
    const std::vector<std::string>& arguments, const std::function<std::string(const std::string&)>& getenv,
    const std::string& config, const std::string& config_name = "configuration file",
    const std::vector<std::string>& browsers = {}, const ReadFile& read_file = nullptr, int help_width = 80);

/// The manual page in man(7) format, from the same option table as --help.
std::string man_page();

/// Who asked, as far as that can be told from a command line that may be wrong: enough to answer in the right form.
struct OutputPreference {
    Command command = Command::fix;
    bool json = false;
};
OutputPreference output_preference_of(const std::vector<std::string>& arguments,
                                      const std::function<std::string(const std::string&)>& getenv,
                                      const std::string& config);

/// Folders and files that the command line or a variable names, whatever else is wrong with them: what has to be known
/// before the configuration file is read.
struct NamedPlaces {
    fs::path home, user_data_dir, state_dir;
    bool all_users = false;
};
NamedPlaces named_places(const std::vector<std::string>& arguments,
                         const std::function<std::string(const std::string&)>& getenv);

}  // namespace unstick
