#pragma once
// argv -> Request. The only file that includes Boost is cli.cpp.

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "request.h"
#include "result.h"

namespace unstick {

/// Text to print on stdout before exiting with 0 (`--help`, `--version`).
struct Show {
    std::string text;
};

/// `arguments` without the program's name; `getenv` gives an environment variable or an empty string; `config` is the
/// text of the configuration file (`option=value` lines, # for comments), empty if there is none, and `config_name`
/// what errors in it are shown with. Precedence: arguments, then UNSTICK_... variables, then the configuration file;
/// what contradicts a stronger option is left out. Errors: Code::usage with a hint ("did you mean --dry-run?").
Result<std::variant<Request, Show>> parse_command_line(const std::vector<std::string>& arguments,
                                                       const std::function<std::string(const std::string&)>& getenv,
                                                       const std::string& config,
                                                       const std::string& config_name = "configuration file");

/// The manual page in man(7) format, from the same option table as --help.
std::string man_page();

/// Who asked, as far as that can be told from a command line that may be wrong: enough to answer in the right form.
struct Asker {
    Command command = Command::fix;
    bool json = false;
};
Asker asker_of(const std::vector<std::string>& arguments, const std::function<std::string(const std::string&)>& getenv,
               const std::string& config);

}  // namespace unstick
